package replay

// Tasks that the log does not follow. A log without -f is about one task and
// names none; of the tasks that this one makes it tells nothing. What they do
// with what they have inherited is not known, so all of it is uncertain from
// then on.

// unfollowed is the birth of a task that the log does not follow.
func (r *run) unfollowed(a *attempt, tid, flags int) {
	t := r.tasks[tid]
	if t == nil || a.scripted() || r.opts.Strict || r.s.follows {
		return
	}
	t.unseen = true
	if flags&(cloneThread|cloneFiles) != 0 {
		t.of.fds.doubt()
		return
	}
	a.t.of.unseen++
	for _, d := range t.of.fds.fds {
		d.doubt()
	}
}

// doubt is what an unseen task may do to a description: anything.
func (d *description) doubt() {
	if d.isPair() {
		d.skippedAll()
	}
}

// doubt is that of a table that an unseen task shares, now and later.
func (t *table) doubt() {
	t.shared = true
	for _, d := range t.fds {
		d.doubt()
	}
}

// waitsUnseen deals with a wait for children of which some are unseen. When
// they end, the log says only by the number that the wait returns.
func (a *attempt) waitsUnseen() {
	if a.t.of.unseen == 0 || a.scripted() {
		return
	}
	child := a.r.tasks[a.recorded()]
	if child == nil || !child.unseen {
		a.skip(Life)
		return
	}
	a.t.of.unseen--
	a.follow()
	a.do = func(p Process) {
		child.p.Exit(0)
		a.r.endProcess(child.of)
		_, _, a.err = p.Wait4(child.p.Getpid(), 0)
	}
}
