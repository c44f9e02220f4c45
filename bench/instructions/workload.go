package main

import (
	"encoding/binary"
	"fmt"

	"sockpair/emu"
)

// workload is one of bench's, as far as one goroutine goes: few and many are
// the turns of the two runs.
type workload struct {
	name      string
	few, many int
	open      func(p *emu.Process) (turn func() error, err error)
}

var workloads = []workload{
	{"W1", 10_000, 110_000, exchange(emu.SOCK_STREAM)},
	{"W4", 10_000, 110_000, exchange(emu.SOCK_SEQPACKET)},
	{"W8", 1_000, 11_000, passing},
}

func workloadNamed(name string) (workload, error) {
	for _, w := range workloads {
		if w.name == name {
			return w, nil
		}
	}
	return workload{}, fmt.Errorf("no workload %q", name)
}

// run does n turns on a machine of its own.
func (w workload) run(n int) error {
	sys, err := emu.New(emu.Config{})
	if err != nil {
		return err
	}
	turn, err := w.open(sys.NewProcess())
	for ; n > 0 && err == nil; n-- {
		err = turn()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	return nil
}

// moved is nil when a call moved as many bytes as it should.
func moved(call string, n, want int, err error) error {
	if n != want || err != nil {
		return fmt.Errorf("%s = %d, %v; want %d", call, n, err, want)
	}
	return nil
}

// exchange: 64 bytes are written into one end and read from the other.
func exchange(typ int) func(p *emu.Process) (func() error, error) {
	return func(p *emu.Process) (func() error, error) {
		x, y, err := p.Pair(typ)
		sent, got := make([]byte, 64), make([]byte, 64)
		return func() error {
			n, err := p.Write(x, sent)
			if err := moved("write", n, len(sent), err); err != nil {
				return err
			}
			n, err = p.Read(y, got)
			return moved("read", n, len(got), err)
		}, err
	}
}

// passing: a socket is sent with one byte and received, and the number that it
// got is closed.
func passing(p *emu.Process) (func() error, error) {
	x, y, err := p.Pair(emu.SOCK_STREAM)
	out := emu.Msghdr{Iov: [][]byte{{1}}, Control: emu.Rights(x)}
	in := emu.Msghdr{Iov: [][]byte{{0}}, Control: make([]byte, len(out.Control))}
	return func() error {
		n, err := p.Sendmsg(x, &out, 0)
		if err := moved("sendmsg", n, 1, err); err != nil {
			return err
		}
		n, err = p.Recvmsg(y, &in, 0)
		if err := moved("recvmsg", n, 1, err); err != nil {
			return err
		}
		if in.Controllen < 20 { // a header of 16 bytes and an int
			return fmt.Errorf("recvmsg: %d bytes of control messages, want 20 for one descriptor", in.Controllen)
		}
		return p.Close(int(binary.NativeEndian.Uint32(in.Control[16:])))
	}, err
}
