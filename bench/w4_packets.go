package main

import "fmt"

// W4: messages of 64 bytes and 1 KiB, one way. In the case that the goal is
// for, one goroutine sends and another receives, as in W3. In the other, one
// goroutine sends burst messages and then receives them, which is W1 with a
// queue: it shows the cost of a message without that of going to sleep. The
// limit of both is W1's: a copy in and a copy out, each under a mutex.

// burst messages of 1 KiB are fewer than any of the contestants has room for.
const burst = 32

func w4() []*caseOf {
	var cases []*caseOf
	for _, k := range []kind{seqpacket, dgram} {
		for _, s := range []struct {
			name  string
			size  int
			bound float64
		}{{"64 B", 64, 3.5}, {"1 KiB", 1 << 10, 3.2}} {
			use := func(c *contestant) bool { return c.has(k) }
			goals := []goal{{ratio, limit, s.bound}}
			cases = append(cases, &caseOf{
				workload: "W4", name: fmt.Sprintf("%v %s", k, s.name), bytes: s.size, goals: goals,
				entries: append([]entry{{name: limit, open: copies(s.size)}}, entriesFor(use, oneWay(k, s.size))...),
			}, &caseOf{
				workload: "W4", name: fmt.Sprintf("%v %s, bursts", k, s.name), bytes: s.size, goals: goals,
				entries: append([]entry{{name: limit, open: copies(s.size)}}, entriesFor(use, exchange(k, burst, s.size))...),
			})
		}
	}
	return cases
}
