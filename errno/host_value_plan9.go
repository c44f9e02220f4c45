package errno

// Host returns e itself, and nil for 0: the errors of Plan 9 are strings.
func (e Errno) Host() error { return e.Err() }
