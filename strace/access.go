package strace

import "strings"

// Unwrap returns the value inside comments and descriptor annotations.
func (v Value) Unwrap() Value {
	for (v.Kind == Comment || v.Kind == FD) && len(v.Items) == 1 {
		v = v.Items[0].Value
	}
	return v
}

// IsAbsent reports whether there is no value at all.
func (v Value) IsAbsent() bool { return v.Kind == Absent }

// IsNull reports whether v is NULL.
func (v Value) IsNull() bool { return v.IsName("NULL") }

// IsName reports whether v is that name, say AF_UNIX, either spelled out or in
// the comment that `-X verbose` adds to a number.
func (v Value) IsName(name string) bool {
	if c, ok := v.CommentText(); ok && strings.TrimSpace(c) == name {
		return true
	}
	u := v.Unwrap()
	return u.Kind == Name && u.Text == name
}

// Name returns the one name that v is; not ok for numbers and sets of several.
func (v Value) Name() (string, bool) {
	names, rest, ok := v.Flags()
	if !ok || len(names) != 1 || rest != 0 {
		return "", false
	}
	return names[0], true
}

// CommentText returns what stands between /* and */ beside the value.
func (v Value) CommentText() (string, bool) {
	for ; ; v = v.Items[0].Value {
		if v.Kind == Comment {
			return v.Text, true
		}
		if v.Kind != FD || len(v.Items) != 1 {
			return "", false
		}
	}
}

// Annotation returns what strace's -y, -yy or -Y adds to a number:
// "socket:[9]" for 3<socket:[9]>, the command for a process.
func (v Value) Annotation() (string, bool) {
	for ; ; v = v.Items[0].Value {
		if v.Kind == FD {
			return v.Text, true
		}
		if v.Kind != Comment || len(v.Items) != 1 {
			return "", false
		}
	}
}

// Bytes returns what a string holds, and whether strace printed only its
// beginning. An abstract socket name, @"x", begins with its zero byte.
func (v Value) Bytes() (b []byte, cut, ok bool) {
	v = v.Unwrap()
	if v.Kind == Unary && v.Text == "@" {
		b, cut, ok = v.Items[0].Value.Bytes()
		return append([]byte{0}, b...), cut, ok
	}
	if v.Kind != String {
		return nil, false, false
	}
	b, ok = unquote(v.Text)
	return b, v.Cut, ok
}

// Len returns the number of elements, members or arguments.
func (v Value) Len() int {
	switch v = v.Unwrap(); v.Kind {
	case Array, Struct, Func:
		return len(v.Items)
	}
	return 0
}

// Elems returns the elements of an array, a set, a structure or the arguments
// of a function, without the ellipsis that may end them. In the negated set
// ~[INT] they are those that are not in the set; see Negated.
func (v Value) Elems() []Value {
	v = v.Unwrap()
	if _, neg := v.Negated(); neg {
		v = v.Items[0].Value.Unwrap()
	}
	if v.Kind != Array && v.Kind != Struct && v.Kind != Func {
		return nil
	}
	out := make([]Value, 0, len(v.Items))
	for _, it := range v.Items {
		if it.Value.Kind != Ellipsis {
			out = append(out, it.Value)
		}
	}
	return out
}

// Elem returns one element, counted from 0; Absent when there is none.
func (v Value) Elem(i int) Value {
	if e := v.Elems(); i >= 0 && i < len(e) {
		return e[i]
	}
	return Value{}
}

// Abbreviated reports whether strace left something out: a string was cut, or
// a list ends in an ellipsis.
func (v Value) Abbreviated() bool {
	v = v.Unwrap()
	n := len(v.Items)
	return v.Cut || n > 0 && v.Items[n-1].Value.Kind == Ellipsis
}

// Negated returns the set inside ~[...].
func (v Value) Negated() (Value, bool) {
	v = v.Unwrap()
	if v.Kind == Unary && v.Text == "~" {
		return v.Items[0].Value, true
	}
	return Value{}, false
}

// Field returns the member of a structure with that name.
func (v Value) Field(name string) (Value, bool) {
	v = v.Unwrap()
	if v.Kind != Struct {
		return Value{}, false
	}
	return named(v.Items, name)
}

func named(items []Item, name string) (Value, bool) {
	for _, it := range items {
		if it.Name == name {
			return it.Value, true
		}
	}
	return Value{}, false
}

// In returns what the memory held before the call: x of `x => y`, otherwise v.
// Inside an array, as in [128 => 2], ask its element.
func (v Value) In() Value {
	if u := v.Unwrap(); u.Kind == Op && u.Text == "=>" {
		return u.Items[0].Value
	}
	return v
}

// Out returns what the memory held after the call: y of `x => y`, otherwise v.
func (v Value) Out() Value {
	if u := v.Unwrap(); u.Kind == Op && u.Text == "=>" {
		return u.Items[len(u.Items)-1].Value
	}
	return v
}

// Flags returns the names of a set A|B|0x4 and the bits printed as numbers. A
// number that `-X verbose` explains, 0x3 /* A|B */, gives the names; one that
// it cannot explain, 0x4 /* SO_??? */, gives the bits. A term that is no name and
// no number, such as 30<<MAP_HUGE_SHIFT, is not ok.
func (v Value) Flags() (names []string, rest uint64, ok bool) {
	for _, term := range v.terms() {
		if c, has := term.CommentText(); has && !strings.Contains(c, "???") {
			for name := range strings.SplitSeq(strings.TrimSpace(c), "|") {
				names = append(names, name)
			}
			continue
		}
		term = term.Unwrap()
		if term.Kind == Name {
			names = append(names, term.Text)
			continue
		}
		n, isInt := term.Int()
		if !isInt {
			return nil, 0, false
		}
		rest |= uint64(n)
	}
	return names, rest, true
}

// HasFlag reports whether the set v contains name.
func (v Value) HasFlag(name string) bool {
	names, _, _ := v.Flags()
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// terms returns the operands of "|", or v itself. A comment beside the whole
// set explains the set, not its last member, so it is not looked into.
func (v Value) terms() []Value {
	if v.Kind != Op || v.Text != "|" {
		return []Value{v}
	}
	out := make([]Value, len(v.Items))
	for i, it := range v.Items {
		out[i] = it.Value
	}
	return out
}
