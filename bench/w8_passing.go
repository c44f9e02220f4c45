package main

// W8: a descriptor is sent with one byte, received, and the number that it got
// is closed: sendmsg, recvmsg, close. The descriptor is that of a socket, whose
// reachability the machine must follow, or of an eventfd. The limit is W1's.

// passed is what is sent.
type passed int

const (
	aSocket passed = iota
	anEventfd
)

func (p passed) String() string { return [...]string{"a socket", "an eventfd"}[p] }

// passer has descriptors.
type passer interface {
	pass(what passed, sent, got []byte) (run func(n int) error, err error)
}

func w8() []*caseOf {
	var cases []*caseOf
	for _, what := range []passed{aSocket, anEventfd} {
		cases = append(cases, &caseOf{
			workload: "W8", name: what.String(), goals: []goal{{figure, "", 150}},
			entries: append([]entry{{name: limit, open: copies(64)}},
				entriesFor(func(c *contestant) bool { return c.passes }, func(w world) (*job, error) {
					j := newJob(1)
					run, err := w.(passer).pass(what, j.sent, j.got)
					j.run = run
					return j, err
				})...),
		})
	}
	return cases
}
