package main

import (
	"encoding/binary"
	"fmt"

	"sockpair/emu"
)

// pass sends a descriptor through a pair, and closes what came out.
func (w *emuWorld) pass(what passed, sent, got []byte) (func(n int) error, error) {
	p := w.p
	a, b, err := p.Pair(emu.SOCK_STREAM)
	if err != nil {
		return nil, err
	}
	fd, err := w.open(what)
	if err != nil {
		return nil, err
	}
	out := emu.Msghdr{Iov: [][]byte{sent}, Control: emu.Rights(fd)}
	in := emu.Msghdr{Iov: [][]byte{got}, Control: make([]byte, len(out.Control))}
	return func(n int) error {
		for range n {
			if _, err := p.Sendmsg(a, &out, 0); err != nil {
				return err
			}
			if _, err := p.Recvmsg(b, &in, 0); err != nil {
				return err
			}
			came, err := passedNumber(in.Control, in.Controllen)
			if err != nil {
				return err
			}
			if err := p.Close(came); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func (w *emuWorld) open(what passed) (int, error) {
	if what == anEventfd {
		return w.p.Eventfd(0, 0)
	}
	fd, _, err := w.p.Pair(emu.SOCK_STREAM)
	return fd, err
}

// passedNumber takes the one descriptor out of a control buffer, as both
// machines lay it out: a header of 16 bytes and an int.
func passedNumber(control []byte, length int) (int, error) {
	if length < 20 {
		return 0, fmt.Errorf("%d bytes of control messages, want 20 for one descriptor", length)
	}
	return int(binary.NativeEndian.Uint32(control[16:])), nil
}

// quietSockets makes n of which none has anything to read.
func (w *emuWorld) quietSockets(n int) ([]int, error) {
	var fds []int
	for len(fds) < n {
		x, y, err := w.p.Pair(emu.SOCK_STREAM)
		if err != nil {
			return nil, err
		}
		fds = append(fds, x, y)
	}
	return fds[:n], nil
}

func (w *emuWorld) epoll(quiet int, asks asking, sent, got []byte) (func(n int) error, error) {
	p := w.p
	a, b, err := p.Pair(emu.SOCK_STREAM)
	if err != nil {
		return nil, err
	}
	fds, err := w.quietSockets(quiet)
	if err != nil {
		return nil, err
	}
	if asks == asksFirst {
		fds = append(fds, b)
	}
	epfd, err := w.register(fds)
	if err != nil {
		return nil, err
	}
	events := make([]emu.EpollEvent, 8)
	return func(n int) error {
		for range n {
			if _, err := p.Write(a, sent); err != nil {
				return err
			}
			fd := b
			if asks == asksFirst {
				ready, err := p.EpollWait(epfd, events, -1)
				if err != nil || ready != 1 {
					return fmt.Errorf("epoll_wait: %d ready, %v; want 1", ready, err)
				}
				fd = int(events[0].Data)
			}
			if _, err := p.Read(fd, got); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// register makes an epoll instance that looks at descriptors.
func (w *emuWorld) register(fds []int) (epfd int, err error) {
	if epfd, err = w.p.EpollCreate1(0); err != nil {
		return 0, err
	}
	for _, fd := range fds {
		if err := w.p.EpollCtl(epfd, emu.EPOLL_CTL_ADD, fd, &emu.EpollEvent{Events: emu.POLLIN, Data: uint64(fd)}); err != nil {
			return 0, err
		}
	}
	return epfd, nil
}

func (w *emuWorld) poll(all int) (func(n int) error, error) {
	p := w.p
	a, b, err := p.Pair(emu.SOCK_STREAM)
	if err != nil {
		return nil, err
	}
	fds, err := w.quietSockets(all - 1)
	if err != nil {
		return nil, err
	}
	if _, err := p.Write(a, []byte{1}); err != nil {
		return nil, err
	}
	var set []emu.PollFd
	for _, fd := range append(fds, b) {
		set = append(set, emu.PollFd{Fd: fd, Events: emu.POLLIN})
	}
	return func(n int) error {
		for range n {
			if ready, err := p.Poll(set, 0); err != nil || ready != 1 {
				return fmt.Errorf("poll: %d ready, %v; want 1", ready, err)
			}
		}
		return nil
	}, nil
}
