package sockpair_test

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"sockpair/emu"
)

// The example of README.md.
func Example() {
	sys, err := emu.New(emu.Config{SoftFiles: 5}) // a machine whose processes have 5 descriptors
	if err != nil {
		panic(err)
	}
	p := sys.NewProcess()
	a, b, _ := p.Pair(emu.SOCK_STREAM)
	p.Write(a, []byte("hello"))
	p.Shutdown(a, emu.SHUT_WR)

	buf := make([]byte, 64)
	n, _ := p.Read(b, buf)
	fmt.Printf("%q\n", buf[:n])
	n, _ = p.Read(b, buf)
	fmt.Println(n, "is end of file")

	p.Pair(emu.SOCK_DGRAM)
	_, _, err = p.Pair(emu.SOCK_DGRAM)
	fmt.Println(err, errors.Is(err, syscall.EMFILE))
	// Output:
	// "hello"
	// 0 is end of file
	// Too many open files true
}

// The example of README.md, "Servers and clients".
func Example_servers() {
	sys, _ := emu.New(emu.Config{})
	server, client := sys.NewProcess(), sys.NewProcess()
	name := emu.PathSockaddr("/tmp/echo")

	l, _ := server.Socket(emu.AF_UNIX, emu.SOCK_STREAM, 0)
	server.Bind(l, name)
	server.Listen(l, 5)
	c, _ := client.Socket(emu.AF_UNIX, emu.SOCK_STREAM, 0)
	client.Connect(c, name) // nobody has to have accepted it
	client.Write(c, []byte("hello"))
	sys.WriteSockets(os.Stdout)

	s, _ := server.Accept(l, nil, nil)
	buf := make([]byte, 64)
	n, _ := server.Read(s, buf)
	server.Write(s, buf[:n])
	n, _ = client.Read(c, buf)
	fmt.Printf("%q\n", buf[:n])
	// Output:
	// Netid  State   Recv-Q  Send-Q  Local Address:Port  Peer Address:Port  Process
	// u_str  LISTEN  1       5       /tmp/echo 2         * 0                (pid=1000,fd=0)
	// u_str  ESTAB   0       768     * 3                 /tmp/echo 4        (pid=1001,fd=0)
	// u_str  ESTAB   5       0       /tmp/echo 4         * 3                -
	// "hello"
}
