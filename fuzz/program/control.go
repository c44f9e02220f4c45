package program

import (
	"encoding/binary"
	"fmt"
	"strings"

	"sockpair/emu"
)

// Cmsg is a control message of a send: descriptors, credentials or bytes.
type Cmsg struct {
	Level, Type int
	Fds         []int
	Cred        *Cred
	Raw         []byte
	Longer      int // is added to the length that the header tells
}

// Cred are credentials; of the process id a program cannot know more than whose it is.
type Cred struct {
	Whose    Whose
	Uid, Gid int
}

// Whose says which process id stands in credentials.
type Whose int

// The process ids.
const (
	Own    Whose = iota
	Zero         // 0
	Nobody       // one that no process has
)

const cmsgHeader = 16

// encode lays control messages out as Linux on x86-64 has them. own is the
// process id of the sender.
func encode(msgs []Cmsg, own int) []byte {
	le := binary.LittleEndian
	var b []byte
	for _, m := range msgs {
		data := m.Raw
		for _, fd := range m.Fds {
			data = le.AppendUint32(data, uint32(fd))
		}
		if m.Cred != nil {
			pid := map[Whose]int{Own: own, Zero: 0, Nobody: nobody}[m.Cred.Whose]
			for _, n := range []int{pid, m.Cred.Uid, m.Cred.Gid} {
				data = le.AppendUint32(data, uint32(n))
			}
		}
		b = le.AppendUint64(b, uint64(cmsgHeader+len(data)+m.Longer))
		b = le.AppendUint32(b, uint32(m.Level))
		b = le.AppendUint32(b, uint32(m.Type))
		b = append(b, data...)
		b = append(b, make([]byte, -len(data)&7)...)
	}
	return b
}

// String is the message as strace writes it.
func (m Cmsg) String() string {
	data := fmt.Sprintf(`"\x%x"`, m.Raw)
	switch {
	case m.Fds != nil:
		data = strings.ReplaceAll(fmt.Sprint(m.Fds), " ", ", ")
	case m.Cred != nil:
		data = fmt.Sprintf("{pid=%s, uid=%d, gid=%d}", []string{"<own>", "0", "<nobody>"}[m.Cred.Whose], m.Cred.Uid, m.Cred.Gid)
	}
	s := fmt.Sprintf("{cmsg_len=%d%+d, cmsg_level=%d, cmsg_type=%d, cmsg_data=%s}", cmsgHeader+len(encode([]Cmsg{m}, 0))-cmsgHeader, m.Longer, m.Level, m.Type, data)
	return strings.Replace(s, "+0,", ",", 1)
}

// The types of control messages at SOL_SOCKET.
const (
	scmRights      = 1
	scmCredentials = 2
)

// shownControl is the control messages that a receive has brought. Of process
// ids it says whose they are.
func shownControl(b []byte, own int) string {
	le := binary.LittleEndian
	var s strings.Builder
	for len(b) >= cmsgHeader {
		n := int(le.Uint64(b))
		if n < cmsgHeader || n > len(b) {
			fmt.Fprintf(&s, "{length %d of %d}", n, len(b))
			break
		}
		level, typ, data := le.Uint32(b[8:]), le.Uint32(b[12:]), b[cmsgHeader:n]
		fmt.Fprintf(&s, "{%d, %d, ", level, typ)
		if level == emu.SOL_SOCKET && typ == scmCredentials && len(data) >= 4 {
			s.WriteString(whose(int(le.Uint32(data)), own) + " ")
			data = data[4:]
		}
		fmt.Fprintf(&s, "%x}", data)
		b = b[min(len(b), (n+7)&^7):]
	}
	return s.String()
}

func whose(pid, own int) string {
	switch pid {
	case own:
		return "own"
	case 0:
		return "0"
	}
	return "other"
}

// shownName is an address. Names that the machine gave by itself (autobind)
// are numbered by a counter of the machine and so look alike.
func shownName(name []byte, length int) string {
	name = name[:max(0, min(length, len(name)))]
	if length == 8 && len(name) > 3 && name[2] == 0 {
		return hex(name[:3]) + "..."
	}
	return hex(name)
}

// passed is a descriptor to send: mostly none of a socket, for a socket that
// is sent to itself lives until the kernel's collector finds it, some time later.
func (g *Generator) passed() int {
	if g.chance(3) {
		return g.fd()
	}
	return g.From.Intn(3)
}

// cmsgs are control messages of a send: mostly descriptors and credentials as
// they should be.
func (g *Generator) cmsgs() []Cmsg {
	msgs := make([]Cmsg, 1+g.From.Intn(2))
	for i := range msgs {
		m := Cmsg{Level: emu.SOL_SOCKET, Type: scmRights}
		switch g.From.Intn(12) {
		case 8, 9, 10:
			m.Type = scmCredentials
			m.Cred = &Cred{Uid: pick(g.From, []int{0, 0, 65534, -1}), Gid: pick(g.From, []int{0, 0, 0, 65534, -1})}
			if g.chance(4) {
				m.Cred.Whose = Whose(g.From.Intn(3))
			}
		case 11:
			m.Level, m.Type = pick(g.From, []int{0, 1, 6}), pick(g.From, []int{0, 1, 2, 3, 4, 5, 84})
			m.Raw = make([]byte, g.From.Intn(20))
		default:
			m.Fds = make([]int, pick(g.From, []int{1, 1, 1, 2, 3, 0, 253, 254}))
			fd := g.passed()
			for k := range m.Fds {
				m.Fds[k] = fd
				if len(m.Fds) < 10 && g.chance(2) {
					fd = g.passed()
				}
			}
		}
		if g.chance(20) {
			m.Longer = pick(g.From, []int{-20, -4, -1, 1, 4, 100})
		}
		msgs[i] = m
	}
	return msgs
}
