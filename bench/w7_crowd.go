package main

// W7: a thousand pairs talk as in W2 at once. An operation is one round trip
// of any of them. The limit is a thousand pairs of channels.

const crowd = 1000

func w7() []*caseOf {
	return []*caseOf{{
		workload: "W7", least: 10 * crowd,
		entries: append([]entry{{name: limit, open: turns(crowd)}},
			entriesFor(func(c *contestant) bool { return c.has(stream) }, pingPong(crowd, 64))...),
		goals: []goal{{ratio, limit, 1.2}},
	}}
}
