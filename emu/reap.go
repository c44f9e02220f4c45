package emu

import "slices"

// What a transition drops is released when no lock is held: descriptions that
// lose their last reference end, and with them what lay in their queues, and
// so on; sockets that only garbage holds are collected. This is a loop over a
// list, not a recursion, so a chain of any length costs neither stack nor more
// than time in proportion.

// released is a value that has lost its message, or a signal that is owed.
type released interface{ release(*reaper) }

// reaper is the work that is left.
type reaper struct {
	sys       *System
	dropped   []released
	suspects  []*file // may have become garbage
	collected int     // how many were
}

// run works until nothing is left. No lock is held.
func (r *reaper) run() {
	for len(r.dropped) > 0 || len(r.suspects) > 0 {
		for len(r.dropped) > 0 {
			batch := r.dropped
			r.dropped = nil
			for _, d := range batch {
				d.release(r)
			}
		}
		dead := r.sys.inflight.garbage(r.suspects)
		r.suspects = nil
		r.collected += len(dead)
		for _, e := range dead {
			for _, embryo := range r.purge(e) {
				r.purge(embryo)
			}
		}
	}
}

// purge empties the queue of a socket, and returns the connections that wait
// for it to accept.
func (r *reaper) purge(e *end) (embryos []*end) {
	e.link.mu.Lock()
	for e.in.Segments() > 0 {
		e.popSegment()
	}
	if e.listening() {
		embryos = slices.Clone(e.listener.embryos)
	}
	r.dropped = append(r.dropped, e.link.unlockKeeping()...)
	return embryos
}

// release takes a reference away from each description.
func (r *reaper) release(files ...*file) {
	for _, f := range files {
		dropped, suspect := f.drop()
		r.dropped = append(r.dropped, dropped...)
		if suspect {
			r.suspects = append(r.suspects, f)
		}
	}
}

// releaseAll takes a reference away from each description, and looks for
// garbage once.
func (s *System) releaseAll(files []*file) {
	r := reaper{sys: s}
	r.release(files...)
	r.run()
}

// suspect is a description that went into flight with its last reference.
type suspect struct{ *file }

func (s suspect) release(r *reaper) { r.suspects = append(r.suspects, s.file) }

// release drops the descriptions of a message that was lost, or read without room for them.
func (a *ancillary) release(r *reaper) { r.release(a.land()...) }
