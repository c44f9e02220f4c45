package program

// Shrink returns the shortest program that it finds by leaving calls out of
// p, and by making memory shorter, for which shows is still true.
func Shrink(p Program, shows func(Program) bool) Program {
	for again := true; again; {
		again = false
		for size := max(1, len(p)/2); size > 0; size /= 2 {
			for at := 0; at+size <= len(p); {
				shorter := append(append(Program(nil), p[:at]...), p[at+size:]...)
				if shows(shorter) {
					p, again = shorter, true
				} else {
					at += size
				}
			}
		}
	}
	for i := range p {
		for _, simpler := range simplify(p[i]) {
			q := append(Program(nil), p...)
			q[i] = simpler
			if shows(q) {
				p = q
			}
		}
	}
	return p
}

// simplify returns calls that are simpler than c.
func simplify(c Call) (simpler []Call) {
	if len(c.Polls) > 1 {
		for i := range c.Polls {
			d := c
			d.Polls = c.Polls[i : i+1]
			simpler = append(simpler, d)
		}
	}
	if len(c.Msgs) > 1 {
		for i := range c.Msgs {
			d := c
			d.Msgs = c.Msgs[i : i+1]
			simpler = append(simpler, d)
		}
	}
	for i := range c.Mem {
		if c.Mem[i].Kind == Good && c.Mem[i].Data == nil && c.Mem[i].Len > 1 {
			d := c
			d.Mem = append([]Mem(nil), c.Mem...)
			d.Mem[i].Len = 1
			simpler = append(simpler, d)
		}
	}
	return simpler
}
