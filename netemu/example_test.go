package netemu_test

import (
	"fmt"
	"io"
	"net/http"

	"sockpair/emu"
	"sockpair/netemu"
)

// Messages keep their boundaries, and what there is no room for is lost.
func ExampleNet_Socketpair() {
	a, b, _ := netemu.New().Socketpair("unixpacket")
	a.Write([]byte("first message"))
	a.Write([]byte("second"))
	buf := make([]byte, 5)
	n, _ := b.Read(buf)
	fmt.Printf("%s\n", buf[:n])
	n, _ = b.Read(buf)
	fmt.Printf("%s\n", buf[:n])
	// Output:
	// first
	// secon
}

// An HTTP server and its client on a machine of their own.
func ExampleNet_To() {
	n := netemu.New()
	l, _ := n.Listen("unix", "/run/http")
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") })}
	go server.Serve(l)

	client := &http.Client{Transport: &http.Transport{DialContext: n.To("unix", "/run/http")}}
	r, err := client.Get("http://server/")
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _ := io.ReadAll(r.Body)
	fmt.Printf("%s %s\n", r.Status, body)
	server.Close()
	// Output: 200 OK hello
}

// A child process that gets a socket as descriptor 3, as os/exec hands it over.
func ExampleCmd() {
	n := netemu.New()
	ours, theirs, _ := n.Socketpair("unix")
	file, _ := theirs.File()
	theirs.Close()

	child := n.Command(func(n *netemu.Net, args, env []string) int {
		c, _ := netemu.FileConn(netemu.NewFile(n.Process(), 3, "socket"))
		fmt.Fprintf(c, "%s here", args[0])
		return 3
	}, "child")
	child.ExtraFiles = []*netemu.File{file}
	child.Start()
	file.Close()

	data, _ := io.ReadAll(ours)
	fmt.Printf("%s\n", data)
	fmt.Println(child.Wait(), child.ProcessState.ExitCode())
	// Output:
	// child here
	// exit status 3 3
}

// Descriptors go from one connection to another as control messages.
func ExampleUnixConn_WriteMsgUnix() {
	n := netemu.New()
	a, b, _ := n.Socketpair("unix")
	mine, passed, _ := n.Socketpair("unix")
	file, _ := passed.File()
	a.WriteMsgUnix([]byte("take it"), emu.Rights(int(file.Fd())), nil)

	buf, oob := make([]byte, 16), make([]byte, 64)
	k, oobn, _, _, _ := b.ReadMsgUnix(buf, oob)
	messages, _ := emu.ParseControl(oob[:oobn])
	fds, _ := messages[0].ParseRights()
	c, _ := netemu.FileConn(netemu.NewFile(n.Process(), fds[0], "passed"))
	c.Write([]byte("it works"))
	fmt.Printf("%s: ", buf[:k])
	k, _ = mine.Read(buf)
	fmt.Printf("%s\n", buf[:k])
	// Output: take it: it works
}

// A service finds the sockets that its manager has made for it.
func ExampleListeners() {
	n := netemu.New()
	l, _ := n.Listen("unix", "/run/service")
	file, _ := l.(*netemu.UnixListener).File()

	service := n.Command(func(n *netemu.Net, args, env []string) int {
		listeners, err := netemu.Listeners(n.Process(), env)
		if err != nil || len(listeners) != 1 {
			return 1
		}
		c, _ := listeners[0].Accept()
		fmt.Fprint(c, "served from ", c.LocalAddr())
		c.Close()
		return 0
	}, "service")
	service.Activate(file)
	service.Start()

	c, _ := n.Dial("unix", "/run/service")
	data, _ := io.ReadAll(c)
	fmt.Printf("%s, %v\n", data, service.Wait())
	// Output: served from /run/service, <nil>
}
