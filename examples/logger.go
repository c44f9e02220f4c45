package examples

import (
	"bytes"
	"fmt"
	"io"

	"sockpair/emu"
	"sockpair/errno"
)

const (
	loggerPath = "log.sock"
	goodbye    = "bye"
)

// Logger runs a logger, which has one socket with a path, and senders, whose
// sockets get names by themselves. Each sends lines and a good-bye, which the
// logger answers with the number of lines it has noted. It prints what happened.
func Logger(spawn Spawn, senders, lines int, out io.Writer) error {
	crew, err := newCrew(spawn)
	if err != nil {
		return err
	}
	defer crew.dismiss()
	p, err := crew.process()
	if err != nil {
		return err
	}
	l := &logger{p: p, noted: make(map[string]int)}
	if l.fd, err = bound(p, emu.SOCK_DGRAM, emu.PathSockaddr(loggerPath)); err != nil {
		return err
	}
	if err := overfill(crew, l, out); err != nil {
		return err
	}
	crew.run("logger", p, func() error { return l.serve(senders) })
	answers := make([]string, senders)
	for i := range answers {
		err := crew.start(fmt.Sprint("sender ", i), func(p Process) (err error) {
			answers[i], err = send(p, lines)
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := crew.wait(); err != nil {
		return err
	}
	for i, a := range answers {
		fmt.Fprintf(out, "sender %d: %s\n", i, a)
	}
	fmt.Fprintln(out, "names:", len(l.noted))
	return crew.remove(loggerPath)
}

// overfill sends until the receiver's queue is full. poll on the sender's
// side knows about it, because the sender is connected.
func overfill(crew *crew, l *logger, out io.Writer) error {
	p, err := crew.process()
	if err != nil {
		return err
	}
	s, err := newSender(p)
	if err != nil {
		return err
	}
	sent := 0
	for ; err == nil; sent++ {
		_, err = p.Write(s.fd, []byte("line"))
	}
	writable := func() bool {
		fds := []emu.PollFd{{Fd: s.fd, Events: emu.POLLOUT}}
		n, err := p.Poll(fds, 0)
		return n == 1 && err == nil
	}
	fmt.Fprintf(out, "message %d: %v; writable %v\n", sent, err, writable())
	if _, err := l.p.Read(l.fd, make([]byte, 64)); err != nil {
		return err
	}
	fmt.Fprintln(out, "one is read; writable", writable())
	for range sent - 2 { // the rest is not for the log
		if _, err := l.p.Read(l.fd, make([]byte, 64)); err != nil {
			return err
		}
	}
	return nil
}

// logger counts, for each name, the lines that come from it.
type logger struct {
	p     Process
	fd    int
	noted map[string]int
}

// serve receives until so many senders have said good-bye.
func (l *logger) serve(senders int) error {
	b, name := make([]byte, 64), make([]byte, 110)
	for senders > 0 {
		namelen := len(name)
		n, err := l.p.Recvfrom(l.fd, b, 0, name, &namelen)
		if err != nil {
			return err
		}
		from := name[:namelen]
		if string(b[:n]) == goodbye {
			senders--
			answer := fmt.Appendf(nil, "%d lines noted", l.noted[string(from)])
			if _, err := l.p.Sendto(l.fd, answer, 0, from); err != nil {
				return err
			}
			continue
		}
		if want := line(l.noted[string(from)]); !bytes.Equal(b[:n], want) {
			return fmt.Errorf("a line of %q = %q, want %q", from, b[:n], want) // messages do not overtake
		}
		l.noted[string(from)]++
	}
	return nil
}

// line is what a sender's i-th message says.
func line(i int) []byte { return fmt.Appendf(nil, "line %d", i) }

// sender is a socket that is connected to the logger and never waits but in poll.
type sender struct {
	p  Process
	fd int
}

// newSender has its socket named by the kernel: the address is the family
// alone. An unnamed one could send, but the logger could not answer it.
func newSender(p Process) (*sender, error) {
	fd, err := bound(p, emu.SOCK_DGRAM|emu.SOCK_NONBLOCK, []byte{emu.AF_UNIX, 0})
	if err != nil {
		return nil, err
	}
	return &sender{p, fd}, p.Connect(fd, emu.PathSockaddr(loggerPath))
}

// send sends lines, says good-bye and returns the answer.
func send(p Process, lines int) (string, error) {
	s, err := newSender(p)
	if err != nil {
		return "", err
	}
	for i := range lines {
		if err := s.put(line(i)); err != nil {
			return "", err
		}
	}
	if err := s.put([]byte(goodbye)); err != nil {
		return "", err
	}
	return s.get()
}

// put sends one message, when the receiver's queue has room for it.
func (s *sender) put(b []byte) error {
	for {
		_, err := s.p.Write(s.fd, b)
		if err != errno.EAGAIN {
			return err
		}
		if err := s.await(emu.POLLOUT); err != nil {
			return err
		}
	}
}

// get receives one message.
func (s *sender) get() (string, error) {
	if err := s.await(emu.POLLIN); err != nil {
		return "", err
	}
	b := make([]byte, 64)
	n, err := s.p.Read(s.fd, b)
	return string(b[:max(n, 0)]), err
}

// await waits until poll says that one of the events is there.
func (s *sender) await(events int16) error {
	_, err := s.p.Poll([]emu.PollFd{{Fd: s.fd, Events: events}}, -1)
	return err
}
