package strace

import "strings"

// A Call is a system call, or the part of one that a line shows.
//
// In a line of kind LineUnfinished, Args are the arguments printed so far and
// Tail is what follows the last whole one: ", ", or the beginning of an
// argument that strace finishes on return (`, {ifc_len=4096`). In a line of
// kind LineResumed, Head is the end of such an argument and Args are those
// after it. A Joiner puts the two together.
type Call struct {
	Name   string
	Head   string
	Args   []Item
	Tail   string
	Marker string  // `unfinished ...` where the line shows <unfinished ...>, likewise `detached ...`
	Open   bool    // the closing parenthesis is not there
	Result *Result // nil: none was printed; in a script, the call is yet to be made
}

// Arg returns argument number i, counted from 0; Absent when there is none.
func (c *Call) Arg(i int) Value {
	if i < 0 || i >= len(c.Args) {
		return Value{}
	}
	return c.Args[i].Value
}

// Named returns the argument printed with that name, as in
// clone(child_stack=NULL, flags=SIGCHLD).
func (c *Call) Named(name string) (Value, bool) { return named(c.Args, name) }

// A Result is what follows the equals sign.
type Result struct {
	Gap     string   // the blanks before "=", when they do not align it to AlignColumn
	Value   Value    // a number as a rule; the name "?" where strace knows none
	Errno   string   // EAGAIN, ERESTARTSYS
	Text    string   // what Errno means, printed in parentheses after it
	Mark    string   // `unavailable` in `= ? <unavailable>`
	Notes   []string // further parentheses: `Timeout`, `flags O_RDWR`, `in [3], left {...}`, `INJECTED`
	Elapsed string   // seconds, as -T prints them between angle brackets
}

// Int returns the number after the equals sign; not ok for "?".
func (r *Result) Int() (int64, bool) { return r.Value.Int() }

// Known reports whether a number was printed rather than "?".
func (r *Result) Known() bool { return r.Value.Unwrap().Kind == Number }

// Injected reports whether strace itself made this result (--inject).
func (r *Result) Injected() bool { return r.hasNote("INJECTED") }

// Delayed reports whether strace delayed the call (--inject=...:delay_enter=).
func (r *Result) Delayed() bool { return r.hasNote("DELAYED") }

// TimedOut reports the note that poll, select and their kin carry when
// nothing was ready.
func (r *Result) TimedOut() bool { return r.hasNote("Timeout") }

func (r *Result) hasNote(prefix string) bool {
	for _, n := range r.Notes {
		if n == prefix || strings.HasPrefix(n, prefix+":") {
			return true
		}
	}
	return false
}

// Detail returns the value that the notes give under a label: "flags" of
// `(flags O_RDWR)`, "in", "out" and "left" of `(in [3], left {tv_sec=1})`. The
// label "" asks for what stands alone, as poll's `([{fd=5, revents=POLLIN}])`.
func (r *Result) Detail(label string) (Value, bool) {
	for _, note := range r.Notes {
		items, err := parseNote(note)
		if err != nil {
			continue // free text, which has no labels
		}
		for i, it := range items {
			labelled := i > 0 && it.Gap == " " && items[i-1].Value.Kind == Name
			if label == "" && !labelled && it.Value.Kind != Name {
				return it.Value, true
			}
			if labelled && items[i-1].Value.Text == label {
				return it.Value, true
			}
		}
	}
	return Value{}, false
}
