package program

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"time"

	"sockpair/emu"
	"sockpair/errno"
)

// Result is what a call has done, as far as its caller can see.
type Result struct {
	Ret   int
	Err   errno.Errno
	Ended bool   // the process or the task is no more: the call has not returned
	Out   string // what the call has stored into the caller's memory
}

// Run makes one call of one process. It panics when the name is unknown.
func Run(p Process, c Call) Result {
	return result(c, func() (int, string, error) { return run(p, c) })
}

func result(c Call, call func() (int, string, error)) Result {
	n, out, err := call()
	r := Result{Ret: n, Out: out}
	var ended *emu.Ended
	switch {
	case err == nil:
	case errors.As(err, &ended):
		r = Result{Ret: -1, Ended: true}
	default:
		r.Ret = -1
		if !errors.As(err, &r.Err) {
			panic(fmt.Sprintf("program: %s failed with %v, which is no errno", c.Name, err))
		}
	}
	return r
}

// arg is the i-th number, 0 when the call has fewer.
func (c Call) arg(i int) int {
	if i < len(c.Args) {
		return c.Args[i]
	}
	return 0
}

// mem is the i-th memory, a null pointer when the call has fewer.
func (c Call) mem(i int) Mem {
	if i < len(c.Mem) {
		return c.Mem[i]
	}
	return Mem{Kind: Null}
}

func run(p Process, c Call) (n int, out string, err error) {
	if c.isNamed() {
		return runNamed(p.(namer), c)
	}
	switch c.Name {
	case "socketpair": // domain, type, protocol; memory: the vector
		return runSocketpair(p, c)
	case "read":
		b := c.mem(0).bytes()
		n, err = p.Read(c.Fd, b)
		return n, shown(b, n), err
	case "readv":
		bufs := vector(c.Mem)
		n, err = p.Readv(c.Fd, bufs)
		return n, shownVector(bufs, n), err
	case "write":
		n, err = p.Write(c.Fd, c.mem(0).bytes())
	case "writev":
		n, err = p.Writev(c.Fd, vector(c.Mem))
	case "lseek": // offset, whence
		at, err := p.Lseek(c.Fd, int64(c.arg(0)), c.arg(1))
		return int(at), "", err
	case "pread64": // offset
		n, err = p.Pread(c.Fd, c.mem(0).bytes(), int64(c.arg(0)))
	case "pwrite64": // offset
		n, err = p.Pwrite(c.Fd, c.mem(0).bytes(), int64(c.arg(0)))
	case "ftruncate": // length
		err = p.Ftruncate(c.Fd, int64(c.arg(0)))
	case "fsync":
		err = p.Fsync(c.Fd)
	case "sendto": // flags; memory: bytes, address
		n, err = p.Sendto(c.Fd, c.mem(0).bytes(), c.arg(0), c.mem(1).bytes())
	case "recvfrom", "sendmsg", "recvmsg", "sendmmsg", "recvmmsg":
		return runMessage(p, c)
	case "shutdown": // how
		err = p.Shutdown(c.Fd, c.arg(0))
	case "close":
		err = p.Close(c.Fd)
	case "close_range": // first, last, flags
		err = p.CloseRange(uint(c.arg(0)), uint(c.arg(1)), c.arg(2))
	case "dup":
		n, err = p.Dup(c.Fd)
	case "dup2": // newfd
		n, err = p.Dup2(c.Fd, c.arg(0))
	case "dup3": // newfd, flags
		n, err = p.Dup3(c.Fd, c.arg(0), c.arg(1))
	case "fcntl": // command, argument
		n, err = p.Fcntl(c.Fd, c.arg(0), c.arg(1))
	case "ioctl": // request
		b := c.mem(0).bytes()
		n, err = p.Ioctl(c.Fd, uint(c.arg(0)), b)
		return n, hex(b), err
	case "getsockopt", "setsockopt", "getsockname", "getpeername":
		return runOption(p, c)
	case "poll", "ppoll": // time-out in milliseconds
		return runPoll(p, c)
	case "epoll_create1", "epoll_ctl", "epoll_wait", "select":
		return runPoller(p.(poller), c)
	case "pipe2", "splice", "tee", "sendfile":
		return runPipe(p, c)
	case "eventfd2", "timerfd_create", "timerfd_settime", "timerfd_gettime", "pidfd_open", "pidfd_send_signal", "pidfd_getfd", "preadv2", "pwritev2", "fstat":
		return runWaitable(p, c, ownOrNobody(p))
	case "waitid": // kind, id, options
		return runWaitid(p, c, c.arg(1), func(pid int) int { return pid })
	case "prlimit64": // soft and hard limit of descriptors; without: a look
		return runLimit(p, c)
	case "signal": // signal, disposition: SIG_DFL or SIG_IGN
		err = p.Sigaction(emu.Signal(c.arg(0)), &emu.SigAction{Disposition: emu.Disposition(c.arg(1))}, nil)
	default:
		panic("program: unknown call " + c.Name)
	}
	return n, "", err
}

func runSocketpair(p Process, c Call) (int, string, error) {
	sv := &[2]int{-7, -7}
	if c.mem(0).Kind == Null {
		sv = nil
	}
	err := p.Socketpair(c.arg(0), c.arg(1), c.arg(2), sv)
	if sv == nil {
		return 0, "", err
	}
	return 0, fmt.Sprintf("[%d, %d]", sv[0], sv[1]), err
}

// runMessage makes the calls that have an address or a header.
func runMessage(p Process, c Call) (n int, out string, err error) {
	switch c.Name {
	case "recvfrom": // flags, *namelen; memory: bytes, address
		b, name := c.mem(0).bytes(), c.mem(1).bytes()
		var room *int
		if len(c.Args) > 1 {
			v := c.Args[1]
			room = &v
		}
		n, err = p.Recvfrom(c.Fd, b, c.arg(0), name, room)
		out = shown(b, n)
		if room != nil && err == nil {
			out += fmt.Sprintf(" %s [%d]", shownName(name, *room), *room)
		}
	case "sendmsg": // flags
		n, err = p.Sendmsg(c.Fd, c.header(p.Getpid()), c.arg(0))
	case "recvmsg": // flags
		m := c.header(p.Getpid())
		n, err = p.Recvmsg(c.Fd, m, c.arg(0))
		if m != nil {
			out = shownHeader(m, n, p.Getpid())
		}
	case "sendmmsg": // flags
		msgs := c.headers(p.Getpid())
		n, err = p.Sendmmsg(c.Fd, msgs, c.arg(0))
		for i := range done(msgs, n) {
			out += fmt.Sprintf("{%d}", msgs[i].Len)
		}
	case "recvmmsg": // flags
		msgs := c.headers(p.Getpid())
		n, err = p.Recvmmsg(c.Fd, msgs, c.arg(0), nil)
		for i := range done(msgs, n) {
			out += fmt.Sprintf("{%s, %d}", shownHeader(&msgs[i].Msghdr, msgs[i].Len, p.Getpid()), msgs[i].Len)
		}
	}
	return n, out, err
}

func done(msgs []emu.Mmsghdr, n int) []emu.Mmsghdr { return msgs[:max(0, min(n, len(msgs)))] }

// header makes the first message; nil when there is none.
func (c Call) header(own int) *emu.Msghdr {
	if len(c.Msgs) == 0 || c.Msgs[0].Null {
		return nil
	}
	h := c.Msgs[0].header(own)
	return &h
}

func (m Msg) header(own int) emu.Msghdr {
	control := m.Control.bytes()
	if m.Cmsgs != nil {
		control = encode(m.Cmsgs, own)
	}
	return emu.Msghdr{Name: m.Name.bytes(), Namelen: m.Namelen, Iov: vector(m.Iov), Control: control}
}

func (c Call) headers(own int) []emu.Mmsghdr {
	if c.Msgs == nil {
		return nil
	}
	msgs := make([]emu.Mmsghdr, len(c.Msgs))
	for i, m := range c.Msgs {
		msgs[i].Msghdr = m.header(own)
	}
	return msgs
}

func runOption(p Process, c Call) (n int, out string, err error) {
	switch c.Name {
	case "setsockopt": // level, name, length
		return 0, "", p.Setsockopt(c.Fd, c.arg(0), c.arg(1), c.mem(0).bytes(), c.arg(2))
	case "getsockopt": // level, name, *length
		val, room := c.mem(0).bytes(), c.arg(2)
		err = p.Getsockopt(c.Fd, c.arg(0), c.arg(1), val, &room)
		if err == nil && c.arg(0) == emu.SOL_SOCKET && c.arg(1) == emu.SO_PEERCRED {
			hidePid(val, p.Getpid())
		}
		stored := val[:max(0, min(room, len(val)))]
		if c.arg(1) == emu.SO_PEERNAME && err == nil && len(stored) <= 8 {
			return 0, fmt.Sprintf("%s [%d]", shownName(append(stored, make([]byte, 8-len(stored))...), 8), room), err
		}
		return 0, fmt.Sprintf("%s [%d]", hex(stored), room), err
	}
	name, room := c.mem(0).bytes(), c.arg(0) // *length
	call := p.Getsockname
	if c.Name == "getpeername" {
		call = p.Getpeername
	}
	if err = call(c.Fd, name, &room); err != nil {
		return 0, "", err
	}
	return 0, fmt.Sprintf("%s [%d]", shownName(name, room), room), nil
}

// hidePid makes the credentials of two machines comparable: the process's own
// id becomes -1.
func hidePid(cred []byte, own int) {
	if len(cred) >= 4 && int(binary.LittleEndian.Uint32(cred)) == own {
		binary.LittleEndian.PutUint32(cred, 1<<32-1)
	}
}

func runPoll(p Process, c Call) (n int, out string, err error) {
	fds := append([]emu.PollFd(nil), c.Polls...)
	if c.Name == "poll" {
		n, err = p.Poll(fds, c.arg(0))
	} else {
		limit := time.Duration(c.arg(0)) * time.Millisecond
		n, err = p.Ppoll(fds, &limit, nil)
	}
	for i, f := range fds {
		if f.Revents != 0 && err == nil {
			out += fmt.Sprintf("{%d: %d, %#x}", i, f.Fd, uint16(f.Revents))
		}
	}
	return n, out, err
}

func runLimit(p Process, c Call) (int, string, error) {
	var limit *emu.Rlimit
	if len(c.Args) == 2 {
		limit = &emu.Rlimit{Cur: uint64(c.Args[0]), Max: uint64(c.Args[1])}
	}
	var old emu.Rlimit
	err := p.Prlimit(0, emu.RLIMIT_NOFILE, limit, &old)
	return 0, fmt.Sprintf("{%d, %d}", old.Cur, old.Max), err
}

// shown is what a receive of n bytes has stored: short data as it is, long
// data by its beginning, length and checksum.
func shown(b []byte, n int) string {
	if n < 0 {
		return ""
	}
	b = b[:min(n, len(b))]
	if len(b) <= 8 {
		return hex(b)
	}
	return fmt.Sprintf("%s...(%d, %08x)", hex(b[:4]), len(b), crc32.ChecksumIEEE(b))
}

func shownVector(bufs [][]byte, n int) string {
	var all []byte
	for _, b := range bufs {
		all = append(all, b...)
	}
	return shown(all, n)
}

// shownHeader is what a receive of n bytes has put into a header; when it has
// failed the header must be as it was.
func shownHeader(m *emu.Msghdr, n, own int) string {
	s := fmt.Sprintf("namelen %d, controllen %d, flags %#x", m.Namelen, m.Controllen, m.Flags)
	if n < 0 {
		return s
	}
	control := m.Control[:max(0, min(m.Controllen, len(m.Control)))]
	return shownVector(m.Iov, n) + shownName(m.Name, m.Namelen) + shownControl(control, own) + ", " + s
}

func hex(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		fmt.Fprintf(&s, "%02x", c)
	}
	return s.String()
}
