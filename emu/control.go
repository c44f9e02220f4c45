package emu

import (
	"encoding/binary"

	"sockpair/errno"
)

// Control messages, in the layout of Linux x86-64 on every host: a header of
// an 8-byte length, a level and a type, then the data, padded to 8 bytes.

// The types of control messages of level SOL_SOCKET.
const (
	SCM_RIGHTS      = 1
	SCM_CREDENTIALS = 2
	SCM_PIDFD       = 4
	SCM_INQ         = SO_INQ
)

const (
	cmsgHeader = 16
	// maxRights is how many descriptors one message carries (SCM_MAX_FD).
	maxRights = 253
	// maxControl is the longest control buffer of a send: all that the socket
	// has allocated must stay below optmem_max, 131072 (net/core/sock.c
	// sock_kmalloc).
	maxControl = 131071
	// sizeofUcred is the size of struct ucred.
	sizeofUcred = 12
)

// Cmsg is one control message.
type Cmsg struct {
	Level, Type int
	Data        []byte
}

// ParseControl takes control messages apart, as recvmsg has stored them. Data
// are parts of b. EINVAL: a length that is less than a header or more than
// what is left.
func ParseControl(b []byte) ([]Cmsg, error) {
	var list []Cmsg
	for len(b) >= cmsgHeader {
		c, rest, err := nextCmsg(b)
		if err != 0 {
			return list, err
		}
		list = append(list, c)
		b = rest
	}
	return list, nil
}

// nextCmsg takes the first message off b, which has at least a header.
// Linux include/linux/socket.h CMSG_OK, CMSG_NXTHDR.
func nextCmsg(b []byte) (c Cmsg, rest []byte, err errno.Errno) {
	n := binary.LittleEndian.Uint64(b)
	if n < cmsgHeader || n > uint64(len(b)) {
		return Cmsg{}, nil, errno.EINVAL
	}
	c = Cmsg{Level: word(b[8:]), Type: word(b[12:]), Data: b[cmsgHeader:n]}
	return c, b[min(cmsgAlign(int(n)), len(b)):], 0
}

func cmsgAlign(n int) int { return (n + 7) &^ 7 }

// Append appends the message to a control buffer, padded (CMSG_SPACE).
func (c Cmsg) Append(b []byte) []byte {
	b = appendHeader(b, cmsgHeader+len(c.Data), c.Level, c.Type)
	b = append(b, c.Data...)
	return append(b, make([]byte, cmsgAlign(len(c.Data))-len(c.Data))...)
}

func appendHeader(b []byte, n, level, typ int) []byte {
	b = binary.LittleEndian.AppendUint64(b, uint64(n))
	b = binary.LittleEndian.AppendUint32(b, uint32(level))
	return binary.LittleEndian.AppendUint32(b, uint32(typ))
}

// Rights makes the control message that passes descriptors.
func Rights(fds ...int) []byte {
	return Cmsg{SOL_SOCKET, SCM_RIGHTS, words(fds...)}.Append(nil)
}

// Credentials makes the control message that passes credentials.
func Credentials(c Cred) []byte {
	return Cmsg{SOL_SOCKET, SCM_CREDENTIALS, words(c.Pid, c.Uid, c.Gid)}.Append(nil)
}

// ParseRights returns the descriptors of a SCM_RIGHTS message. EINVAL: c is another.
func (c Cmsg) ParseRights() ([]int, error) {
	if c.Level != SOL_SOCKET || c.Type != SCM_RIGHTS {
		return nil, errno.EINVAL
	}
	var fds []int
	for b := c.Data; len(b) >= 4; b = b[4:] {
		fds = append(fds, word(b))
	}
	return fds, nil
}

// ParsePidfd returns the descriptor of a SCM_PIDFD message; EMFILE or ENFILE:
// it found no number. EINVAL: c is another.
func (c Cmsg) ParsePidfd() (int, error) {
	if c.Level != SOL_SOCKET || c.Type != SCM_PIDFD || len(c.Data) < sizeofInt {
		return -1, errno.EINVAL
	}
	if fd := word(c.Data); fd >= 0 {
		return fd, nil
	}
	return -1, errno.Errno(-word(c.Data))
}

// ParseCredentials returns the credentials of a SCM_CREDENTIALS message.
// EINVAL: c is another, or was cut.
func (c Cmsg) ParseCredentials() (Cred, error) {
	if c.Level != SOL_SOCKET || c.Type != SCM_CREDENTIALS || len(c.Data) < sizeofUcred {
		return Cred{}, errno.EINVAL
	}
	return ucred(c.Data), nil
}

func ucred(b []byte) Cred { return Cred{word(b), word(b[4:]), word(b[8:])} }

// room is the control buffer of a receive while it is filled.
type controlRoom struct {
	buf   []byte
	used  int
	flags int // MSG_CTRUNC once something did not fit
	bad   bool
}

// put stores a message as far as it fits: the length in the header is what
// was stored, MSG_CTRUNC tells of the rest. Of a bad buffer nothing tells. Linux net/core/scm.c put_cmsg.
func (r *controlRoom) put(c Cmsg) {
	left := len(r.buf) - r.used
	if left < cmsgHeader {
		r.flags |= MSG_CTRUNC
		return
	}
	n := cmsgHeader + len(c.Data)
	if left < n {
		r.flags |= MSG_CTRUNC
		n = left
	}
	if r.bad {
		return
	}
	whole := appendHeader(nil, n, c.Level, c.Type)
	whole = append(whole, c.Data...)
	copy(r.buf[r.used:], whole[:n])
	r.used += min(cmsgAlign(n), left)
}

// data is where the data of the next message go; empty: there is no room.
func (r *controlRoom) data() []byte {
	return r.buf[min(r.used+cmsgHeader, len(r.buf)):]
}

// stored adds a message of level SOL_SOCKET whose n bytes are there already.
func (r *controlRoom) stored(n, typ int) {
	n += cmsgHeader
	appendHeader(r.buf[r.used:r.used], n, SOL_SOCKET, typ)
	r.used += min(cmsgAlign(n), len(r.buf)-r.used)
}

// rightsThatFit is how many descriptors there is room for: the padding behind
// the last message is used too. Linux net/core/scm.c scm_max_fds.
func (r *controlRoom) rightsThatFit() int {
	if r.bad {
		return 0
	}
	return max(0, (len(r.buf)-r.used-cmsgHeader)/4)
}
