package emu_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/fdtable"
)

// W9 in small: one socket of many is ready.

// quiet makes a process with n sockets of which none is ready for reading, and
// a pair besides.
func quiet(b *testing.B, n int) (p *emu.Process, fds []int, x, y int) {
	sys, err := emu.New(emu.Config{SoftFiles: fdtable.Max, HardFiles: fdtable.Max})
	require.NoError(b, err)
	p = sys.NewProcess()
	x, y, err = p.Pair(emu.SOCK_STREAM)
	require.NoError(b, err)
	for len(fds) < n {
		one, other, err := p.Pair(emu.SOCK_STREAM)
		require.NoError(b, err)
		fds = append(fds, one, other)
	}
	return p, fds[:n], x, y
}

var crowds = []int{0, 100, 10_000, 100_000}

// A write, an EpollWait that finds it, a read. The case alone has no EpollWait.
func BenchmarkEpollWait(b *testing.B) {
	b.Run("alone", func(b *testing.B) {
		p, _, x, y := quiet(b, 0)
		buf := make([]byte, 64)
		b.ReportAllocs()
		for b.Loop() {
			p.Write(x, buf)
			p.Read(y, buf)
		}
	})
	for _, trigger := range []struct {
		name   string
		events uint32
	}{{"level", 0}, {"edge", emu.EPOLLET}} {
		for _, n := range crowds {
			b.Run(fmt.Sprintf("%s/%d", trigger.name, n), func(b *testing.B) {
				p, fds, x, y := quiet(b, n)
				ep, err := p.EpollCreate1(0)
				require.NoError(b, err)
				for _, fd := range append(fds, y) {
					require.NoError(b, p.EpollCtl(ep, emu.EPOLL_CTL_ADD, fd, &emu.EpollEvent{Events: emu.POLLIN | trigger.events, Data: uint64(fd)}))
				}
				buf, events := make([]byte, 64), make([]emu.EpollEvent, 8)
				b.ReportAllocs()
				for b.Loop() {
					p.Write(x, buf)
					p.EpollWait(ep, events, -1)
					p.Read(int(events[0].Data), buf)
				}
			})
		}
	}
}

// A Poll of n sockets, of which the last is ready.
func BenchmarkPoll(b *testing.B) {
	for _, n := range crowds[1:] {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p, fds, x, y := quiet(b, n-1)
			p.Write(x, []byte{1})
			var set []emu.PollFd
			for _, fd := range append(fds, y) {
				set = append(set, emu.PollFd{Fd: fd, Events: emu.POLLIN})
			}
			b.ReportAllocs()
			for b.Loop() {
				p.Poll(set, 0)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/fd")
		})
	}
}
