//go:build linux && (386 || amd64)

package errno

import "syscall"

// hostEHWPOISON is the kernel's number; package syscall has no name for it here.
const hostEHWPOISON = syscall.Errno(EHWPOISON)
