package exhaust

import (
	"fmt"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/fuzz/program"
)

// emulator makes the calls of batches on an emulated process.
type emulator struct {
	config  emu.Config
	system  *emu.System
	process *emu.Process
	calls   []*prepared
	signals int
	trace   trace
	checks  []check
}

// check is what was wrong with the machine after a sequence of the batch.
type check struct {
	sequence int
	err      error
}

func newEmulator(cfg emu.Config, calls []program.Call) (*emulator, error) {
	m := &emulator{config: cfg}
	if err := m.boot(); err != nil {
		return nil, err
	}
	m.calls = prepare(calls, m.process.Getpid())
	return m, nil
}

// boot starts a machine, whose first process always has the same id.
func (m *emulator) boot() (err error) {
	if m.system, err = emu.New(m.config); err != nil {
		return err
	}
	m.process = m.system.NewProcess()
	for fd := range endA {
		if err := m.process.Foreign(fd, "/dev/null"); err != nil {
			return fmt.Errorf("a standard descriptor: %w", err)
		}
	}
	if err := m.process.Signal(emu.SIGPIPE, func(emu.Signal) { m.signals++ }); err != nil {
		return fmt.Errorf("a handler: %w", err)
	}
	return nil
}

// run makes the calls of a batch. After each sequence the machine is checked,
// every descriptor closed that the sequence has left, and looked whether that
// was the end of all sockets. If not, the next sequence has another machine.
func (m *emulator) run(steps []step) {
	m.trace.clear()
	m.checks = m.checks[:0]
	for i := range steps {
		s := &steps[i]
		m.do(m.calls[s.call])
		if !s.last {
			continue
		}
		if err := m.system.Check(); err != nil {
			m.checks = append(m.checks, check{s.sequence, err})
		}
		if err := leftOver(m.process, m.system); err != nil {
			m.checks = append(m.checks, check{s.sequence, err})
			if err := m.boot(); err != nil {
				panic(err) // it has started before
			}
		}
	}
}

// leftOver closes what a sequence has left open, and says what is in flight
// then; nil for nothing.
func leftOver(p interface {
	CloseRange(first, last uint, flags int) error
}, sys *emu.System) error {
	if err := p.CloseRange(endA, ^uint(0)>>32, 0); err != nil {
		return fmt.Errorf("the end of a sequence: %w", err)
	}
	if n := sys.InFlight(); n > 0 {
		return fmt.Errorf("%d descriptors are in flight when all are closed", n)
	}
	return nil
}

// do makes one call, and notes what it has shown.
func (m *emulator) do(c *prepared) {
	before := m.signals
	n, err := m.call(c)
	e := errno.Errno(0)
	if err != nil {
		var is bool
		if e, is = err.(errno.Errno); !is {
			panic(fmt.Sprintf("exhaust: %s failed with %v, which is no errno", c.Name, err))
		}
		n = -1
	}
	m.trace.add(n, e, m.signals-before)
}

// call makes one call and puts what it has stored into the trace.
func (m *emulator) call(c *prepared) (n int, err error) {
	p, t := m.process, &m.trace
	switch c.Name {
	case "socketpair":
		var sv [2]int
		err = p.Socketpair(c.arg0, c.Args[1], c.Args[2], &sv)
		t.word(sv[0])
		t.word(sv[1])
	case "sendto":
		return p.Sendto(c.fd, c.buf, c.arg0, c.name)
	case "recvfrom":
		n, err = m.storing(c, func(name []byte, room *int) (int, error) { return p.Recvfrom(c.fd, c.buf, c.arg0, name, room) })
		t.bytes = append(t.bytes, c.buf[:max(0, min(n, len(c.buf)))]...)
	case "sendmsg":
		return p.Sendmsg(c.fd, c.header, c.arg0)
	case "recvmsg":
		h := *c.header
		clear(h.Control) // between control messages there are bytes that nobody stores
		n, err = p.Recvmsg(c.fd, &h, c.arg0)
		t.message(h.Iov[0][:max(0, min(n, len(h.Iov[0])))], h.Control[:min(h.Controllen, len(h.Control))], h.Namelen, h.Controllen, h.Flags, p.Getpid())
	case "shutdown":
		err = p.Shutdown(c.fd, c.arg0)
	case "close":
		err = p.Close(c.fd)
	case "dup":
		return p.Dup(c.fd)
	case "dup2":
		return p.Dup2(c.fd, c.arg0)
	case "fcntl":
		return p.Fcntl(c.fd, c.arg0, c.Args[1])
	case "setsockopt":
		err = p.Setsockopt(c.fd, c.arg0, c.Args[1], c.buf, c.Args[2])
	case "getsockopt":
		room := c.Args[2]
		if err = p.Getsockopt(c.fd, c.arg0, c.Args[1], c.buf, &room); err == nil {
			peerCred(c.Args[1], c.buf[:room], p.Getpid())
			t.bytes = append(t.bytes, c.buf[:room]...)
		}
		t.word(room)
	case "ioctl":
		if n, err = p.Ioctl(c.fd, uint(c.arg0), c.buf); err == nil {
			t.bytes = append(t.bytes, c.buf...)
		}
	default:
		return m.readiness(c)
	}
	return n, err
}

// storing makes a call that may store an address.
func (m *emulator) storing(c *prepared, call func(name []byte, room *int) (int, error)) (n int, err error) {
	if c.name == nil {
		return call(nil, nil)
	}
	room := c.room
	n, err = call(c.name, &room)
	e, _ := err.(errno.Errno)
	m.trace.name(c.name, room, e)
	return n, err
}

// named is call for sockets with names.
func (m *emulator) named(c *prepared) (n int, err error) {
	p := m.process
	switch c.Name {
	case "socket":
		return p.Socket(c.arg0, c.Args[1], c.Args[2])
	case "bind":
		err = p.Bind(c.fd, c.name)
	case "connect":
		err = p.Connect(c.fd, c.name)
	case "listen":
		err = p.Listen(c.fd, c.arg0)
	case "accept4":
		return m.storing(c, func(name []byte, room *int) (int, error) { return p.Accept4(c.fd, name, room, c.arg0) })
	case "getsockname":
		return m.storing(c, func(name []byte, room *int) (int, error) { return 0, p.Getsockname(c.fd, name, room) })
	case "getpeername":
		return m.storing(c, func(name []byte, room *int) (int, error) { return 0, p.Getpeername(c.fd, name, room) })
	case "sendmmsg":
		n, err = p.Sendmmsg(c.fd, c.many, c.arg0)
		for i := range max(0, n) {
			m.trace.word(c.many[i].Len)
		}
	default:
		panic("exhaust: no call is prepared that is named " + c.Name)
	}
	return n, err
}

// readiness is call for poll and epoll.
func (m *emulator) readiness(c *prepared) (n int, err error) {
	p, t := m.process, &m.trace
	switch c.Name {
	case "poll":
		for i := range c.polls {
			c.polls[i].Revents = 0
		}
		n, err = p.Poll(c.polls, c.arg0)
		for _, f := range c.polls {
			t.word(int(uint16(f.Revents)))
		}
	case "epoll_create1":
		return p.EpollCreate1(c.arg0)
	case "epoll_ctl":
		err = p.EpollCtl(c.fd, c.arg0, c.Args[1], &c.event)
	case "epoll_wait":
		n, err = p.EpollWait(c.fd, c.events, c.Args[1])
		for _, e := range c.events[:max(0, n)] {
			t.word(int(e.Events))
			t.word(int(e.Data))
		}
	default:
		return m.named(c)
	}
	return n, err
}
