package netemu

import (
	"os"

	"sockpair/errno"
)

// Waiting, and what ends a wait: the descriptor is ready, the deadline, Close.

// begin is the state of a side at the beginning of a call that has it.
// os.ErrDeadlineExceeded: its deadline has passed.
func (d *desc) begin(s *side) error {
	if d.state.Load()&s.late != 0 {
		return os.ErrDeadlineExceeded
	}
	return nil
}

// stopped is begin for a call that is going on.
// net.ErrClosed or errFileClosed; os.ErrDeadlineExceeded.
func (d *desc) stopped(s *side) error {
	switch state := d.state.Load(); {
	case state&closed != 0:
		return d.errClosed()
	case state&s.late != 0:
		return os.ErrDeadlineExceeded
	}
	return nil
}

// again says what becomes of a call on s that has failed: nil, after a wait if
// need be, to try it again, or the error to return.
//
// No wake-up is lost. The description is watched before the call is tried for
// the last time, what ends the wait sets its bit before it rouses, and a call
// to Rouse that comes before Wait is not forgotten.
func (d *desc) again(s *side, err error) error {
	switch {
	case err == errno.EINTR:
		return nil
	case err != errno.EAGAIN || d.plain:
		return err
	}
	if err := d.stopped(s); err != nil {
		return err
	}
	ready, err := s.poller.Arm(d.p, d.fd, s.events)
	if err != nil {
		return err
	}
	s.armed = true
	if ready != 0 {
		return nil
	}
	return d.wait(s)
}

// wait sleeps on a side whose poller is armed.
func (d *desc) wait(s *side) error {
	if err := d.stopped(s); err != nil {
		return err
	}
	happened, err := s.poller.Wait()
	s.armed = !happened
	if err != nil {
		return err
	}
	return d.stopped(s)
}
