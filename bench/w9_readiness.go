package main

import "fmt"

// W9: one of many registered sockets is ready. An operation writes 64 bytes,
// asks epoll_wait, and reads them; in the entries called alone that socket is
// not registered and nobody asks. N is how many sockets beside that one are registered, all of them quiet. In the
// cases of poll an operation is one poll of N sockets of which the last is
// ready, and the figure is for one of them.

// poller has descriptors that can be waited for.
type poller interface {
	// epoll registers quiet sockets and, unless alone, one of the pair that an
	// operation uses, which then asks for what is ready before it reads.
	epoll(quiet int, asks asking, sent, got []byte) (run func(n int) error, err error)
	poll(all int) (run func(n int) error, err error)
}

type asking int

const (
	asksFirst asking = iota
	alone
)

func w9() []*caseOf {
	var cases []*caseOf
	for _, n := range []int{0, 100, 10_000, 100_000} {
		cases = append(cases, &caseOf{
			workload: "W9", name: fmt.Sprintf("epoll, N=%d", n), goals: []goal{{added, "%s alone", 60}},
			entries: epollEntries(n),
		})
	}
	for _, n := range []int{100, 10_000, 100_000} {
		cases = append(cases, &caseOf{
			workload: "W9", name: fmt.Sprintf("poll, N=%d", n), per: n, goals: []goal{{figure, "", 20}},
			entries: entriesFor(polls, func(w world) (*job, error) {
				j := newJob(0)
				run, err := w.(poller).poll(n)
				j.run = run
				return j, err
			}),
		})
	}
	return cases
}

func polls(c *contestant) bool { return c.polls }

func epollEntries(quiet int) []entry {
	of := func(a asking) []entry {
		return entriesFor(polls, func(w world) (*job, error) {
			j := newJob(64)
			run, err := w.(poller).epoll(quiet, a, j.sent, j.got)
			j.run = run
			return j, err
		})
	}
	var entries []entry
	apart := of(alone)
	for i, e := range of(asksFirst) {
		apart[i].name += " alone"
		entries = append(entries, apart[i], e)
	}
	return entries
}
