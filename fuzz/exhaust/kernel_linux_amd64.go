package exhaust

import (
	"encoding/binary"
	"fmt"
	"syscall"
	"time"

	"sockpair/emu"
	"sockpair/fuzz/host"
	"sockpair/fuzz/program"
)

// kernel makes the calls of batches in an agent of the host.
type kernel struct {
	process *host.Process
	calls   []*prepared
	statics []static // what the calls only read, where it is in the agent
	pause   uintptr  // how long the collector gets, a timespec
	patient int      // how often it may get that in one batch
	script  *host.Script
	places  []place
	trace   trace
}

// static is where the arguments of a call are that it does not change.
type static struct {
	data, header, name uintptr
	many               []byte // what sendmmsg finds in memory of its own
}

// place is where a step of a batch has its result: an entry of the script, and
// the memory that it may store into.
type place struct {
	entry int
	mem   []byte
}

const (
	maxCalls    = 1 << 15 // of a script
	maxBatch    = 512     // sequences in it
	sysClosing  = 436     // close_range
	spare       = 500     // from here on are sockets whose end sets the collector to work
	headerSize  = 72      // struct msghdr and one struct iovec
	sizeofEvent = 12      // struct epoll_event, packed
)

// newKernel makes an agent. patient is how often the collector can get time in
// one batch, pause how long.
func newKernel(m *host.Machine, calls []program.Call, patient int, pause time.Duration) (*kernel, error) {
	limits, err := m.Limits()
	if err != nil {
		return nil, err
	}
	p, err := m.NewProcess()
	if err != nil {
		return nil, fmt.Errorf("an agent: %w", err)
	}
	if err := p.Prlimit(0, emu.RLIMIT_NOFILE, &emu.Rlimit{Cur: limits.Max, Max: limits.Max}, nil); err != nil {
		return nil, fmt.Errorf("the limit of descriptors: %w", err)
	}
	k := &kernel{process: p.(*host.Process), patient: patient}
	for fd := range endA {
		if err := p.Foreign(fd, "/dev/null"); err != nil {
			return nil, fmt.Errorf("a standard descriptor: %w", err)
		}
	}
	if err := k.process.Signal(emu.SIGPIPE, func(emu.Signal) {}); err != nil {
		return nil, fmt.Errorf("a handler: %w", err)
	}
	k.calls = prepare(calls, p.Getpid())
	k.script = k.process.NewScript(maxCalls)
	k.pause = k.lay(binary.LittleEndian.AppendUint64(make([]byte, 8), uint64(pause.Nanoseconds())))
	for _, c := range k.calls {
		k.statics = append(k.statics, k.static(c))
	}
	k.script.Keep()
	return k, nil
}

// lay puts bytes into the agent's memory and returns where they are.
func (k *kernel) lay(b []byte) uintptr {
	mem, at := k.script.Memory(len(b))
	copy(mem, b)
	return at
}

// static lays out what a call only reads.
func (k *kernel) static(c *prepared) (s static) {
	switch c.Name {
	case "sendto":
		if s.data = k.lay(c.buf); c.name != nil {
			s.name = k.lay(c.name)
		}
	case "bind", "connect":
		s.name = k.lay(c.name)
	case "sendmmsg":
		s.many = k.layMany(c.many)
	case "setsockopt":
		s.data = k.lay(c.buf)
	case "sendmsg":
		data, control := c.header.Iov[0], c.header.Control
		mem, at := k.script.Memory(headerSize)
		s.header = at
		message(mem, at, k.lay(data), len(data), k.lay(control), len(control))
	case "epoll_ctl":
		b := binary.LittleEndian.AppendUint32(nil, c.event.Events)
		s.data = k.lay(binary.LittleEndian.AppendUint64(b, c.event.Data))
	}
	return s
}

// message lays out a struct msghdr without a name and with one buffer.
func message(mem []byte, at, data uintptr, length int, control uintptr, room int) {
	le := binary.LittleEndian
	clear(mem[:headerSize])
	le.PutUint64(mem[16:], uint64(at)+56)
	le.PutUint64(mem[24:], 1)
	le.PutUint64(mem[32:], uint64(control))
	le.PutUint64(mem[40:], uint64(room))
	le.PutUint64(mem[56:], uint64(data))
	le.PutUint64(mem[64:], uint64(length))
}

// run makes the calls of a batch. The error says that the agent has ended.
func (k *kernel) run(steps []step) error {
	s := k.script
	s.Clear()
	k.places = k.places[:0]
	k.trace.clear()
	spares := 0
	for fd := spare; fd < spare+k.patient; fd++ {
		s.Call(syscall.SYS_SOCKET, emu.AF_UNIX, emu.SOCK_DGRAM, 0)
		s.Call(syscall.SYS_DUP2, endA, uintptr(fd))
		s.Call(syscall.SYS_CLOSE, endA)
	}
	for i := range steps {
		k.places = append(k.places, k.add(steps[i].call))
		if steps[i].wait {
			s.Call(syscall.SYS_CLOSE, uintptr(spare+spares))
			s.Call(syscall.SYS_NANOSLEEP, k.pause, 0)
			spares++
		}
		if steps[i].last {
			s.Call(sysClosing, endA, spare-1, 0)
		}
	}
	s.Call(sysClosing, spare, uintptr(^uint32(0)), 0)
	if err := s.Run(); err != nil {
		return err
	}
	for i := range steps {
		k.read(k.calls[steps[i].call], k.places[i])
	}
	return nil
}

// hasRoom reports whether a batch may have so many steps and sequences: each
// sequence has a call at its end, and each time for the collector has five.
func hasRoom(steps, sequences int) bool {
	return sequences <= maxBatch && steps+sequences+5*maxPatient < maxCalls
}

// add adds a call to the script.
func (k *kernel) add(call int) place {
	s, c, at := k.script, k.calls[call], k.statics[call]
	fd, arg0 := uintptr(c.fd), uintptr(c.arg0)
	switch c.Name {
	case "socketpair":
		mem, to := s.Memory(8)
		return place{s.Call(syscall.SYS_SOCKETPAIR, arg0, uintptr(c.Args[1]), uintptr(c.Args[2]), to), mem}
	case "sendto":
		return place{s.Call(syscall.SYS_SENDTO, fd, at.data, uintptr(len(c.buf)), arg0, at.name, uintptr(len(c.name))), nil}
	case "recvfrom":
		if c.name != nil {
			mem, to := k.nameRoom(c, len(c.buf))
			return place{s.Call(syscall.SYS_RECVFROM, fd, to+nameHeader+uintptr(len(c.name)), uintptr(len(c.buf)), arg0, to+nameHeader, to), mem}
		}
		var mem []byte
		to := s.Unmapped()
		if c.Mem[0].Kind == program.Good {
			mem, to = s.Memory(len(c.buf))
		}
		return place{s.Call(syscall.SYS_RECVFROM, fd, to, uintptr(len(c.buf)), arg0, 0, 0), mem}
	case "sendmsg":
		return place{s.Call(syscall.SYS_SENDMSG, fd, at.header, arg0), nil}
	case "recvmsg":
		data, control := len(c.header.Iov[0]), len(c.header.Control)
		mem, to := s.Memory(headerSize + control + data)
		clear(mem[headerSize:][:control])
		where := to + headerSize
		if c.header.Control == nil {
			where = 0
		}
		message(mem, to, to+headerSize+uintptr(control), data, where, control)
		return place{s.Call(syscall.SYS_RECVMSG, fd, to, arg0), mem}
	case "shutdown":
		return place{s.Call(syscall.SYS_SHUTDOWN, fd, arg0), nil}
	case "close":
		return place{s.Call(syscall.SYS_CLOSE, fd), nil}
	case "dup":
		return place{s.Call(syscall.SYS_DUP, fd), nil}
	case "dup2":
		return place{s.Call(syscall.SYS_DUP2, fd, arg0), nil}
	case "fcntl":
		return place{s.Call(syscall.SYS_FCNTL, fd, arg0, uintptr(c.Args[1])), nil}
	case "setsockopt":
		return place{s.Call(syscall.SYS_SETSOCKOPT, fd, arg0, uintptr(c.Args[1]), at.data, uintptr(c.Args[2])), nil}
	case "getsockopt":
		mem, to := s.Memory(4 + len(c.buf))
		binary.LittleEndian.PutUint32(mem, uint32(c.Args[2]))
		copy(mem[4:], c.buf)
		return place{s.Call(syscall.SYS_GETSOCKOPT, fd, arg0, uintptr(c.Args[1]), to+4, to), mem}
	case "ioctl":
		mem, to := s.Memory(len(c.buf))
		clear(mem)
		return place{s.Call(syscall.SYS_IOCTL, fd, arg0, to), mem}
	}
	return k.addReadiness(c, at)
}

// addReadiness is add for poll and epoll.
func (k *kernel) addReadiness(c *prepared, at static) place {
	s, fd, arg0 := k.script, uintptr(c.fd), uintptr(c.arg0)
	switch c.Name {
	case "poll":
		mem, to := s.Memory(8 * len(c.polls))
		for i, f := range c.polls {
			binary.LittleEndian.PutUint64(mem[8*i:], uint64(uint32(f.Fd))|uint64(uint16(f.Events))<<32)
		}
		return place{s.Call(syscall.SYS_POLL, to, uintptr(len(c.polls)), arg0), mem}
	case "epoll_create1":
		return place{s.Call(syscall.SYS_EPOLL_CREATE1, arg0), nil}
	case "epoll_ctl":
		return place{s.Call(syscall.SYS_EPOLL_CTL, fd, arg0, uintptr(c.Args[1]), at.data), nil}
	case "epoll_wait":
		mem, to := s.Memory(sizeofEvent * len(c.events))
		return place{s.Call(syscall.SYS_EPOLL_WAIT, fd, to, uintptr(len(c.events)), uintptr(c.Args[1])), mem}
	}
	return k.addNamed(c, at)
}

// read notes what a call has shown, as emulator.call does.
func (k *kernel) read(c *prepared, p place) {
	n, err, signals := k.script.Result(p.entry)
	t, le := &k.trace, binary.LittleEndian
	switch c.Name {
	case "socketpair":
		t.bytes = append(t.bytes, p.mem...)
	case "recvfrom":
		mem := p.mem
		if c.name != nil {
			k.readName(c, mem, err)
			mem = mem[nameHeader+len(c.name):]
		}
		t.bytes = append(t.bytes, mem[:max(0, min(n, len(mem)))]...)
	case "recvmsg":
		room := len(c.header.Control)
		namelen, controllen, flags := int(int32(le.Uint32(p.mem[8:]))), int(le.Uint64(p.mem[40:])), int(int32(le.Uint32(p.mem[48:])))
		if n < 0 && namelen == 0 && controllen == room && flags == 0 {
			controllen = 0 // the header is as it was
		}
		data := p.mem[headerSize+room:]
		t.message(data[:max(0, min(n, len(data)))], p.mem[headerSize:][:min(controllen, room)], namelen, controllen, flags, k.process.Getpid())
	case "getsockopt":
		if err == 0 {
			peerCred(c.Args[1], p.mem[4:], k.process.Getpid())
			t.bytes = append(t.bytes, p.mem[4:][:le.Uint32(p.mem)]...)
		}
		t.bytes = append(t.bytes, p.mem[:4]...)
	case "ioctl":
		if err == 0 {
			t.bytes = append(t.bytes, p.mem...)
		}
	case "poll":
		for i := range c.polls {
			t.word(int(le.Uint16(p.mem[8*i+6:])))
		}
	case "epoll_wait":
		for i := range max(0, n) {
			t.bytes = append(t.bytes, p.mem[sizeofEvent*i:][:8]...) // the datum has one word
		}
	case "accept4", "getsockname", "getpeername":
		k.readName(c, p.mem, err)
	case "sendmmsg":
		for i := range max(0, n) {
			t.bytes = append(t.bytes, p.mem[manySize*i+manyLen:][:4]...)
		}
	}
	t.add(n, err, signals)
}
