package emu

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// What the sockets of a machine are, as the command ss shows them with -x.

// SocketState is the state of a socket.
type SocketState uint8

// The states of a socket.
const (
	Unconnected SocketState = iota
	Listening
	Established
)

// String is the state as ss writes it.
func (s SocketState) String() string { return [...]string{"UNCONN", "LISTEN", "ESTAB"}[s] }

// SocketInfo is one socket.
type SocketInfo struct {
	Type  int // SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET
	State SocketState
	// RecvQueue and SendQueue are what FIONREAD and SIOCOUTQ say; of one that
	// listens the connections that wait for accept, and the backlog.
	RecvQueue, SendQueue int
	Name                 string // the path, an abstract name with '@' before it, or "*"
	Inode                uint64
	PeerName             string // as Name
	PeerInode            uint64 // 0: none
	Owners               []Owner
}

// Owner is a descriptor of a process.
type Owner struct{ Pid, Fd int }

// Sockets returns the sockets that some process has open, and the
// connections that wait for accept, by inode. What is only in flight is not
// among them.
func (s *System) Sockets() []SocketInfo {
	owners := make(map[*end][]Owner)
	var order []*end
	for _, q := range s.matching(func(*proc) bool { return true }) {
		for fd, f := range q.files.All() {
			if f.end == nil {
				continue
			}
			if owners[f.end] == nil {
				order = append(order, f.end)
			}
			owners[f.end] = append(owners[f.end], Owner{q.pid, fd})
		}
	}
	var list []SocketInfo
	for i := 0; i < len(order); i++ {
		info, embryos := order[i].info()
		info.Owners = owners[order[i]]
		list = append(list, info)
		order = append(order, embryos...)
	}
	slices.SortFunc(list, func(a, b SocketInfo) int { return int(a.Inode) - int(b.Inode) })
	return list
}

// info is the socket's line, and the connections that wait for it to accept.
func (e *end) info() (i SocketInfo, embryos []*end) {
	e.link.mu.Lock()
	i = SocketInfo{Type: int(e.typ), Name: e.shownName(), Inode: e.sys.inode(&e.rarely().ino), PeerName: "*",
		RecvQueue: e.readable(), SendQueue: e.spent()}
	switch {
	case e.listening():
		i.State, i.RecvQueue, i.SendQueue = Listening, len(e.listener.embryos), e.listener.backlog
		embryos = slices.Clone(e.listener.embryos)
	case e.peer != nil:
		i.State = Established
	}
	peer := e.peer
	e.link.unlock()
	if peer != nil {
		peer.link.mu.Lock()
		i.PeerName, i.PeerInode = peer.shownName(), peer.sys.inode(&peer.rarely().ino)
		peer.link.unlock()
	}
	return i, embryos
}

// shownName is the socket's name as ss writes it.
func (e *end) shownName() string {
	a := e.name.Load()
	switch {
	case a == nil:
		return "*"
	case a.node == nil:
		return strings.ReplaceAll(string(a.name[sizeofFamily:]), "\x00", "@")
	}
	return pathOf(a.name)
}

// WriteSockets writes the list of sockets, a line each, as ss -x does.
func (s *System) WriteSockets(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "Netid\tState\tRecv-Q\tSend-Q\tLocal Address:Port\tPeer Address:Port\tProcess")
	for _, i := range s.Sockets() {
		users := []string{}
		for _, o := range i.Owners {
			users = append(users, fmt.Sprintf("(pid=%d,fd=%d)", o.Pid, o.Fd))
		}
		if len(users) == 0 {
			users = []string{"-"} // nobody has accepted it
		}
		netid := map[int]string{SOCK_STREAM: "u_str", SOCK_DGRAM: "u_dgr", SOCK_SEQPACKET: "u_seq"}[i.Type]
		fmt.Fprintf(t, "%s\t%v\t%d\t%d\t%s %d\t%s %d\t%s\n", netid, i.State, i.RecvQueue, i.SendQueue,
			i.Name, i.Inode, i.PeerName, i.PeerInode, strings.Join(users, ","))
	}
	return t.Flush()
}
