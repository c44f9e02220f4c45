//go:build linux && !386 && !amd64

package errno

import "syscall"

const hostEHWPOISON = syscall.EHWPOISON
