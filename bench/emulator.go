package main

import (
	"errors"
	"io"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/fdtable"
)

// emuWorld is a machine with one process, and room for ends (reserve).
type emuWorld struct {
	p    *emu.Process
	ends []emuEnd
}

func emulators() []contestant {
	all := []kind{stream, seqpacket, dgram}
	return []contestant{
		{name: emulator, kinds: all, fills: true, passes: true, polls: true, pairs: 10_000, open: func() (world, error) { return newEmuWorld(emu.Linux()) }},
		{name: emulatorPOSIX, kinds: all, fills: true, passes: true, polls: true, pairs: 10_000, open: func() (world, error) { return newEmuWorld(emu.POSIX()) }},
	}
}

// newEmuWorld makes a machine whose process may open as much as a table holds.
func newEmuWorld(rules *emu.Personality) (*emuWorld, error) {
	sys, err := emu.New(emu.Config{Personality: rules, SoftFiles: fdtable.Max, HardFiles: fdtable.Max})
	if err != nil {
		return nil, err
	}
	return &emuWorld{p: sys.NewProcess()}, nil
}

var emuTypes = [...]int{stream: emu.SOCK_STREAM, seqpacket: emu.SOCK_SEQPACKET, dgram: emu.SOCK_DGRAM}

func (w *emuWorld) pair(k kind) (a, b io.ReadWriteCloser, err error) {
	x, y, err := w.p.Pair(emuTypes[k])
	if len(w.ends)+2 > cap(w.ends) {
		w.reserve(2)
	}
	i := len(w.ends)
	w.ends = append(w.ends, emuEnd{w.p, x}, emuEnd{w.p, y})
	return &w.ends[i], &w.ends[i+1], err
}

// reserve makes the next ends come out of one piece of memory.
func (w *emuWorld) reserve(n int) { w.ends = make([]emuEnd, 0, n) }

func (w *emuWorld) close() { w.p.Exit(0) }

// emuEnd is a descriptor.
type emuEnd struct {
	p  *emu.Process
	fd int
}

func (e *emuEnd) Read(b []byte) (int, error)  { return e.p.Read(e.fd, b) }
func (e *emuEnd) Write(b []byte) (int, error) { return e.p.Write(e.fd, b) }
func (e *emuEnd) Close() error                { return e.p.Close(e.fd) }

// ask and answer are the two sides of a conversation (talker).
func (e *emuEnd) ask(j *job, got []byte, n int) error {
	p, fd := e.p, e.fd
	for range n {
		if _, err := p.Write(fd, j.sent); err != nil {
			return err
		}
		if k, err := p.Read(fd, got); err != nil || k != len(got) {
			return shortRead(k, len(got), err)
		}
		if j.check != nil {
			j.check(got)
		}
	}
	return nil
}

func (e *emuEnd) answer(buf []byte, n int) error {
	p, fd := e.p, e.fd
	for range n {
		if k, err := p.Read(fd, buf); err != nil || k != len(buf) {
			return shortRead(k, len(buf), err)
		}
		if _, err := p.Write(fd, buf); err != nil {
			return err
		}
	}
	return nil
}

// fill queues as much as there is room for.
func (e *emuEnd) fill(piece []byte) (total int, err error) {
	for {
		n, err := e.p.Send(e.fd, piece, emu.MSG_DONTWAIT)
		if errors.Is(err, errno.EAGAIN) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
		total += n
	}
}

func (w *emuWorld) exchange(k kind, batch int, sent, got []byte) (func(n int) error, error) {
	a, b, err := w.p.Pair(emuTypes[k])
	if err != nil {
		return nil, err
	}
	p := w.p
	return func(n int) error {
		for ; n > 0; n -= batch {
			for range min(n, batch) {
				if _, err := p.Write(a, sent); err != nil {
					return err
				}
			}
			for range min(n, batch) {
				if _, err := p.Read(b, got); err != nil {
					return err
				}
			}
		}
		return nil
	}, nil
}

func (w *emuWorld) create(n int) error {
	for range n {
		a, b, err := w.p.Pair(emu.SOCK_STREAM)
		if err != nil {
			return err
		}
		if err := w.p.Close(a); err != nil {
			return err
		}
		if err := w.p.Close(b); err != nil {
			return err
		}
	}
	return nil
}
