package examples

import (
	"encoding/binary"
	"fmt"
	"io"

	"sockpair/emu"
)

const brokerPath = "broker.sock"

// Broker runs a broker and guests, two for each room, who do not know each
// other. A guest says who it is and which room it wants; when a room has two,
// the broker makes a pair of sockets, hands an end to each, and is out of it.
// Who claims to be somebody else is shown the door. It prints what the guests
// have got.
func Broker(spawn Spawn, rooms int, out io.Writer) error {
	crew, err := newCrew(spawn)
	if err != nil {
		return err
	}
	defer crew.dismiss()
	p, err := crew.process()
	if err != nil {
		return err
	}
	b := &broker{p: p, waiting: make(map[uint32]int)}
	if b.listener, err = listen(p, emu.SOCK_SEQPACKET|emu.SOCK_CLOEXEC, brokerPath, rooms); err != nil {
		return err
	}
	crew.run("broker", p, func() error { return b.serve(2*rooms + 1) })

	got := make([]string, 2*rooms+1)
	for i := range got {
		err := crew.start(fmt.Sprint("guest ", i), func(p Process) (err error) {
			claim := p.Getpid()
			if i == 2*rooms {
				claim++
			}
			got[i], err = guest(p, request{claim, i / 2}, fmt.Sprintf("I am guest %d", i))
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := crew.wait(); err != nil {
		return err
	}
	for i, text := range got {
		fmt.Fprintf(out, "guest %d: %q\n", i, text)
	}
	fmt.Fprintln(out, "refused:", b.refused)
	return crew.remove(brokerPath)
}

// request is the message by which a guest presents itself.
type request struct{ pid, room int }

func (r request) bytes() []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(r.pid))
	return binary.LittleEndian.AppendUint32(b, uint32(r.room))
}

// broker knows of each room with one guest which connection that guest has.
type broker struct {
	p        Process
	listener int
	waiting  map[uint32]int
	refused  int
}

// serve serves so many guests.
func (b *broker) serve(guests int) error {
	for range guests {
		fd, err := b.p.Accept4(b.listener, nil, nil, emu.SOCK_CLOEXEC)
		if err != nil {
			return err
		}
		if err := b.receive(fd); err != nil {
			return err
		}
	}
	return nil
}

// receive has a guest present itself. A message of a SOCK_SEQPACKET comes
// whole or not at all.
func (b *broker) receive(fd int) error {
	msg := make([]byte, 9)
	n, err := b.p.Read(fd, msg)
	if err != nil {
		return err
	}
	who, err := peer(b.p, fd)
	if err != nil {
		return err
	}
	if n != 8 || binary.LittleEndian.Uint32(msg) != uint32(who.Pid) {
		b.refused++
		return b.p.Close(fd)
	}
	room := binary.LittleEndian.Uint32(msg[4:])
	first, ok := b.waiting[room]
	if !ok {
		b.waiting[room] = fd
		return nil
	}
	delete(b.waiting, room)
	return b.introduce(first, fd)
}

// peer is whoever made the connection: the kernel's word, not the other's.
func peer(p Process, fd int) (emu.Cred, error) {
	ucred := make([]byte, 12)
	size := len(ucred)
	err := p.Getsockopt(fd, emu.SOL_SOCKET, emu.SO_PEERCRED, ucred, &size)
	field := func(i int) int { return int(binary.LittleEndian.Uint32(ucred[4*i:])) }
	return emu.Cred{Pid: field(0), Uid: field(1), Gid: field(2)}, err
}

// introduce hands an end of a new pair to each of two guests. A descriptor in
// a message is open on its own: the broker closes its own ones at once.
func (b *broker) introduce(guests ...int) error {
	var pair [2]int
	if err := b.p.Socketpair(emu.AF_UNIX, emu.SOCK_STREAM|emu.SOCK_CLOEXEC, 0, &pair); err != nil {
		return err
	}
	for i, guest := range guests {
		m := emu.Msghdr{Iov: [][]byte{[]byte("meet")}, Control: emu.Rights(pair[i])}
		if _, err := b.p.Sendmsg(guest, &m, 0); err != nil {
			return err
		}
		if err := b.p.Close(pair[i]); err != nil {
			return err
		}
		if err := b.p.Close(guest); err != nil {
			return err
		}
	}
	return nil
}

// guest asks the broker for a partner and returns what the partner has said.
func guest(p Process, r request, greeting string) (string, error) {
	fd, err := dial(p, emu.SOCK_SEQPACKET, brokerPath)
	if err != nil {
		return "", err
	}
	if _, err := p.Write(fd, r.bytes()); err != nil {
		return "", err
	}
	partner, err := receiveDescriptor(p, fd)
	if err == io.EOF {
		return "not let in", nil
	}
	if err != nil {
		return "", err
	}
	if _, err := p.Write(partner, []byte(greeting)); err != nil {
		return "", err
	}
	b := make([]byte, 64)
	n, err := p.Read(partner, b)
	return string(b[:max(n, 0)]), err
}

// receiveDescriptor receives a message that brings one. io.EOF: the other has closed.
func receiveDescriptor(p Process, fd int) (int, error) {
	m := emu.Msghdr{Iov: [][]byte{make([]byte, 16)}, Control: make([]byte, len(emu.Rights(0)))}
	n, err := p.Recvmsg(fd, &m, emu.MSG_CMSG_CLOEXEC)
	switch {
	case err != nil:
		return -1, err
	case n == 0:
		return -1, io.EOF
	}
	messages, err := emu.ParseControl(m.Control[:m.Controllen])
	if err != nil {
		return -1, err
	}
	if len(messages) != 1 {
		return -1, fmt.Errorf("control messages = %d, want 1", len(messages))
	}
	fds, err := messages[0].ParseRights()
	if err != nil {
		return -1, err
	}
	return fds[0], nil
}
