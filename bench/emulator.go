package main

import (
	"io"

	"sockpair/emu"
	"sockpair/fdtable"
)

// emuWorld is a machine with one process.
type emuWorld struct{ p *emu.Process }

func emulators() []contestant {
	all := []kind{stream, seqpacket, dgram}
	return []contestant{
		{name: emulator, kinds: all, open: func() (world, error) { return newEmuWorld(emu.Linux()) }},
		{name: emulatorPOSIX, kinds: all, open: func() (world, error) { return newEmuWorld(emu.POSIX()) }},
	}
}

// newEmuWorld makes a machine whose process may open as much as a table holds.
func newEmuWorld(rules *emu.Personality) (*emuWorld, error) {
	sys, err := emu.New(emu.Config{Personality: rules, SoftFiles: fdtable.Max, HardFiles: fdtable.Max})
	if err != nil {
		return nil, err
	}
	return &emuWorld{sys.NewProcess()}, nil
}

var emuTypes = [...]int{stream: emu.SOCK_STREAM, seqpacket: emu.SOCK_SEQPACKET, dgram: emu.SOCK_DGRAM}

func (w *emuWorld) pair(k kind) (a, b io.ReadWriteCloser, err error) {
	x, y, err := w.p.Pair(emuTypes[k])
	return &emuEnd{w.p, x}, &emuEnd{w.p, y}, err
}

func (w *emuWorld) close() { w.p.Exit(0) }

// emuEnd is a descriptor.
type emuEnd struct {
	p  *emu.Process
	fd int
}

func (e *emuEnd) Read(b []byte) (int, error)  { return e.p.Read(e.fd, b) }
func (e *emuEnd) Write(b []byte) (int, error) { return e.p.Write(e.fd, b) }
func (e *emuEnd) Close() error                { return e.p.Close(e.fd) }

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
