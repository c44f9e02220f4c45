//go:build amd64 || arm64

package main

import (
	"errors"
	"io"
	"sync/atomic"

	"gvisor.dev/gvisor/pkg/abi/linux"
	"gvisor.dev/gvisor/pkg/context"
	"gvisor.dev/gvisor/pkg/sentry/socket/unix/transport"
	"gvisor.dev/gvisor/pkg/syserr"
	"gvisor.dev/gvisor/pkg/waiter"
)

// gvisors is the layer of gVisor below its descriptors and system calls:
// endpoints that never block, with queues of who waits.
func gvisors() []contestant {
	all := []kind{stream, seqpacket, dgram}
	return []contestant{{name: "gVisor transport", kinds: all, fills: true, passes: true, pairs: 10_000, open: func() (world, error) { return new(gvisor), nil }}}
}

// gvisor numbers its endpoints.
type gvisor struct{ last atomic.Uint64 }

func (g *gvisor) UniqueID() uint64 { return g.last.Add(1) }
func (g *gvisor) close()           {}

var gvisorTypes = [...]linux.SockType{stream: linux.SOCK_STREAM, seqpacket: linux.SOCK_SEQPACKET, dgram: linux.SOCK_DGRAM}

func (g *gvisor) pair(k kind) (a, b io.ReadWriteCloser, err error) {
	x, y := transport.NewPair(context.Background(), gvisorTypes[k], g)
	return newGvisorEnd(x), newGvisorEnd(y), nil
}

// gvisorEnd blocks as gVisor's system calls do: it tries, registers, tries
// again and waits. One goroutine at a time reads, and one writes.
type gvisorEnd struct {
	transport.Endpoint
	data        [2][1][]byte // of the read and the write in progress
	in, out     waiter.Entry
	canIn, room chan struct{}
}

func newGvisorEnd(ep transport.Endpoint) *gvisorEnd {
	e := &gvisorEnd{Endpoint: ep}
	e.in, e.canIn = waiter.NewChannelEntry(waiter.ReadableEvents | waiter.EventHUp)
	e.out, e.room = waiter.NewChannelEntry(waiter.WritableEvents | waiter.EventHUp)
	return e
}

func (e *gvisorEnd) Read(b []byte) (int, error) {
	return e.block(&e.in, e.canIn, func() (int, *syserr.Error) { return e.tryRead(b) })
}

func (e *gvisorEnd) tryRead(b []byte) (int, *syserr.Error) {
	e.data[0][0] = b
	out, notify, err := e.RecvMsg(context.Background(), e.data[0][:], transport.RecvArgs{})
	if notify != nil {
		notify()
	}
	return int(out.RecvLen), err
}

// Write goes on until all is queued: a stream may take a part at a time.
func (e *gvisorEnd) Write(b []byte) (int, error) {
	done := 0
	for {
		n, err := e.block(&e.out, e.room, func() (int, *syserr.Error) { return e.tryWrite(b[done:]) })
		done += n
		if err != nil || done == len(b) {
			return done, err
		}
	}
}

func (e *gvisorEnd) tryWrite(b []byte) (int, *syserr.Error) {
	e.data[1][0] = b
	n, notify, err := e.SendMsg(context.Background(), e.data[1][:], transport.ControlMessages{}, nil)
	if notify != nil {
		notify()
	}
	if err == syserr.ErrWouldBlock && n > 0 {
		err = nil
	}
	return int(n), err
}

func (e *gvisorEnd) block(entry *waiter.Entry, ready chan struct{}, try func() (int, *syserr.Error)) (int, error) {
	n, err := try()
	if err != syserr.ErrWouldBlock {
		return n, asError(err)
	}
	if err := e.EventRegister(entry); err != nil {
		return 0, err
	}
	defer e.EventUnregister(entry)
	for {
		if n, err = try(); err != syserr.ErrWouldBlock {
			return n, asError(err)
		}
		<-ready
	}
}

func asError(err *syserr.Error) error {
	if err == nil {
		return nil
	}
	return errors.New(err.String())
}

func (e *gvisorEnd) Close() error {
	e.Endpoint.Close(context.Background())
	return nil
}

// fill queues as much as there is room for.
func (e *gvisorEnd) fill(piece []byte) (total int, err error) {
	for {
		n, err := e.tryWrite(piece)
		if err == syserr.ErrWouldBlock {
			return total, nil
		}
		if err != nil {
			return total, asError(err)
		}
		total += n
	}
}

// gvisorFile stands for a descriptor in flight; there are no tables here.
type gvisorFile struct{}

func (f *gvisorFile) Clone() transport.RightsControlMessage          { return f }
func (f *gvisorFile) TransferRights() transport.RightsControlMessage { return f }
func (f *gvisorFile) Release(context.Context)                        {}

func (g *gvisor) pass(_ passed, sent, got []byte) (func(n int) error, error) {
	a, b := transport.NewPair(context.Background(), linux.SOCK_STREAM, g)
	ctx, file := context.Background(), new(gvisorFile)
	var out, in [1][]byte
	return func(n int) error {
		for range n {
			out[0], in[0] = sent, got // a call moves them on
			_, notify, err := a.SendMsg(ctx, out[:], transport.ControlMessages{Rights: file}, nil)
			if err != nil {
				return asError(err)
			}
			if notify != nil {
				notify()
			}
			o, notify, err := b.RecvMsg(ctx, in[:], transport.RecvArgs{NumRights: 1})
			if err != nil {
				return asError(err)
			}
			if notify != nil {
				notify()
			}
			if o.Control.Rights == nil {
				return errors.New("no descriptor came")
			}
			o.Control.Release(ctx)
		}
		return nil
	}, nil
}
