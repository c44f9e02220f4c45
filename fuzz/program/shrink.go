package program

import (
	"slices"

	"sockpair/emu"
)

// Shrink returns the shortest program that it finds by leaving calls out of
// p, and by making calls simpler, for which shows is still true.
func Shrink(p Program, shows func(Program) bool) Program {
	for {
		p = fewer(p, shows)
		q, changed := simpler(p, shows)
		if p = q; !changed {
			return p
		}
	}
}

// fewer leaves calls out.
func fewer(p Program, shows func(Program) bool) Program {
	for again := true; again; {
		again = false
		for size := max(1, len(p)/2); size > 0; size /= 2 {
			for at := 0; at+size <= len(p); {
				if shorter := slices.Delete(slices.Clone(p), at, at+size); shows(shorter) {
					p, again = shorter, true
				} else {
					at += size
				}
			}
		}
		if !again {
			p, again = withoutTwo(p, shows)
		}
	}
	return p
}

// simpler makes each call as simple as it gets.
func simpler(p Program, shows func(Program) bool) (_ Program, changed bool) {
	for i := range p {
		for again := true; again; {
			again = false
			for _, c := range simplify(p[i]) {
				q := slices.Clone(p)
				q[i] = c
				if shows(q) {
					p, again, changed = q, true, true
					break
				}
			}
		}
	}
	return p, changed
}

// fewCalls is how long a program may be for every two calls of it to be tried.
const fewCalls = 16

// withoutTwo leaves out two calls of which neither can go alone, as a send and
// the receive of what it has sent.
func withoutTwo(p Program, shows func(Program) bool) (Program, bool) {
	for i := 0; i < len(p) && len(p) <= fewCalls; i++ {
		for j := i + 1; j < len(p); j++ {
			if shorter := slices.Delete(slices.Delete(slices.Clone(p), j, j+1), i, i+1); shows(shorter) {
				return shorter, true
			}
		}
	}
	return p, false
}

// simplify returns calls that are simpler than c: in finitely many steps none is.
func simplify(c Call) (list []Call) {
	with := func(change func(*Call)) {
		d := c
		d.Args, d.Mem, d.Msgs, d.Polls = slices.Clone(c.Args), slices.Clone(c.Mem), slices.Clone(c.Msgs), slices.Clone(c.Polls)
		change(&d)
		list = append(list, d)
	}
	for fd := 3; fd < min(c.Fd, 5); fd++ { // the first pair
		with(func(d *Call) { d.Fd = fd })
	}
	for i := range c.Polls {
		if len(c.Polls) > 1 {
			with(func(d *Call) { d.Polls = d.Polls[i : i+1] })
		}
	}
	for i := range c.Msgs {
		if len(c.Msgs) > 1 {
			with(func(d *Call) { d.Msgs = d.Msgs[i : i+1] })
		}
		for _, iov := range shorterVectors(c.Msgs[i].Iov) {
			with(func(d *Call) { d.Msgs[i].Iov = iov })
		}
	}
	switch c.Name {
	case "readv", "writev":
		for _, iov := range shorterVectors(c.Mem) {
			with(func(d *Call) { d.Mem = iov })
		}
	case "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg":
		for shift := range 32 {
			if bit := int(int32(uint32(1) << shift)); c.arg(0)&bit != 0 && bit != emu.MSG_DONTWAIT { // it must not sleep
				with(func(d *Call) { d.Args[0] &^= bit })
			}
		}
		fallthrough
	default:
		for i, m := range c.Mem {
			if m.Kind == Good && m.Data == nil && m.Len > 1 && c.Name != "getsockopt" { // whose length is an argument of its own
				with(func(d *Call) { d.Mem[i].Len = 1 })
			}
		}
	}
	return list
}

// shorterVectors are vectors with a buffer less, or a shorter one.
func shorterVectors(v []Mem) (shorter [][]Mem) {
	for i := range v {
		if len(v) > 1 {
			shorter = append(shorter, slices.Delete(slices.Clone(v), i, i+1))
		}
		if v[i].Kind == Good && v[i].Data == nil && v[i].Len > 1 {
			one := slices.Clone(v)
			one[i].Len = 1
			shorter = append(shorter, one)
		}
	}
	return shorter[:min(len(shorter), fewCalls)]
}
