package replay

// Logs of several processes that do not show how these were made, as strace -f
// with a choice of calls without clone and execve writes them. Nobody knows
// then who shares which description, nor what an exec has closed: what is made
// in such a log is not under test.

// blindNote is added to a log that is run blind.
const blindNote = "# the log does not show how its processes were made: what they may share is not compared"

// isBlind reports whether a log is such a one: a task uses a descriptor that
// it has not opened, and no call has made a task or run a program.
func (s *script) isBlind() bool {
	own := make(map[int]map[int]bool) // by task, the numbers that it has opened
	inherits := false
	for _, c := range s.calls {
		switch c.text.Name {
		case "clone", "clone3", "fork", "vfork", "execve", "execveat", "recvmsg", "recvmmsg":
			return false
		}
		if own[c.pid] == nil {
			own[c.pid] = make(map[int]bool)
		}
		for _, fd := range c.opens() {
			own[c.pid][fd] = true
		}
		fd, used := c.uses()
		inherits = inherits || used && fd >= standard && !own[c.pid][fd]
	}
	return inherits && len(own) > 1
}

// opens are the descriptors that a recorded call has made.
func (c *call) opens() (fds []int) {
	if c.text.Result == nil || c.text.Result.Errno != "" {
		return nil
	}
	o, opens := openers[c.text.Name]
	if opens && o.at == atArray {
		for _, e := range c.text.Arg(o.arg).Elems() {
			if fd, ok := e.Int(); ok {
				fds = append(fds, int(fd))
			}
		}
		return fds
	}
	switch c.text.Name {
	case "dup", "dup2", "dup3", "fcntl":
		opens = true
	}
	if n, ok := c.text.Result.Int(); ok && opens {
		fds = append(fds, int(n))
	}
	return fds
}

// uses is the descriptor that a recorded call has found open.
func (c *call) uses() (fd int, ok bool) {
	kind, known := calls[c.text.Name]
	if !known || kind.fd != 0 || c.text.Result == nil || c.text.Result.Errno != "" {
		return 0, false
	}
	n, ok := c.text.Arg(0).Int()
	return int(n), ok
}

// blind reports whether a call makes what is under test only where the log
// shows how processes are made.
func (r *run) blind(name string) bool {
	_, opens := openers[name]
	return r.s.blind && opens && !r.opts.Strict
}
