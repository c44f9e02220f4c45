//go:build unix

// The texts of errors are the host's: this example shows those of a Unix.

package netemu_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"sockpair/netemu"
)

// A server and its client, by the name of a path.
func ExampleNet_Listen() {
	n := netemu.New()
	l, err := n.Listen("unix", "/run/echo")
	if err != nil {
		fmt.Println(err)
		return
	}
	go func() {
		c, _ := l.Accept()
		io.Copy(c, c)
		c.Close()
	}()
	c, _ := n.Dial("unix", "/run/echo")
	fmt.Fprintln(c, "hello")
	line, _ := bufio.NewReader(c).ReadString('\n')
	fmt.Print(line)
	c.Close()

	l.Close()
	_, err = n.Dial("unix", "/run/echo")
	fmt.Println(err, errors.Is(err, os.ErrNotExist))
	// Output:
	// hello
	// dial unix /run/echo: connect: no such file or directory true
}
