package examples

import (
	"fmt"
	"io"

	"sockpair/emu"
	"sockpair/errno"
)

const (
	echoPath    = "echo.sock"
	echoBacklog = 8
	perProcess  = 100 // clients of one process
)

// Echo runs a server that sends back what it gets, and clients, a hundred to
// a process, which has them all connected before it sends the first line. It
// prints what happened.
func Echo(spawn Spawn, clients int, out io.Writer) error {
	crew, err := newCrew(spawn)
	if err != nil {
		return err
	}
	defer crew.dismiss()
	p, err := crew.process()
	if err != nil {
		return err
	}
	s, err := newEchoServer(p, clients)
	if err != nil {
		return err
	}
	// The first come before the server has accepted anybody.
	early := &crowd{}
	if early.p, err = crew.process(); err != nil {
		return err
	}
	full := early.connect(clients)
	fmt.Fprintf(out, "backlog %d: %d connections wait, the next: %v\n", echoBacklog, early.connected, full)

	crew.run("server", p, s.serve)
	crew.run("first clients", early.p, func() error { return early.talk(min(clients, perProcess)) })
	for first := perProcess; first < clients; first += perProcess {
		n := min(clients-first, perProcess)
		err := crew.start("clients", func(p Process) error { return (&crowd{p: p, first: first}).talk(n) })
		if err != nil {
			return err
		}
	}
	if err := crew.wait(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d clients, %d bytes\n", s.accepted, s.bytes)
	return epilogue(crew, out)
}

// epilogue: the name of a server that is gone refuses, until it is removed.
func epilogue(crew *crew, out io.Writer) error {
	p, err := crew.process()
	if err != nil {
		return err
	}
	_, err = dial(p, emu.SOCK_STREAM, echoPath)
	fmt.Fprintln(out, "the server is gone:", err)
	if err := crew.remove(echoPath); err != nil {
		return err
	}
	_, err = dial(p, emu.SOCK_STREAM, echoPath)
	fmt.Fprintln(out, "and so is its name:", err)
	return nil
}

// echoServer is driven by an epoll instance: of its descriptors only those
// are touched that have something to do, and no call on them waits.
type echoServer struct {
	p               Process
	epoll, listener int
	clients         int // it has finished when so many have come and gone
	accepted, gone  int
	bytes           int
}

func newEchoServer(p Process, clients int) (s *echoServer, err error) {
	s = &echoServer{p: p, clients: clients}
	if s.listener, err = listen(p, emu.SOCK_STREAM|emu.SOCK_NONBLOCK, echoPath, echoBacklog); err != nil {
		return nil, err
	}
	if s.epoll, err = p.EpollCreate1(emu.EPOLL_CLOEXEC); err != nil {
		return nil, err
	}
	return s, s.watch(s.listener)
}

func (s *echoServer) watch(fd int) error {
	return s.p.EpollCtl(s.epoll, emu.EPOLL_CTL_ADD, fd, &emu.EpollEvent{Events: emu.POLLIN, Data: uint64(fd)})
}

func (s *echoServer) serve() error {
	events := make([]emu.EpollEvent, 64)
	for s.gone < s.clients {
		n, err := s.p.EpollWait(s.epoll, events, -1)
		if err != nil {
			return err
		}
		for _, ev := range events[:n] {
			if fd := int(ev.Data); fd == s.listener {
				err = s.accept()
			} else {
				err = s.echo(fd)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// accept takes all who wait.
func (s *echoServer) accept() error {
	for {
		fd, err := s.p.Accept4(s.listener, nil, nil, emu.SOCK_NONBLOCK|emu.SOCK_CLOEXEC)
		if err == errno.EAGAIN {
			return nil
		}
		if err != nil {
			return err
		}
		s.accepted++
		if err := s.watch(fd); err != nil {
			return err
		}
	}
}

// echo sends back what one client has sent. There is room for it, because a
// client sends no more before it has the answer. A server whose clients do not
// keep to that stops reading, keeps the rest and watches for POLLOUT.
func (s *echoServer) echo(fd int) error {
	b := make([]byte, 4096)
	n, err := s.p.Read(fd, b)
	if err != nil {
		return err
	}
	if n == 0 {
		s.gone++
		return s.p.Close(fd) // which takes it off the epoll instance too
	}
	s.bytes += n
	_, err = s.p.Write(fd, b[:n])
	return err
}

// crowd are the clients of one process.
type crowd struct {
	p         Process
	first     int   // the number of the first
	fds       []int // the last one may not be connected yet
	connected int
}

// connect connects clients, without waiting, until there are n.
// EAGAIN: too many connections wait for accept.
func (c *crowd) connect(n int) error {
	for c.connected < n {
		if len(c.fds) == c.connected {
			fd, err := c.p.Socket(emu.AF_UNIX, emu.SOCK_STREAM|emu.SOCK_NONBLOCK, 0)
			if err != nil {
				return err
			}
			c.fds = append(c.fds, fd)
		}
		if err := c.p.Connect(c.fds[c.connected], emu.PathSockaddr(echoPath)); err != nil {
			return err
		}
		c.connected++
	}
	return nil
}

// connectAll connects clients until there are n. Who finds the backlog full
// stands in line: there is nothing that poll could tell, a connect that
// blocks is the only way to wait.
func (c *crowd) connectAll(n int) error {
	for {
		err := c.connect(n)
		if err != errno.EAGAIN {
			return err
		}
		fd := c.fds[c.connected]
		if _, err := c.p.Fcntl(fd, emu.F_SETFL, 0); err != nil {
			return err
		}
		if err := c.p.Connect(fd, emu.PathSockaddr(echoPath)); err != nil {
			return err
		}
		c.connected++
	}
}

// talk connects n clients; then each sends a line, gets it back and says
// good-bye.
func (c *crowd) talk(n int) error {
	if err := c.connectAll(n); err != nil {
		return err
	}
	for i, fd := range c.fds {
		if _, err := c.p.Write(fd, c.line(i)); err != nil {
			return err
		}
	}
	for i, fd := range c.fds {
		if err := c.answer(fd, string(c.line(i))); err != nil {
			return err
		}
	}
	return nil
}

func (c *crowd) line(i int) []byte { return fmt.Appendf(nil, "client %d", c.first+i) }

// answer receives a client's line, then the end of file that answers its own.
func (c *crowd) answer(fd int, want string) error {
	if _, err := c.p.Fcntl(fd, emu.F_SETFL, 0); err != nil {
		return err
	}
	if err := c.p.Shutdown(fd, emu.SHUT_WR); err != nil {
		return err
	}
	got, b := "", make([]byte, 64)
	for {
		n, err := c.p.Read(fd, b)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		got += string(b[:n])
	}
	if got != want {
		return fmt.Errorf("answer = %q, want %q", got, want)
	}
	return c.p.Close(fd)
}
