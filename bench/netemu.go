package main

import (
	"io"

	"sockpair/emu"
	"sockpair/netemu"
)

// netemus are the emulator's connections for package net. They pay for what
// net.Conn adds: deadlines, Close that wakes, errors.
func netemus() []contestant {
	return []contestant{{
		name: "netemu", kinds: []kind{stream, seqpacket, dgram}, pairs: 10_000,
		open: func() (world, error) {
			w, err := newEmuWorld(emu.Linux())
			if err != nil {
				return nil, err
			}
			return &emuNet{netemu.On(w.p), w}, nil
		},
	}}
}

type emuNet struct {
	net *netemu.Net
	on  *emuWorld
}

var networks = [...]string{stream: "unix", seqpacket: "unixpacket", dgram: "unixgram"}

func (w *emuNet) pair(k kind) (a, b io.ReadWriteCloser, err error) {
	return w.net.Socketpair(networks[k])
}

func (w *emuNet) close() { w.on.close() }
