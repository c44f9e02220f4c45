package emu

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"sockpair/errno"
)

// compat is bit 31, MSG_CMSG_COMPAT, as a C int has it.
const compat = math.MinInt32

// sockaddr is an address with a path.
func sockaddr(family uint16, path string) []byte {
	return append(binary.LittleEndian.AppendUint16(nil, family), path...)
}

// cmsg is a control message in Linux's layout, which claims to be of n bytes.
func cmsg(n uint64, level, typ uint32, data ...byte) []byte {
	b := binary.LittleEndian.AppendUint64(nil, n)
	b = binary.LittleEndian.AppendUint32(b, level)
	b = binary.LittleEndian.AppendUint32(b, typ)
	return append(b, data...)
}

// vec is one buffer of n bytes.
func vec(n int) [][]byte { return [][]byte{make([]byte, n)} }

// mmsg are n messages with a buffer of size bytes each; Len is what nobody sets.
func mmsg(n, size int) []Mmsghdr {
	m := make([]Mmsghdr, n)
	for i := range m {
		m[i] = Mmsghdr{Msghdr{Iov: vec(size)}, -5}
	}
	return m
}

// lens are the lengths of messages as text.
func lens(m []Mmsghdr) string {
	var all []int
	for i := range m {
		all = append(all, m[i].Len)
	}
	return fmt.Sprint(all)
}

// [K] Each single bit of a send's flags, but MSG_OOB.
func TestUnknownSendFlagsAreIgnored(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		for n := 1; n < 31; n++ {
			flag := 1 << n
			m := Msghdr{Iov: vec(3), Flags: -1} // Flags of the header are not looked at
			gives(t, fmt.Sprintf("Sendmsg with %#x", flag), 3)(p.Sendmsg(a, &m, flag))
			equal(t, "Flags of the header", m.Flags, -1)
			gives(t, fmt.Sprintf("Send with %#x", flag), 3)(p.Send(a, make([]byte, 3), flag))
			for range 2 {
				got := Msghdr{Iov: vec(3)}
				gives(t, "Recvmsg", 3)(p.Recvmsg(b, &got, MSG_DONTWAIT))
				equal(t, fmt.Sprintf("Flags after a send with %#x", flag), got.Flags, 0)
			}
		}
		for _, flags := range []int{0x7ffffffe, -2} {
			gives(t, fmt.Sprintf("Send with %#x", flags), 3)(p.Send(a, make([]byte, 3), flags))
		}
	})
}

// [K] Each single bit of a receive's flags, but MSG_OOB, with five bytes
// queued and room for three.
func TestReceiveFlags(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		stream := typ == SOCK_STREAM
		a, b := p.pair(typ)
		for n := 1; n < 31; n++ {
			flag := 1 << n
			want, shown, left := 3, MSG_TRUNC, ""
			if stream {
				shown, left = 0, "de"
			}
			switch flag {
			case MSG_PEEK:
				left = "abcde"
			case MSG_TRUNC:
				if !stream {
					want = 5
				}
			case MSG_CMSG_CLOEXEC:
				shown |= MSG_CMSG_CLOEXEC
			}
			p.send(a, "abcde")
			expr := fmt.Sprintf("Recvmsg with %#x", flag)
			m := Msghdr{Iov: vec(3), Name: make([]byte, 9), Namelen: 9, Control: make([]byte, 24), Controllen: 24, Flags: -1}
			gives(t, expr, want)(p.Recvmsg(b, &m, flag|MSG_DONTWAIT))
			equal(t, expr+" Flags", m.Flags, shown)
			equal(t, expr+" Namelen, Controllen", [2]int{m.Namelen, m.Controllen}, [2]int{0, 0})
			equal(t, expr+" data", string(m.Iov[0]), "abc")
			if left != "" {
				p.recv(b, left)
			}
			p.recvFails(b, errno.EAGAIN)
		}
	})
}

// [K] Combinations, with "abcde" and "fg" queued: what the call returns with
// room for 0, 3, 5 and 10 bytes, and whether it takes.
func TestReceiveFlagsTogether(t *testing.T) {
	rows := []struct {
		flags           int
		stream, message [4]int
		stays           bool
	}{
		{MSG_PEEK | MSG_TRUNC, [4]int{0, 3, 5, 7}, [4]int{5, 5, 5, 5}, true},
		{MSG_PEEK | MSG_WAITALL, [4]int{0, 3, 5, 7}, [4]int{0, 3, 5, 5}, true},
		{MSG_TRUNC | MSG_WAITALL | MSG_DONTWAIT, [4]int{0, 3, 5, 7}, [4]int{5, 5, 5, 5}, false},
		{MSG_WAITALL | MSG_DONTWAIT, [4]int{0, 3, 5, 7}, [4]int{0, 3, 5, 5}, false},
		{MSG_PEEK, [4]int{0, 3, 5, 7}, [4]int{0, 3, 5, 5}, true},
	}
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		for _, r := range rows {
			for i, room := range []int{0, 3, 5, 10} {
				a, b := p.pair(typ)
				p.send(a, "abcde")
				p.send(a, "fg")
				want := r.message[i]
				if typ == SOCK_STREAM {
					want = r.stream[i]
				}
				gives(t, fmt.Sprintf("Recv(%d) with %#x", room, r.flags), want)(p.Recv(b, make([]byte, room), r.flags))
				switch {
				case typ == SOCK_STREAM && r.stays:
					p.recv(b, "abcdefg")
				case typ == SOCK_STREAM && want < 7:
					p.recv(b, "abcdefg"[want:])
				case typ != SOCK_STREAM && r.stays:
					p.recv(b, "abcde")
					p.recv(b, "fg")
				case typ != SOCK_STREAM:
					p.recv(b, "fg")
				}
				p.recvFails(b, errno.EAGAIN)
				p.close(a, b)
			}
		}
	})
}

// Bit 31 is refused by the message forms before anything is looked at, and is
// ignored by the others [K].
func TestCompatFlagIsRefusedByTheMessageForms(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		gives(t, "Send", 2)(p.Send(a, []byte("ab"), compat))
		for _, fd := range []int{a, 99} {
			fails(t, "Sendmsg", errno.EINVAL)(p.Sendmsg(fd, &Msghdr{Iov: vec(1)}, compat))
			fails(t, "Sendmmsg", errno.EINVAL)(p.Sendmmsg(fd, mmsg(1, 1), compat))
			fails(t, "Sendmmsg of none", errno.EINVAL)(p.Sendmmsg(fd, nil, compat))
			m := Msghdr{Iov: vec(1), Namelen: 7, Controllen: 8, Flags: 9}
			fails(t, "Recvmsg", errno.EINVAL)(p.Recvmsg(fd, &m, compat))
			equal(t, "header", fmt.Sprint(m.Namelen, m.Controllen, m.Flags), "7 8 9")
			fails(t, "Recvmmsg", errno.EINVAL)(p.Recvmmsg(fd, mmsg(1, 1), compat, nil))
			fails(t, "Recvmmsg of none", errno.EINVAL)(p.Recvmmsg(fd, nil, compat, nil))
		}
		gives(t, "Recv", 2)(p.Recv(b, make([]byte, 2), compat))
	})
}

func TestMessageTypesHaveNoOutOfBandData(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		for _, n := range []int{0, 1, 5} {
			fails(t, "Send MSG_OOB", errno.EOPNOTSUPP)(p.Send(a, make([]byte, n), MSG_OOB))
			fails(t, "Recv MSG_OOB", errno.EOPNOTSUPP)(p.Recv(b, make([]byte, n), MSG_OOB))
		}
		fails(t, "Sendmsg MSG_OOB", errno.EOPNOTSUPP)(p.Sendmsg(a, &Msghdr{}, MSG_OOB))
		fails(t, "Recvmsg MSG_OOB", errno.EOPNOTSUPP)(p.Recvmsg(b, &Msghdr{}, MSG_OOB))
		p.send(a, "data")
		fails(t, "Recv MSG_OOB with data", errno.EOPNOTSUPP)(p.Recv(b, make([]byte, 5), MSG_OOB|MSG_PEEK))
		p.recv(b, "data")
	}, SOCK_DGRAM, SOCK_SEQPACKET)
}

// What is wrong with a header is told in this order, and nothing is sent or taken.
func TestHeaderIsCheckedFirst(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		fails(t, "Sendmsg of nil", errno.EFAULT)(p.Sendmsg(a, nil, 0))
		fails(t, "Recvmsg into nil", errno.EFAULT)(p.Recvmsg(a, nil, 0))
		over := make([][]byte, IOV_MAX+1)
		gives(t, "Sendmsg, Namelen -1 and no name", 1)(p.Sendmsg(a, &Msghdr{Iov: vec(1), Namelen: -1}, 0))
		gives(t, "Recvmsg, Namelen -1 and no name", 1)(p.Recvmsg(b, &Msghdr{Iov: vec(1), Namelen: -1}, MSG_DONTWAIT))
		fails(t, "Sendmsg, Namelen -1", errno.EINVAL)(p.Sendmsg(a, &Msghdr{Iov: over, Name: []byte("x"), Namelen: -1}, 0))
		fails(t, "Recvmsg, Namelen -1", errno.EINVAL)(p.Recvmsg(a, &Msghdr{Iov: over, Name: []byte("x"), Namelen: -1}, 0))
		fails(t, "Sendmsg, too many buffers", errno.EMSGSIZE)(p.Sendmsg(a, &Msghdr{Iov: over}, 0))
		p.send(a, "data")
		fails(t, "Recvmsg, Namelen -1, with data", errno.EINVAL)(p.Recvmsg(b, &Msghdr{Iov: vec(4), Name: []byte("x"), Namelen: -1}, 0))
		fails(t, "Recvmsg, too many buffers", errno.EMSGSIZE)(p.Recvmsg(b, &Msghdr{Iov: over}, 0))
		p.recv(b, "data")
		m := Msghdr{Iov: vec(1), Name: []byte("x"), Namelen: 7, Controllen: 8, Flags: 9}
		fails(t, "Recvmsg of nothing", errno.EAGAIN)(p.Recvmsg(b, &m, MSG_DONTWAIT))
		equal(t, "header after a failure", fmt.Sprint(m.Namelen, m.Controllen, m.Flags), "7 8 9")
	})
}

// [K] An address given to a send, by its form.
func TestAddressOfASend(t *testing.T) {
	path := sockaddr(AF_UNIX, "/no/such/path")
	rows := []struct {
		name                     string
		to                       []byte
		stream, seqpacket, dgram errno.Errno
	}{
		{"none", nil, 0, 0, 0}, {"of no bytes", []byte{}, 0, 0, 0}, {"bad memory of no bytes", BadAddress(0), 0, 0, 0},
		{"bad memory", BadAddress(9), errno.EFAULT, errno.EFAULT, errno.EFAULT},
		{"one byte", []byte{1}, errno.EISCONN, 0, errno.EINVAL},
		{"family only", sockaddr(AF_UNIX, ""), errno.EISCONN, 0, errno.EINVAL},
		{"of AF_UNSPEC", sockaddr(AF_UNSPEC, "/x"), errno.EISCONN, 0, errno.EINVAL},
		{"of AF_INET", sockaddr(AF_INET, "/x"), errno.EISCONN, 0, errno.EINVAL},
		{"missing path", path, errno.EISCONN, 0, errno.ENOENT},
		{"abstract", sockaddr(AF_UNIX, "\x00abc"), errno.EISCONN, 0, errno.ECONNREFUSED},
		{"longest", sockaddr(AF_UNIX, strings.Repeat("x", 108)), errno.EISCONN, 0, errno.ENOENT},
		{"111 bytes", sockaddr(AF_UNIX, strings.Repeat("x", 109)), errno.EISCONN, 0, errno.EINVAL},
		{"128 bytes", sockaddr(AF_UNIX, strings.Repeat("x", 126)), errno.EISCONN, 0, errno.EINVAL},
	}
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		for _, r := range rows {
			want := map[int]errno.Errno{SOCK_STREAM: r.stream, SOCK_SEQPACKET: r.seqpacket, SOCK_DGRAM: r.dgram}[typ]
			has(t, "Sendto, address "+r.name, 2, want)(p.Sendto(a, []byte("ab"), 0, r.to))
			has(t, "Sendmsg, address "+r.name, 2, want)(p.Sendmsg(a, &Msghdr{Name: r.to, Namelen: len(r.to), Iov: vec(2)}, 0))
			if want == 0 {
				p.Recv(b, make([]byte, 2), MSG_DONTWAIT)
				p.Recv(b, make([]byte, 2), MSG_DONTWAIT)
			}
			p.recvFails(b, errno.EAGAIN)
		}
		long := make([]byte, 129)
		fails(t, "Sendto, address of 129 bytes", errno.EINVAL)(p.Sendto(a, nil, 0, long))
		want := map[int]errno.Errno{SOCK_STREAM: errno.EISCONN, SOCK_SEQPACKET: 0, SOCK_DGRAM: errno.EINVAL}[typ]
		has(t, "Sendmsg, address of 129 bytes", 0, want)(p.Sendmsg(a, &Msghdr{Name: long, Namelen: 129}, 0))
	})
}

// [K] Of two mistakes of a send the one is told that comes first in this
// order: the address in bad memory, control messages, MSG_OOB, the address'
// form, the length, the state, room, the data, the look-up.
func TestSendMistakesComeInOrder(t *testing.T) {
	bad, form, missing := BadAddress(9), sockaddr(AF_INET, "x"), sockaddr(AF_UNIX, "/x")
	type args struct {
		name, control []byte
		oob           int
		data          [][]byte
	}
	malformed, tooLong, badData := cmsg(1, SOL_SOCKET, 1), vec(300000), [][]byte{BadAddress(1)}
	rows := []struct {
		what  string
		args  args
		state string
		want  [3]errno.Errno // stream, dgram, seqpacket
	}{
		{"bad address, bad control", args{name: bad, control: malformed}, "", [3]errno.Errno{errno.EFAULT, errno.EFAULT, errno.EFAULT}},
		{"bad address, OOB", args{name: bad, oob: MSG_OOB}, "", [3]errno.Errno{errno.EFAULT, errno.EFAULT, errno.EFAULT}},
		{"bad control memory, shut", args{control: bad}, "shut", [3]errno.Errno{errno.EFAULT, errno.EFAULT, errno.EFAULT}},
		{"bad control memory, 24 bytes, reset", args{control: BadAddress(24)}, "reset", [3]errno.Errno{errno.EFAULT, errno.EFAULT, errno.EFAULT}},
		{"malformed control, address", args{control: malformed, name: form}, "", [3]errno.Errno{errno.EINVAL, errno.EINVAL, errno.EINVAL}},
		{"malformed control, reset", args{control: malformed}, "reset", [3]errno.Errno{errno.EINVAL, errno.EINVAL, errno.ECONNRESET}},
		{"address, shut", args{name: form}, "shut", [3]errno.Errno{errno.EISCONN, errno.EINVAL, errno.EPIPE}},
		{"address, full", args{name: form}, "full", [3]errno.Errno{errno.EISCONN, errno.EINVAL, errno.EAGAIN}},
		{"address, too long", args{name: form, data: tooLong}, "", [3]errno.Errno{errno.EISCONN, errno.EINVAL, errno.EMSGSIZE}},
		{"address, bad data", args{name: form, data: badData}, "", [3]errno.Errno{errno.EISCONN, errno.EINVAL, errno.EFAULT}},
		{"too long, shut", args{data: tooLong}, "shut", [3]errno.Errno{errno.EPIPE, errno.EMSGSIZE, errno.EMSGSIZE}},
		{"too long, reset", args{data: tooLong}, "reset", [3]errno.Errno{errno.EPIPE, errno.EMSGSIZE, errno.ECONNRESET}},
		{"missing path, shut", args{name: missing}, "shut", [3]errno.Errno{errno.EISCONN, errno.EPIPE, errno.EPIPE}},
		{"missing path, full", args{name: missing}, "full", [3]errno.Errno{errno.EISCONN, errno.EAGAIN, errno.EAGAIN}},
		{"missing path, bad data", args{name: missing, data: badData}, "", [3]errno.Errno{errno.EISCONN, errno.EFAULT, errno.EFAULT}},
		{"shut, bad data", args{data: badData}, "shut", [3]errno.Errno{errno.EPIPE, errno.EPIPE, errno.EPIPE}},
		{"full, bad data", args{data: badData}, "full", [3]errno.Errno{errno.EAGAIN, errno.EAGAIN, errno.EAGAIN}},
		{"peer closed, bad data", args{data: badData}, "closed", [3]errno.Errno{errno.EPIPE, errno.EFAULT, errno.EPIPE}},
		{"peer shut, bad data", args{data: badData}, "peer shut", [3]errno.Errno{errno.EPIPE, errno.EFAULT, errno.EPIPE}},
	}
	for i, typ := range allTypes {
		for _, r := range rows {
			p := newProg(t, Config{})
			a, b := p.pair(typ)
			switch r.state {
			case "shut":
				p.shutdown(a, SHUT_WR)
			case "peer shut":
				p.shutdown(b, SHUT_RD)
			case "full":
				p.fill(a, 1000)
			case "closed":
				p.close(b)
			case "reset":
				p.send(a, "unread")
				p.close(b)
			}
			m := Msghdr{Name: r.args.name, Namelen: len(r.args.name), Control: r.args.control, Controllen: len(r.args.control), Iov: r.args.data}
			if m.Iov == nil {
				m.Iov = vec(1)
			}
			expr := fmt.Sprintf("%s: Sendmsg with %s", typeNames[typ], r.what)
			fails(t, expr, r.want[i])(p.Sendmsg(a, &m, r.args.oob|MSG_DONTWAIT|MSG_NOSIGNAL))
		}
	}
}

// The pending reset of a SOCK_SEQPACKET comes before MSG_OOB too [K].
func TestPendingErrorComesBeforeOutOfBand(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_SEQPACKET)
	p.send(a, "unread")
	p.close(b)
	fails(t, "Recv MSG_OOB", errno.EOPNOTSUPP)(p.Recv(a, make([]byte, 1), MSG_OOB))
	fails(t, "Send MSG_OOB", errno.ECONNRESET)(p.Send(a, make([]byte, 1), MSG_OOB))
	fails(t, "Send MSG_OOB", errno.EOPNOTSUPP)(p.Send(a, make([]byte, 1), MSG_OOB))
}

// [K] Control messages by their form.
func TestControlMessagesByTheirForm(t *testing.T) {
	const ip = 41
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		for _, r := range []struct {
			name    string
			control []byte
			want    errno.Errno
		}{
			{"none", nil, 0}, {"of no bytes", []byte{}, 0},
			{"shorter than a header", cmsg(1, SOL_SOCKET, 1)[:15], 0},
			{"length 0", cmsg(0, SOL_SOCKET, 1), errno.EINVAL}, {"length 15", cmsg(15, ip, 0), errno.EINVAL},
			{"length beyond the end", cmsg(17, ip, 0), errno.EINVAL}, {"huge length", cmsg(math.MaxUint64, ip, 0), errno.EINVAL},
			{"unknown type", cmsg(16, SOL_SOCKET, 99), errno.EINVAL},
			{"other level", cmsg(16, ip, 1), 0},
			{"other level and a tail", append(cmsg(16, ip, 1), make([]byte, 14)...), 0},
			{"other level, then a short one", append(cmsg(17, ip, 1, make([]byte, 8)...), cmsg(5, ip, 1)...), errno.EINVAL},
			{"other level up to the odd end", cmsg(17, ip, 1, 0), 0},
			{"in bad memory", BadAddress(16), errno.EFAULT},
			{"in bad memory, short", BadAddress(1), errno.EFAULT},
		} {
			m := Msghdr{Iov: vec(2), Control: r.control, Controllen: len(r.control)}
			has(t, "Sendmsg, control "+r.name, 2, r.want)(p.Sendmsg(a, &m, 0))
			if r.want == 0 {
				gives(t, "Recv", 2)(p.Recv(b, make([]byte, 2), MSG_DONTWAIT))
			}
			p.recvFails(b, errno.EAGAIN)
		}
	})
}

// [K] The room for the sender's name: it has none, so its length is 0.
func TestRecvfromStoresTheLengthOfNoName(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		for _, r := range []struct {
			name string
			room []byte
			have int // -100: a nil pointer
			want errno.Errno
			then int
		}{
			{"no room, length 7", nil, 7, 0, 7}, {"no room, no length", nil, -100, 0, -100}, {"room", make([]byte, 9), 9, 0, 0},
			{"length 0", []byte{}, 0, 0, 0}, {"bad room", BadAddress(9), 9, 0, 0},
			{"no length", []byte{}, -100, errno.EFAULT, -100}, {"length -1", make([]byte, 9), -1, errno.EINVAL, -1},
		} {
			n := r.have
			at := &n
			if r.have == -100 {
				at = nil
			}
			fails(t, "Recvfrom, empty, "+r.name, errno.EAGAIN)(p.Recvfrom(b, make([]byte, 2), MSG_DONTWAIT, r.room, at))
			equal(t, "length after EAGAIN", n, r.have)
			p.send(a, "ab")
			has(t, "Recvfrom, "+r.name, 2, r.want)(p.Recvfrom(b, make([]byte, 2), MSG_DONTWAIT, r.room, at))
			equal(t, "length after Recvfrom, "+r.name, n, r.then)
			p.recvFails(b, errno.EAGAIN) // also a failure has taken the data
		}
	})
}

// Getsockname and Getpeername store as much as there is room for, and the true length.
func TestNameIsCutToItsRoom(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		for call, name := range map[string]func(int, []byte, *int) error{"Getsockname": p.Getsockname, "Getpeername": p.Getpeername} {
			says(t, call+" without a length", errno.EFAULT)(name(a, make([]byte, 9), nil))
			n := -1
			says(t, call+", length -1", errno.EINVAL)(name(a, nil, &n))
			for room, want := range []string{"\xff\xff\xff", "\x01\xff\xff", "\x01\x00\xff", "\x01\x00\xff"} {
				got, n := []byte("\xff\xff\xff"), room
				says(t, call, 0)(name(a, got, &n))
				equal(t, fmt.Sprintf("%s, room for %d: %q and its length", call, room, got), n, 2)
				equal(t, call+" stored", string(got), want)
			}
			n = 0
			says(t, call+" into nil, length 0", 0)(name(a, nil, &n))
			equal(t, "length", n, 2)
			says(t, call+" into nil, length 2", errno.EFAULT)(name(a, nil, &n))
			says(t, call+" into bad memory", errno.EFAULT)(name(a, BadAddress(2), &n))
			equal(t, "length after a failure", n, 2)
		}
		p.shutdown(a, SHUT_RDWR)
		p.close(b)
		n := 0
		says(t, "Getpeername after shutdown and the peer's close", p.sys.rules.Addresses.ShutDown)(p.Getpeername(a, nil, &n))
	})
}

// [K] Sendmmsg counts the messages that went; an error after the first is dropped.
func TestSendmmsgCountsWhatWent(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		gives(t, "Sendmmsg of none", 0)(p.Sendmmsg(a, nil, 0))
		p.recvFails(b, errno.EAGAIN)

		m := mmsg(4, 100000)
		gives(t, "Sendmmsg of 4 x 100000", 3)(p.Sendmmsg(a, m, MSG_DONTWAIT))
		want := "[100000 100000 100000 -5]"
		if typ == SOCK_STREAM {
			want = "[100000 100000 36544 -5]" // a short entry counts and ends the call
		}
		equal(t, "lengths", lens(m), want)
		fails(t, "Sendmmsg into a full buffer", errno.EAGAIN)(p.Sendmmsg(a, m, MSG_DONTWAIT))
		equal(t, "SO_ERROR", p.soError(a), 0)
		p.close(a, b)

		a, _ = p.pair(typ)
		m = mmsg(3, 10)
		m[1].Iov = [][]byte{BadAddress(10)}
		gives(t, "Sendmmsg, the second in bad memory", 1)(p.Sendmmsg(a, m, 0))
		equal(t, "lengths", lens(m), "[10 -5 -5]")
		equal(t, "SO_ERROR", p.soError(a), 0)
		fails(t, "Sendmmsg, the first in bad memory", errno.EFAULT)(p.Sendmmsg(a, m[1:], 0))
		m = mmsg(3, 10)
		m[2].Name, m[2].Namelen = []byte("x"), -1
		gives(t, "Sendmmsg, the third with a negative length", 2)(p.Sendmmsg(a, m, 0))
		p.shutdown(a, SHUT_WR)
		fails(t, "Sendmmsg after SHUT_WR", errno.EPIPE)(p.Sendmmsg(a, m, MSG_NOSIGNAL))
	})
}

// [K] Both calls look at IOV_MAX messages at most.
func TestNumberOfMessagesIsCut(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.setInt(a, SO_SNDBUF, 4000000)
		gives(t, "Sendmmsg of 1500", 1024)(p.Sendmmsg(a, mmsg(1500, 1), 0))
		gives(t, "Sendmmsg of 1500", 1024)(p.Sendmmsg(a, mmsg(1500, 1), 0))
		gives(t, "Recvmmsg of 1500", 1024)(p.Recvmmsg(b, mmsg(1500, 1), MSG_DONTWAIT, nil))
	})
}

// [K] Recvmmsg receives until there is nothing, and at end of file fills every entry.
func TestRecvmmsgCountsWhatCame(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		stream := typ == SOCK_STREAM
		a, b := p.pair(typ)
		gives(t, "Recvmmsg of none", 0)(p.Recvmmsg(b, nil, 0, nil))
		fails(t, "Recvmmsg, empty", errno.EAGAIN)(p.Recvmmsg(b, mmsg(4, 9), MSG_DONTWAIT, nil))
		room, count, want := 9, 3, "[1 2 3 -5]"
		if stream {
			room, count, want = 2, 3, "[2 2 2 -5]"
		}
		for _, s := range []string{"a", "ab", "abc"} {
			p.send(a, s)
		}
		m := mmsg(4, room)
		gives(t, "Recvmmsg", count)(p.Recvmmsg(b, m, MSG_DONTWAIT, nil))
		equal(t, "lengths", lens(m), want)
		equal(t, "SO_ERROR", p.soError(b), 0)

		p.send(a, "last")
		p.shutdown(a, SHUT_WR)
		m = mmsg(4, 9)
		if typ == SOCK_DGRAM {
			gives(t, "Recvmmsg", 1)(p.Recvmmsg(b, m, MSG_DONTWAIT, nil))
			equal(t, "lengths", lens(m), "[4 -5 -5 -5]")
			p.shutdown(b, SHUT_RD)
			m = mmsg(4, 9)
			gives(t, "Recvmmsg after SHUT_RD", 4)(p.Recvmmsg(b, m, 0, nil))
			equal(t, "lengths", lens(m), "[0 0 0 0]")
			return
		}
		gives(t, "Recvmmsg", 4)(p.Recvmmsg(b, m, MSG_DONTWAIT, nil))
		equal(t, "lengths", lens(m), "[4 0 0 0]")
	})
}

// [K] What fails after the first message is left pending, and taken once.
func TestRecvmmsgLeavesItsErrorPending(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		for _, r := range []struct {
			name  string
			spoil func(*Msghdr)
			want  errno.Errno
		}{
			{"bad memory", func(m *Msghdr) { m.Iov = [][]byte{BadAddress(2)} }, errno.EFAULT},
			{"too many buffers", func(m *Msghdr) { m.Iov = make([][]byte, IOV_MAX+1) }, errno.EMSGSIZE},
			{"Namelen -1", func(m *Msghdr) { m.Name, m.Namelen = []byte("x"), -1 }, errno.EINVAL},
		} {
			a, b := p.pair(typ)
			for range 3 {
				p.send(a, "ab")
			}
			m := mmsg(3, 2)
			r.spoil(&m[1].Msghdr)
			gives(t, "Recvmmsg, the second with "+r.name, 1)(p.Recvmmsg(b, m, MSG_DONTWAIT, nil))
			equal(t, "POLLERR", p.revents(b)&POLLERR, POLLERR)
			if typ == SOCK_STREAM {
				gives(t, "Recv of what is queued", 2)(p.Recv(b, make([]byte, 2), MSG_DONTWAIT))
			}
			p.sendFails(b, r.want)
			equal(t, "SO_ERROR", p.soError(b), 0)
			p.close(a, b)
		}
	})
}

// [K] Recvmmsg takes a pending error before anything, on every type, also when asked for no message.
func TestRecvmmsgTakesThePendingErrorFirst(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		for _, n := range []int{4, 0} {
			a, b := p.pair(typ)
			p.send(b, "ab")
			p.send(a, "unread")
			p.close(b)
			fails(t, fmt.Sprintf("Recvmmsg of %d", n), errno.ECONNRESET)(p.Recvmmsg(a, mmsg(n, 2), MSG_DONTWAIT, nil))
			m := mmsg(4, 2)
			gives(t, "Recvmmsg again", 4)(p.Recvmmsg(a, m, MSG_DONTWAIT, nil))
			equal(t, "lengths", lens(m), "[2 0 0 0]")
		}
	}, SOCK_STREAM, SOCK_SEQPACKET)
}

// [K] The time-out is looked at after each message, and checked before the descriptor.
func TestRecvmmsgLooksAtItsTimeAfterEachMessage(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		for range 3 {
			p.send(a, "ab")
		}
		none, past, long := time.Duration(0), time.Duration(-1), time.Hour
		fails(t, "Recvmmsg, negative time", errno.EINVAL)(p.Recvmmsg(b, mmsg(4, 2), MSG_DONTWAIT, &past))
		fails(t, "Recvmmsg, negative time, closed", errno.EINVAL)(p.Recvmmsg(99, mmsg(4, 2), MSG_DONTWAIT, &past))
		gives(t, "Recvmmsg, no time", 1)(p.Recvmmsg(b, mmsg(4, 2), MSG_DONTWAIT, &none))
		gives(t, "Recvmmsg, much time", 2)(p.Recvmmsg(b, mmsg(4, 2), MSG_DONTWAIT, &long))
		fails(t, "Recvmmsg, empty", errno.EAGAIN)(p.Recvmmsg(b, mmsg(4, 2), MSG_DONTWAIT, &long))
	})
}
