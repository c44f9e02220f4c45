//go:build unix

package unixemu_test

import (
	"fmt"

	"golang.org/x/sys/unix"

	"sockpair/emu"
	"sockpair/unixemu"
)

// relay is code under test: it copies messages from one descriptor to another
// until the end, and says how many.
func relay(c unixemu.Calls, from, to int) (messages int, err error) {
	buf := make([]byte, 4096)
	for {
		n, err := c.Read(from, buf)
		if n <= 0 || err != nil {
			return messages, err
		}
		if _, err := c.Write(to, buf[:n]); err != nil {
			return messages, err
		}
		messages++
	}
}

// The same code runs on the kernel and on the emulator. What only the emulator
// can do on request is the last case: a reader that has gone away, on a machine
// where the error is certain to come.
func Example() {
	sys, _ := emu.New(emu.Config{})
	for _, c := range []unixemu.Calls{unixemu.Host{}, unixemu.New(sys.NewProcess())} {
		in, _ := c.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		out, _ := c.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		c.Write(in[0], []byte("hello"))
		c.Shutdown(in[0], unix.SHUT_WR)
		messages, err := relay(c, in[1], out[0])
		buf := make([]byte, 16)
		n, _ := c.Read(out[1], buf)
		fmt.Printf("%T: %d message, error %v, %q\n", c, messages, err, buf[:n])

		more, _ := c.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		c.Close(out[1])
		c.Write(more[0], []byte("lost"))
		_, err = relay(c, more[1], out[0])
		fmt.Println(err == unix.EPIPE)
		for _, fd := range []int{in[0], in[1], out[0], more[0], more[1]} {
			c.Close(fd)
		}
	}
	// Output:
	// unixemu.Host: 1 message, error <nil>, "hello"
	// true
	// *unixemu.Process: 1 message, error <nil>, "hello"
	// true
}

// Descriptors go to another process in a control message that x/sys/unix makes
// and takes apart.
func ExampleProcess_SendmsgN() {
	sys, _ := emu.New(emu.Config{})
	parent := unixemu.New(sys.NewProcess())
	channel, _ := parent.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	gift, _ := parent.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)

	child, _ := parent.Emulated().Fork()
	c := unixemu.New(child)
	parent.SendmsgN(channel[0], []byte("!"), unix.UnixRights(gift[1]), nil, 0)

	buf, oob := make([]byte, 1), make([]byte, unix.CmsgSpace(4))
	_, oobn, _, _, _ := c.Recvmsg(channel[1], buf, oob, 0)
	messages, _ := unix.ParseSocketControlMessage(oob[:oobn])
	fds, _ := unix.ParseUnixRights(&messages[0])
	c.Write(fds[0], []byte("from the child"))

	answer := make([]byte, 32)
	n, _ := parent.Read(gift[0], answer)
	fmt.Printf("%d descriptor, %q\n", len(fds), answer[:n])
	// Output: 1 descriptor, "from the child"
}
