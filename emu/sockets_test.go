package emu

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func ExampleSystem_WriteSockets() {
	sys, _ := New(Config{})
	p := sys.NewProcess()
	l, _ := p.Socket(AF_UNIX, SOCK_STREAM, 0)
	c, _ := p.Socket(AF_UNIX, SOCK_STREAM, 0)
	p.Bind(l, AbstractSockaddr("server"))
	p.Listen(l, 5)
	p.Connect(c, AbstractSockaddr("server"))
	p.Write(c, []byte("hello"))
	p.Pair(SOCK_DGRAM)
	sys.WriteSockets(os.Stdout)
	// Output:
	// Netid  State   Recv-Q  Send-Q  Local Address:Port  Peer Address:Port  Process
	// u_str  LISTEN  1       5       @server 2           * 0                (pid=1000,fd=0)
	// u_str  ESTAB   0       768     * 3                 @server 4          (pid=1000,fd=1)
	// u_str  ESTAB   5       0       @server 4           * 3                -
	// u_dgr  ESTAB   0       0       * 5                 * 6                (pid=1000,fd=2)
	// u_dgr  ESTAB   0       0       * 6                 * 5                (pid=1000,fd=3)
}

func TestTheListHasEverySocket(t *testing.T) {
	p, socket := abstract(t)
	socket(SOCK_SEQPACKET, 0)
	p.pair(SOCK_STREAM)
	list := p.sys.Sockets()
	require.Len(t, list, 3)
	require.Equal(t, Unconnected, list[0].State)
	require.Equal(t, list[1].Inode, list[2].PeerInode)
	require.Equal(t, list[2].Inode, list[1].PeerInode)
}
