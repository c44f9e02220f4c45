package program

import (
	"fmt"
	"strings"

	"sockpair/emu"
)

// String is the call in the notation of strace, without its result. Bytes
// that follow from Fill are shown by the first of them and their number.
func (c Call) String() string {
	return c.Name + "(" + strings.Join(c.printArgs(), ", ") + ")"
}

// Line is the call with its result.
func (c Call) Line(r Result) string {
	s := c.String() + " = "
	switch {
	case r.Ended:
		s += "?"
	case r.Err != 0:
		s += "-1 " + r.Err.Name()
	default:
		s += fmt.Sprint(r.Ret)
	}
	if r.Out != "" {
		s += "  /* " + r.Out + " */"
	}
	return s
}

// String is the program, one call a line.
func (p Program) String() string {
	var s strings.Builder
	for _, c := range p {
		fmt.Fprintln(&s, c)
	}
	return s.String()
}

func (c Call) printArgs() []string {
	fd := fmt.Sprint(c.Fd)
	n := func(i int) string { return fmt.Sprint(c.arg(i)) }
	buf := func(i int) string { return c.mem(i).String() + ", " + fmt.Sprint(c.mem(i).len()) }
	if c.isNamed() {
		return c.printNamed()
	}
	switch c.Name {
	case "fork", "clone", "execve", "exit_group", "exit", "kill", "tgkill", "wait4", "rt_sigaction", "rt_sigprocmask", "setuid":
		return c.printTask()
	case "epoll_create1", "epoll_ctl", "epoll_wait", "select":
		return c.printPoller()
	case "pipe2", "splice", "tee", "sendfile":
		return c.printPipe()
	case "eventfd2", "timerfd_create", "timerfd_settime", "timerfd_gettime", "pidfd_open", "pidfd_send_signal", "pidfd_getfd", "preadv2", "pwritev2", "fstat", "waitid":
		return c.printWaitable()
	case "socketpair":
		return []string{domainNames.name(c.arg(0)), typeName(c.arg(1)), n(2), c.mem(0).pointer("[]")}
	case "signal":
		return []string{emu.Signal(c.arg(0)).String(), []string{"SIG_DFL", "SIG_IGN"}[c.arg(1)&1]}
	case "read", "write":
		return []string{fd, buf(0)}
	case "readv", "writev":
		return []string{fd, printVector(c.Mem), fmt.Sprint(len(c.Mem))}
	case "pread64", "pwrite64":
		return []string{fd, buf(0), n(0)}
	case "lseek":
		return []string{fd, n(0), n(1)}
	case "sendto":
		return []string{fd, buf(0), msgFlags.String(c.arg(0)), c.mem(1).String(), fmt.Sprint(c.mem(1).len())}
	case "recvfrom":
		room := "NULL"
		if len(c.Args) > 1 {
			room = "[" + n(1) + "]"
		}
		return []string{fd, buf(0), msgFlags.String(c.arg(0)), c.mem(1).pointer("..."), room}
	case "sendmsg", "recvmsg":
		return []string{fd, c.printMsgs(0), msgFlags.String(c.arg(0))}
	case "sendmmsg", "recvmmsg":
		msgs := make([]string, len(c.Msgs))
		for i := range msgs {
			msgs[i] = "{msg_hdr=" + c.printMsgs(i) + "}"
		}
		args := []string{fd, "[" + strings.Join(msgs, ", ") + "]", fmt.Sprint(len(c.Msgs)), msgFlags.String(c.arg(0))}
		if c.Name == "recvmmsg" {
			args = append(args, "NULL")
		}
		return args
	case "getsockopt", "setsockopt":
		return []string{fd, level(c.arg(0)), optionNames.name(c.arg(1)), c.mem(0).String(), n(2)}
	case "ioctl":
		return []string{fd, requestName(c.arg(0)), c.mem(0).String()}
	case "fcntl":
		return []string{fd, fcntlNames.name(c.arg(0)), printFcntlArg(c.arg(0), c.arg(1))}
	case "shutdown":
		return []string{fd, shutNames.name(c.arg(0))}
	case "dup3":
		return []string{fd, n(0), openFlags.String(c.arg(1))}
	case "close_range":
		return []string{n(0), n(1), n(2)}
	case "poll", "ppoll":
		return c.printPoll()
	case "prlimit64":
		if len(c.Args) < 2 {
			return []string{"0", "RLIMIT_NOFILE", "NULL"}
		}
		return []string{"0", "RLIMIT_NOFILE", "{rlim_cur=" + n(0) + ", rlim_max=" + n(1) + "}"}
	}
	args := []string{fd}
	for i := range c.Args {
		args = append(args, n(i))
	}
	return args
}

// printTask prints the calls that have no descriptor.
func (c Call) printTask() []string {
	n := func(i int) string { return fmt.Sprint(c.arg(i)) }
	pid := n(0)
	if c.arg(0) > 0 {
		pid = fmt.Sprintf("<task %d>", c.arg(0)-1)
	}
	switch c.Name {
	case "kill":
		return []string{pid, emu.Signal(c.arg(1)).String()}
	case "tgkill":
		return []string{pid, pid, emu.Signal(c.arg(1)).String()}
	case "wait4":
		return []string{pid, "...", []string{"0", "WNOHANG"}[c.arg(1)&1], "NULL"}
	case "rt_sigaction":
		d := []string{"SIG_DFL", "SIG_IGN", "handler"}[c.arg(1)%3]
		return []string{emu.Signal(c.arg(0)).String(), fmt.Sprintf("{sa_handler=%s, sa_flags=%#x}", d, uint32(c.arg(2))), "NULL", "8"}
	case "rt_sigprocmask":
		return []string{n(0), "[" + emu.Signal(c.arg(1)).String() + "]", "...", "8"}
	case "exit_group", "exit", "setuid":
		return []string{n(0)}
	}
	return nil
}

func (c Call) printPoll() []string {
	fds := make([]string, len(c.Polls))
	for i, f := range c.Polls {
		fds[i] = fmt.Sprintf("{fd=%d, events=%s}", f.Fd, pollEvents.String(int(uint16(f.Events))))
	}
	args := []string{"[" + strings.Join(fds, ", ") + "]", fmt.Sprint(len(fds)), fmt.Sprint(c.arg(0))}
	if c.Name == "ppoll" {
		ms := c.arg(0)
		args[2] = fmt.Sprintf("{tv_sec=%d, tv_nsec=%d}", ms/1000, ms%1000*1e6)
		args = append(args, "NULL", "8")
	}
	return args
}

func (c Call) printMsgs(i int) string {
	if i >= len(c.Msgs) || c.Msgs[i].Null {
		return "NULL"
	}
	m := c.Msgs[i]
	namelen := m.Name.len()
	if m.Namelen < 0 {
		namelen = m.Namelen
	}
	control, controllen := m.Control.String(), m.Control.len()
	if m.Cmsgs != nil {
		control, controllen = strings.ReplaceAll(fmt.Sprint(m.Cmsgs), "} {", "}, {"), len(encode(m.Cmsgs, 0))
	}
	return fmt.Sprintf("{msg_name=%s, msg_namelen=%d, msg_iov=%s, msg_iovlen=%d, msg_control=%s, msg_controllen=%d}",
		m.Name, namelen, printVector(m.Iov), len(m.Iov), control, controllen)
}

func printVector(v []Mem) string {
	if len(v) > 8 {
		return fmt.Sprintf("[%d buffers]", len(v))
	}
	s := make([]string, len(v))
	for i, m := range v {
		s[i] = fmt.Sprintf("{iov_base=%s, iov_len=%d}", m, m.len())
	}
	return "[" + strings.Join(s, ", ") + "]"
}

// String is the memory as strace writes a string, a structure or a bad address.
func (m Mem) String() string {
	switch {
	case m.Kind == Null:
		return "NULL"
	case m.Kind == Bad:
		return "0xbad"
	case m.Data != nil:
		var s strings.Builder
		for _, b := range m.Data {
			fmt.Fprintf(&s, `\x%02x`, b)
		}
		return `"` + s.String() + `"`
	case m.Len == 0:
		return `""`
	}
	return fmt.Sprintf(`"\x%02x"...`, m.Fill)
}

func (m Mem) pointer(good string) string {
	if m.Kind == Good {
		return good
	}
	return m.String()
}

func typeName(t int) string {
	s := typeNames.name(t & 0xf)
	if rest := t &^ 0xf; rest != 0 {
		s += "|" + strings.ReplaceAll(openFlags.String(rest), "O_", "SOCK_")
	}
	return s
}

func level(n int) string {
	if n == emu.SOL_SOCKET {
		return "SOL_SOCKET"
	}
	return fmt.Sprint(n)
}

func requestName(n int) string { return emu.IoctlReq(n).String() }

func printFcntlArg(cmd, arg int) string {
	if cmd == emu.F_SETFL {
		return openFlags.String(arg)
	}
	return fmt.Sprint(arg)
}
