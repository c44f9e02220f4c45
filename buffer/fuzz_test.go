package buffer

import "testing"

// FuzzQueue runs an input as a program of operations on the machine of the model test, two bytes to a choice, and
// compares with the model and checks the invariants after each.
func FuzzQueue(f *testing.F) {
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, program []byte) {
		program = program[:min(len(program), 4096)]
		m := &machine{t: t, pick: func(n int) int {
			if len(program) < 2 {
				program = nil
				return 0
			}
			choice := int(program[0]) | int(program[1])<<8
			program = program[2:]
			return choice % n
		}}
		m.wrapSoon(m.pick(1000))
		for len(program) > 0 {
			operations[m.pick(len(operations))].do(m)
			m.check()
		}
	})
}
