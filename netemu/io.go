package netemu

import (
	"io"
	"net"

	"sockpair/emu"
	"sockpair/errno"
)

// The calls that move data: each tries the system call, and again when what
// it waited for has happened. Read and Write try the gate first, which needs no
// lock of this package.

// end is io.EOF for a read that has met the end of the data.
func (d *desc) end(n int, err error) error {
	if n == 0 && err == nil && !d.endless {
		return io.EOF
	}
	return err
}

// read is read(2). A read of no bytes looks at nothing, not even the deadline.
func (d *desc) read(b []byte) (int, error) {
	var poller *emu.Poller
	if !d.blocks.Load() {
		poller = &d.rd.poller
	}
	n, how := d.rd.gate.Read(b, poller, d.rd.held)
	if how == emu.Passed {
		return n, d.end(n, nil)
	}
	return d.readLater(b, how)
}

// readLater is read for a call that the gate has not let pass. What it has begun
// to receive has the side already.
func (d *desc) readLater(b []byte, how emu.Passage) (int, error) {
	if how != emu.Begun {
		if err := d.lock(&d.rd); err != nil {
			return 0, err
		}
	}
	defer d.unlock(&d.rd)
	if len(b) == 0 {
		return 0, nil
	}
	n, err := 0, error(nil)
	if how == emu.Begun {
		n, err = d.rd.poller.Finish()
	} else {
		if err := d.begin(&d.rd); err != nil {
			return 0, err
		}
		n, err = d.p.Read(d.fd, b)
	}
	for err != nil {
		if err := d.again(&d.rd, err); err != nil {
			return 0, err
		}
		n, err = d.p.Read(d.fd, b)
	}
	return n, d.end(n, nil)
}

// write is write(2) until everything is written. A write of no bytes is one
// call, which a message type sends as an empty message; as package net's, it
// does not wait for room, and says EAGAIN.
func (d *desc) write(b []byte) (int, error) {
	if d.wr.gate.Write(b) {
		return len(b), nil
	}
	return d.writeLater(b)
}

// writeLater is write for a call that the gate has not let pass.
func (d *desc) writeLater(b []byte) (int, error) {
	if err := d.lock(&d.wr); err != nil {
		return 0, err
	}
	defer d.unlock(&d.wr)
	if err := d.begin(&d.wr); err != nil {
		return 0, err
	}
	done := 0
	for {
		n, err := d.p.Write(d.fd, b[done:])
		if err == nil {
			if done += n; done == len(b) {
				return done, nil
			}
			if n == 0 {
				return done, io.ErrUnexpectedEOF
			}
			continue
		}
		if err == errno.EAGAIN && len(b) == 0 {
			return 0, err
		}
		if err := d.again(&d.wr, err); err != nil {
			return done, err
		}
	}
}

// writeBuffers is writev(2) until everything is written; what has been written
// is taken out of v.
func (d *desc) writeBuffers(v *net.Buffers) (int64, error) {
	if err := d.lock(&d.wr); err != nil {
		return 0, err
	}
	defer d.unlock(&d.wr)
	if err := d.begin(&d.wr); err != nil {
		return 0, err
	}
	done := int64(0)
	for len(*v) > 0 {
		n, err := d.p.Writev(d.fd, (*v)[:min(len(*v), emu.IOV_MAX)])
		if err == nil {
			done += int64(n)
			consume(v, n)
			continue
		}
		if err := d.again(&d.wr, err); err != nil {
			return done, err
		}
	}
	return done, nil
}

// consume takes n bytes, and the empty buffers behind them, off the front.
func consume(v *net.Buffers, n int) {
	for len(*v) > 0 && len((*v)[0]) <= n {
		n -= len((*v)[0])
		(*v)[0] = nil
		*v = (*v)[1:]
	}
	if n > 0 {
		(*v)[0] = (*v)[0][n:]
	}
}

// receive does call, one of the receives, on a side held for reading.
func (d *desc) receive(call func() (int, error)) (int, error) {
	if err := d.lock(&d.rd); err != nil {
		return 0, err
	}
	defer d.unlock(&d.rd)
	if err := d.begin(&d.rd); err != nil {
		return 0, err
	}
	for {
		n, err := call()
		if err == nil {
			return n, d.end(n, nil)
		}
		if err := d.again(&d.rd, err); err != nil {
			return 0, err
		}
	}
}

// send does call, one of the sends of a message, on a side held for writing.
func (d *desc) send(call func() (int, error)) (int, error) {
	if err := d.lock(&d.wr); err != nil {
		return 0, err
	}
	defer d.unlock(&d.wr)
	if err := d.begin(&d.wr); err != nil {
		return 0, err
	}
	for {
		n, err := call()
		if err == nil {
			return n, nil
		}
		if err := d.again(&d.wr, err); err != nil {
			return 0, err
		}
	}
}

// control calls f with the descriptor, which is not closed meanwhile.
func (d *desc) control(f func(fd uintptr)) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	f(uintptr(d.fd))
	return nil
}

// until calls f with the descriptor until it returns true.
func (d *desc) until(s *side, f func(fd uintptr) bool) error {
	if err := d.lock(s); err != nil {
		return err
	}
	defer d.unlock(s)
	if err := d.begin(s); err != nil {
		return err
	}
	for !f(uintptr(d.fd)) {
		if err := d.again(s, errno.EAGAIN); err != nil {
			return err
		}
	}
	return nil
}
