package main

// A case is one row of what is measured: entries that do the same work.
type caseOf struct {
	workload string // "W3"
	name     string // what sets it apart from other cases of its workload
	unit     string // of an entry's figure: "ns" unless it is a measurer's own
	bytes    int    // moved by one operation, for the column of throughput; 0: none
	// per: the figure is of one of so many parts of an operation; 0: of all.
	per int
	// maxRounds: more are not worth their time; 0: as many as are asked for.
	maxRounds int
	// least: fewer operations in a round say nothing.
	least   int
	entries []entry
	goals   []goal // for the emulator
}

// An entry is one contestant's part in a case.
type entry struct {
	name string
	open func() (*job, error)
	// least: fewer operations in a round say nothing.
	least int
	// measure is there instead of open where the figure is no time of one
	// operation.
	measure func() (float64, error)
}

// job is an entry made ready for one round.
type job struct {
	// run does n operations and returns when the last is complete.
	run func(n int) error
	// close gives back what the job holds.
	close func()
	// sent and got are where an operation takes its bytes from and where they
	// are when it is over; check, when set, is shown every piece that a
	// receive of a workload with a reader of its own has stored into got.
	sent, got []byte
	check     func(piece []byte)
}

func newJob(size int) *job {
	j := &job{sent: make([]byte, size), got: make([]byte, size), close: func() {}}
	for i := range j.sent {
		j.sent[i] = byte(i*7 + i>>8)
	}
	return j
}

// A goal is a bound for the emulator's figure, or for its ratio to another's.
type goal struct {
	kind    goalKind
	against string // the other entry, for ratio and added; %s is the judged entry's name
	bound   float64
}

type goalKind int

const (
	ratio  goalKind = iota // figure / the other's <= bound
	figure                 // figure <= bound
	added                  // figure - the other's <= bound
	allocs                 // allocations of one operation <= bound
)

func (c *caseOf) title() string {
	if c.name == "" {
		return c.workload
	}
	return c.workload + " " + c.name
}
