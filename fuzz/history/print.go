package history

import (
	"fmt"
	"strings"

	"sockpair/emu"
	"sockpair/fuzz/model"
	"sockpair/strace"
)

// types are the names of the types.
var types = map[model.Type]string{model.Stream: "SOCK_STREAM", model.Dgram: "SOCK_DGRAM", model.Seqpacket: "SOCK_SEQPACKET"}

// String is the history: its calls in the order in which they began, each
// with its task and the interval in which it ran.
func (h *History) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "socketpair(AF_UNIX, %s, 0, [0, 1]) = 0, dup(0) = 2, dup(1) = 3, SO_SNDBUF %d\n", types[h.Type], SndBuf)
	for _, c := range h.Records {
		fmt.Fprintf(&b, "%4d..%-4d task %-2d %s", c.Begin, c.End, c.Task, c.Line(c.Got))
		if len(c.Naps) > 0 {
			fmt.Fprintf(&b, "  <slept at %v>", c.Naps)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// shown is how many bytes of what was sent or received are printed.
const shown = 12

// Line is the call with its result, in the notation of strace.
func (c Call) Line(r Result) string {
	ret := fmt.Sprint(r.N)
	switch {
	case r.Err != 0:
		ret = "-1 " + r.Err.Name()
	case c.Kind == SoError, c.Kind == Unread, c.Kind == Charged:
		ret = "0"
	case c.Kind == Poll && r.N == 0:
		ret = "0 (Timeout)"
	case c.Kind == Poll:
		ret = fmt.Sprintf("1 ([{fd=%d, revents=%s}])", c.Fd, pollNames.join(r.N))
	}
	return c.call(r) + " = " + ret
}

func (c Call) call(r Result) string {
	out, in := quote(string(c.Data)), quote(r.Data)
	flags := msgNames.join(c.Flags)
	switch c.Kind {
	case Send:
		return fmt.Sprintf("sendto(%d, %s, %d, %s, NULL, 0)", c.Fd, out, len(c.Data), msgNames.join(c.Flags|emu.MSG_NOSIGNAL))
	case SendRights:
		return fmt.Sprintf("sendmsg(%d, %s, %s)", c.Fd, header(out, len(c.Data), c.Other), msgNames.join(c.Flags|emu.MSG_NOSIGNAL))
	case Recv:
		return fmt.Sprintf("recvfrom(%d, %s, %d, %s, NULL, NULL)", c.Fd, in, c.Room, flags)
	case RecvRights:
		return fmt.Sprintf("recvmsg(%d, %s, %s)", c.Fd, header(in, c.Room, r.Fd), flags)
	case Shutdown:
		return fmt.Sprintf("shutdown(%d, %v)", c.Fd, emu.ShutHow(c.How))
	case Close:
		return fmt.Sprintf("close(%d)", c.Fd)
	case Dup:
		return fmt.Sprintf("dup(%d)", c.Fd)
	case Dup2:
		return fmt.Sprintf("dup2(%d, %d)", c.Fd, c.Other)
	case SoError:
		return fmt.Sprintf("getsockopt(%d, SOL_SOCKET, SO_ERROR, [%d], [4])", c.Fd, r.N)
	case Unread:
		return fmt.Sprintf("ioctl(%d, FIONREAD, [%d])", c.Fd, r.N)
	case Charged:
		return fmt.Sprintf("ioctl(%d, SIOCOUTQ, [%d])", c.Fd, r.N)
	}
	return fmt.Sprintf("poll([{fd=%d, events=%s}], 1, 0)", c.Fd, pollNames.join(pollEvents))
}

// header is a msghdr with one buffer, and the descriptor unless that is none.
func header(data string, length, fd int) string {
	control := ""
	if fd != none {
		control = fmt.Sprintf(", msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[%d]}]", fd)
	}
	return fmt.Sprintf("{msg_iov=[{iov_base=%s, iov_len=%d}]%s}", data, length, control)
}

// quote is how strace shows bytes of which there may be many.
func quote(data string) string {
	if len(data) > shown {
		return `"` + strace.Quote([]byte(data[:shown])) + `"...`
	}
	return `"` + strace.Quote([]byte(data)) + `"`
}

// names are the names of bits.
type names []struct {
	bit  int
	name string
}

var (
	msgNames = names{
		{emu.MSG_PEEK, "MSG_PEEK"}, {emu.MSG_TRUNC, "MSG_TRUNC"}, {emu.MSG_DONTWAIT, "MSG_DONTWAIT"}, {emu.MSG_NOSIGNAL, "MSG_NOSIGNAL"},
	}
	pollNames = names{
		{emu.POLLIN, "POLLIN"}, {emu.POLLOUT, "POLLOUT"}, {emu.POLLERR, "POLLERR"}, {emu.POLLHUP, "POLLHUP"}, {emu.POLLRDHUP, "POLLRDHUP"},
	}
)

// join names the bits that programs use; others it shows as a number.
func (n names) join(bits int) string {
	var list []string
	for _, e := range n {
		if bits&e.bit != 0 {
			list = append(list, e.name)
			bits &^= e.bit
		}
	}
	if bits != 0 || len(list) == 0 {
		list = append(list, fmt.Sprintf("%#x", bits))
	}
	return strings.Replace(strings.Join(list, "|"), "0x0", "0", 1)
}
