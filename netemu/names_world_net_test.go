//go:build !plan9

package netemu_test

import "net"

// On Plan 9 the listener of package net has no SetUnlinkOnClose.
var _ unixListener = (*net.UnixListener)(nil)
