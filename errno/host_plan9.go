package errno

// isHost is false: the errors of Plan 9 are strings, and its package syscall
// has no Errno.
func isHost(Errno, error) bool { return false }
