package main

import "io"

// kind is a type of socket.
type kind int

const (
	stream kind = iota
	seqpacket
	dgram
)

func (k kind) String() string { return [...]string{"STREAM", "SEQPACKET", "DGRAM"}[k] }

// A contestant makes connected pairs. A workload takes those that can do what
// it asks for.
type contestant struct {
	name  string
	kinds []kind
	// rendezvous: a write waits for its reader, so that one goroutine alone
	// gets nowhere.
	rendezvous bool
	// fills: its ends are fillers. passes and polls: its world is a passer and
	// a poller.
	fills, passes, polls bool
	pairs                int // of which the memory is measured
	open                 func() (world, error)
}

func (c *contestant) has(k kind) bool {
	for _, mine := range c.kinds {
		if mine == k {
			return true
		}
	}
	return false
}

// A world is where a contestant's pairs live. A contestant whose users call
// it directly, not by an interface of Go, has the loops of the shortest
// operations as methods of its own: exchanger, creator, passer, poller.
type world interface {
	pair(kind) (a, b io.ReadWriteCloser, err error)
	close()
}

// exchanger has a loop of its own for one goroutine that sends batch times
// into one end and receives as often from the other; an operation is one of each.
type exchanger interface {
	exchange(k kind, batch int, sent, got []byte) (run func(n int) error, err error)
}

// creator has a loop of its own for making and closing pairs.
type creator interface{ create(n int) error }

// contestants are all there are on this platform, in the order of the report. To add one
// that gives a net.Conn, add a line with a function that makes two.
func contestants() []contestant {
	all := append(emulators(), netemus()...)
	all = append(all, kernels()...)
	all = append(all,
		conns("net.Pipe", contestant{rendezvous: true, pairs: 10_000}, netPipe),
		pipes(),
		conns("bufconn", contestant{pairs: 200}, bufferedPipe))
	return append(all, gvisors()...)
}

// emulator is the one to which the goals apply, first of those that share them.
const (
	emulator      = "sockpair"
	emulatorPOSIX = "sockpair POSIX"
)

func isOurs(name string) bool { return name == emulator || name == emulatorPOSIX }

// entriesFor makes the entries of all contestants that use admits.
func entriesFor(use func(c *contestant) bool, open func(w world) (*job, error)) []entry {
	var entries []entry
	for _, c := range contestants() {
		if !use(&c) {
			continue
		}
		entries = append(entries, entry{name: c.name, open: func() (*job, error) {
			w, err := c.open()
			if err != nil {
				return nil, err
			}
			j, err := open(w)
			if err != nil {
				w.close()
				return nil, err
			}
			mine := j.close
			j.close = func() { mine(); w.close() }
			return j, nil
		}})
	}
	return entries
}
