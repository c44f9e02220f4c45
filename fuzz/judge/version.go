package judge

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sockpair/emu"
	"sockpair/fuzz/program"
	"sockpair/replay"
)

// Change is something that Linux has since a version. On a kernel without it
// the calls that it concerns may answer otherwise than the emulator, which is
// like the kernel that was measured; that is a known change and no difference.
type Change struct {
	Since  string // the version
	What   string
	Calls  string // that it concerns, in words
	Source string

	concerns func(program.Call) bool
	// probe asks a kernel whether it has it; nil: its version tells.
	probe func(replay.Process) bool
}

// Changes is every change that is known, the oldest first.
func Changes() []Change {
	return []Change{
		{"5.9", "close_range; since 5.11 its flag CLOSE_RANGE_CLOEXEC", "close_range",
			"fs/file.c", named("close_range"), nil},
		{"5.15", "MSG_OOB on SOCK_STREAM: the byte, the mark, SIOCATMARK, POLLPRI", "sends and receives with MSG_OOB, SIOCATMARK, SO_OOBINLINE",
			"net/unix/af_unix.c, CONFIG_AF_UNIX_OOB", urgent, takesUrgent},
		{"5.16", "SO_RESERVE_MEM", "getsockopt and setsockopt of it", "include/uapi/asm-generic/socket.h", option(emu.SO_RESERVE_MEM), hasOption(emu.SO_RESERVE_MEM)},
		{"5.18", "SO_TXREHASH", "getsockopt and setsockopt of it", "include/uapi/asm-generic/socket.h", option(emu.SO_TXREHASH), nil},
		{"5.19", "SO_RCVMARK", "getsockopt and setsockopt of it", "include/uapi/asm-generic/socket.h", option(emu.SO_RCVMARK), hasOption(emu.SO_RCVMARK)},
		{"6.5", "SO_PASSPIDFD, SO_PEERPIDFD, SCM_PIDFD", "getsockopt and setsockopt of the two, recvmsg",
			"net/core/scm.c, net/core/sock.c", option(emu.SO_PASSPIDFD, emu.SO_PEERPIDFD), hasOption(emu.SO_PASSPIDFD)},
		{"6.9", "PIDFD_THREAD; a pidfd is a file of its process, and hung up when that has been waited for", "pidfd_open, pidfd_send_signal, what is asked of a pidfd",
			"fs/pidfs.c", pidfds, nil},
		{"6.14", "SO_RCVPRIORITY", "getsockopt and setsockopt of it", "include/uapi/asm-generic/socket.h", option(emu.SO_RCVPRIORITY), hasOption(emu.SO_RCVPRIORITY)},
		{"6.16", "a receive passes several consumed urgent bytes in a row", "receives after MSG_OOB",
			"commit 32ca245464e1 (CVE-2025-38236)", urgent, nil},
		{"6.16", "SO_PASSRIGHTS", "getsockopt and setsockopt of it, sends of descriptors",
			"net/core/sock.c, net/core/scm.h", option(emu.SO_PASSRIGHTS), hasOption(emu.SO_PASSRIGHTS)},
		{"6.17", "SO_INQ and SCM_INQ on SOCK_STREAM", "setsockopt of it, recvmsg",
			"commit df30285b3670", option(emu.SO_INQ), takesInq},
		{"6.17", "FIONREAD of a SOCK_STREAM is a running count, which an urgent byte that is dropped leaves one too high", "FIONREAD",
			"net/unix/af_unix.c unix_inq_len", request(emu.FIONREAD), countsDropped},
		{"6.17", "SCM_PIDFD of a sender that has been waited for", "recvmsg with SO_PASSPIDFD",
			"net/core/scm.c scm_pidfd_recv", option(emu.SO_PASSPIDFD), nil},
		{"6.18", "SIOCATMARK on SOCK_DGRAM and SOCK_SEQPACKET is EOPNOTSUPP", "SIOCATMARK",
			"measured on 6.18; earlier it answered on every type", request(emu.SIOCATMARK), refusesMark},
		{"6.18", "net.core.wmem_max and rmem_max are 4194304 by default, before 212992", "setsockopt of SO_SNDBUF and SO_RCVBUF",
			"measured on 6.18; an administrator may set them", option(emu.SO_SNDBUF, emu.SO_RCVBUF), largeBuffers},
	}
}

// lacking are the changes that a kernel has not.
func lacking(k replay.Machine) (list []Change, err error) {
	for _, c := range Changes() {
		has := !older(Release(), c.Since)
		if c.probe != nil {
			p, err := k.NewProcess()
			if err != nil {
				return nil, fmt.Errorf("asking the kernel for %s: %w", c.What, err)
			}
			has = c.probe(p)
			p.Exit(0)
		}
		if !has {
			list = append(list, c)
		}
	}
	return list, nil
}

// explains reports whether a change that the kernel lacks concerns a call of
// the program, which is the shortest that shows the difference.
func (j *Judge) explains(d *Difference) bool {
	for _, c := range j.lacking {
		if slices.ContainsFunc(d.until(), c.concerns) {
			return true
		}
	}
	return false
}

// older reports whether a release like 6.1.0-13-amd64 is before a version like 6.16.
func older(release, version string) bool {
	a, b := numbers(release), numbers(version)
	return a[0] < b[0] || a[0] == b[0] && a[1] < b[1]
}

// numbers are the two first numbers of a version.
func numbers(version string) (n [2]int) {
	parts := strings.FieldsFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	for i := range min(2, len(parts)) {
		n[i], _ = strconv.Atoi(parts[i])
	}
	return n
}

// WriteChanges writes the table of changes.
func WriteChanges(w io.Writer) error {
	if _, err := fmt.Fprint(w, "| since | what | calls | source |\n|---|---|---|---|\n"); err != nil {
		return err
	}
	for _, c := range Changes() {
		if _, err := fmt.Fprintf(w, "| %s | %s | %s | %s |\n", c.Since, c.What, c.Calls, c.Source); err != nil {
			return err
		}
	}
	return nil
}

// What a change concerns.

func named(name string) func(program.Call) bool {
	return func(c program.Call) bool { return c.Name == name }
}

func pidfds(c program.Call) bool { return strings.HasPrefix(c.Name, "pidfd_") }

func option(names ...int) func(program.Call) bool {
	return func(c program.Call) bool {
		return (c.Name == "getsockopt" || c.Name == "setsockopt") && len(c.Args) > 1 && slices.Contains(names, c.Args[1])
	}
}

func request(number int) func(program.Call) bool {
	return func(c program.Call) bool { return c.Name == "ioctl" && c.Args[0] == number }
}

func urgent(c program.Call) bool {
	switch c.Name {
	case "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg":
		return c.Args[0]&emu.MSG_OOB != 0
	}
	return option(emu.SO_OOBINLINE)(c) || request(emu.SIOCATMARK)(c)
}

// The probes.

// pair is a pair of the type given on a new process.
func pair(p replay.Process, typ int) (a, b int) {
	var sv [2]int
	if err := p.Socketpair(emu.AF_UNIX, typ|emu.SOCK_NONBLOCK, 0, &sv); err != nil {
		return -1, -1 // every question is then answered with no
	}
	return sv[0], sv[1]
}

func hasOption(name int) func(replay.Process) bool {
	return func(p replay.Process) bool {
		a, _ := pair(p, emu.SOCK_STREAM)
		room := 4
		return p.Getsockopt(a, emu.SOL_SOCKET, name, make([]byte, room), &room) == nil
	}
}

func takesUrgent(p replay.Process) bool {
	a, _ := pair(p, emu.SOCK_STREAM)
	_, err := p.Sendto(a, []byte("x"), emu.MSG_OOB, nil)
	return err == nil
}

func takesInq(p replay.Process) bool {
	a, _ := pair(p, emu.SOCK_STREAM)
	return p.Setsockopt(a, emu.SOL_SOCKET, emu.SO_INQ, []byte{1, 0, 0, 0}, 4) == nil
}

func refusesMark(p replay.Process) bool {
	a, _ := pair(p, emu.SOCK_DGRAM)
	_, err := p.Ioctl(a, emu.SIOCATMARK, make([]byte, 4))
	return err != nil
}

func countsDropped(p replay.Process) bool {
	a, b := pair(p, emu.SOCK_STREAM)
	if _, err := p.Sendto(a, []byte("abc"), emu.MSG_OOB, nil); err != nil {
		return false
	}
	for range 2 { // "ab", and then nothing: the urgent byte is dropped
		_, _ = p.Read(b, make([]byte, 9))
	}
	n := make([]byte, 4)
	_, err := p.Ioctl(b, emu.FIONREAD, n)
	return err == nil && binary.LittleEndian.Uint32(n) == 1
}

func largeBuffers(p replay.Process) bool {
	a, _ := pair(p, emu.SOCK_STREAM)
	const most = 4194304
	val, room := binary.LittleEndian.AppendUint32(nil, 2*most), 4
	if p.Setsockopt(a, emu.SOL_SOCKET, emu.SO_SNDBUF, val, 4) != nil || p.Getsockopt(a, emu.SOL_SOCKET, emu.SO_SNDBUF, val, &room) != nil {
		return false
	}
	return binary.LittleEndian.Uint32(val) == 2*most
}
