package main

import (
	"io"
	"net"

	"google.golang.org/grpc/test/bufconn"
)

// makeConns is a world of pairs that a function makes one by one.
type makeConns func() (a, b io.ReadWriteCloser, err error)

func (f makeConns) pair(kind) (a, b io.ReadWriteCloser, err error) { return f() }
func (f makeConns) close()                                         {}

// conns completes the contestant of a function that makes two net.Conn which
// are streams.
func conns(name string, c contestant, f func() (a, b net.Conn, err error)) contestant {
	w := makeConns(func() (a, b io.ReadWriteCloser, err error) {
		x, y, err := f()
		return x, y, err
	})
	c.name, c.kinds, c.open = name, []kind{stream}, func() (world, error) { return w, nil }
	return c
}

func netPipe() (a, b net.Conn, err error) {
	a, b = net.Pipe()
	return a, b, nil
}

// bufferSize is bufconn's, in bytes: what Linux gives a socket.
const bufferSize = 208 << 10

// bufferedPipe takes both ends of a connection from a listener of its own, as
// bufconn has no other way.
func bufferedPipe() (a, b net.Conn, err error) {
	l := bufconn.Listen(bufferSize)
	defer l.Close()
	type accepted struct {
		net.Conn
		error
	}
	server := make(chan accepted, 1)
	go func() {
		c, err := l.Accept()
		server <- accepted{c, err}
	}()
	if a, err = l.Dial(); err != nil {
		return nil, nil, err
	}
	s := <-server
	return a, s.Conn, s.error
}

// pipes is io.Pipe, one for each direction.
func pipes() contestant {
	w := makeConns(func() (a, b io.ReadWriteCloser, err error) {
		r1, w1 := io.Pipe()
		r2, w2 := io.Pipe()
		return &pipePair{r1, w2}, &pipePair{r2, w1}, nil
	})
	return contestant{name: "io.Pipe", kinds: []kind{stream}, rendezvous: true, pairs: 10_000, open: func() (world, error) { return w, nil }}
}

type pipePair struct {
	r *io.PipeReader
	w *io.PipeWriter
}

func (p *pipePair) Read(b []byte) (int, error)  { return p.r.Read(b) }
func (p *pipePair) Write(b []byte) (int, error) { return p.w.Write(b) }
func (p *pipePair) Close() error {
	p.w.Close()
	return p.r.Close()
}
