package strace

import (
	"fmt"
	"strconv"
	"strings"
)

// The constructors below make values that print as strace prints them by
// default. They are what a program uses that writes a log rather than reads
// one.

// Int returns a decimal number.
func Int[T ~int | ~int32 | ~int64 | ~uint | ~uint32 | ~uint64](n T) Value {
	return Value{Kind: Number, Text: fmt.Sprint(n)}
}

// Hex returns a hexadecimal number; 0 is "0", as C's %#x prints it.
func Hex(n uint64) Value {
	if n == 0 {
		return Value{Kind: Number, Text: "0"}
	}
	return Value{Kind: Number, Text: "0x" + strconv.FormatUint(n, 16)}
}

// Octal returns an octal number with a leading zero, as modes are printed.
func Octal(n uint64) Value {
	if n == 0 {
		return Value{Kind: Number, Text: "0"}
	}
	return Value{Kind: Number, Text: "0" + strconv.FormatUint(n, 8)}
}

// Pointer returns an address, NULL for 0.
func Pointer(addr uint64) Value {
	if addr == 0 {
		return Null()
	}
	return Hex(addr)
}

// Word returns a name: a constant, a signal.
func Word(name string) Value { return Value{Kind: Name, Text: name} }

// Null returns NULL.
func Null() Value { return Word("NULL") }

// Unknown returns the question mark that stands for an unknown result.
func Unknown() Value { return Word("?") }

// Dots returns the ellipsis that stands for what was left out.
func Dots() Value { return Value{Kind: Ellipsis} }

// Str returns a string, of which only the first max bytes are shown, as -s
// has it; a negative max shows all.
func Str(b []byte, max int) Value {
	cut := max >= 0 && len(b) > max
	if cut {
		b = b[:max]
	}
	return Value{Kind: String, Text: Quote(b), Cut: cut}
}

// Path returns a string as strace prints paths: never cut.
func Path(s string) Value { return Str([]byte(s), -1) }

// FlagSet returns names joined by "|", followed by the bits that have none. An
// empty set is 0; bits alone are explained as strace does, 0x4 /* SO_??? */,
// where unknown is the comment's text ("SO_???").
func FlagSet(names []string, rest uint64, unknown string) Value {
	if len(names) == 0 {
		if rest == 0 || unknown == "" {
			return Hex(rest)
		}
		return WithComment(Hex(rest), unknown)
	}
	terms := make([]Value, 0, len(names)+1)
	for _, n := range names {
		terms = append(terms, Word(n))
	}
	if rest != 0 {
		terms = append(terms, Hex(rest))
	}
	return Operation("|", terms...)
}

// Operation returns operands joined by an operator; a single operand stands
// alone.
func Operation(op string, operands ...Value) Value {
	if len(operands) == 1 {
		return operands[0]
	}
	return Value{Kind: Op, Text: op, Items: Args(operands...)}
}

// InOut returns `before => after`.
func InOut(before, after Value) Value { return Operation("=>", before, after) }

// ArrayOf returns [a, b].
func ArrayOf(elems ...Value) Value { return Value{Kind: Array, Items: Args(elems...)} }

// SetOf returns the elements as strace prints signal sets and descriptor sets,
// with blanks between them: [INT TERM].
func SetOf(elems ...Value) Value {
	v := ArrayOf(elems...)
	for i := range v.Items {
		if i > 0 {
			v.Items[i].Gap = " "
		}
	}
	return v
}

// Not returns the negated set ~[INT TERM].
func Not(set Value) Value { return Value{Kind: Unary, Text: "~", Items: Args(set)} }

// Abstract returns the abstract socket name @"x"; name is without its zero
// byte.
func Abstract(name []byte) Value {
	return Value{Kind: Unary, Text: "@", Items: Args(Str(name, -1))}
}

// StructOf returns {a=1, b=2}.
func StructOf(members ...Item) Value { return Value{Kind: Struct, Items: members} }

// F returns a member of a structure, or a named argument.
func F(name string, v Value) Item { return Item{Name: name, Value: v} }

// FuncOf returns name(args).
func FuncOf(name string, args ...Value) Value {
	return Value{Kind: Func, Text: name, Items: Args(args...)}
}

// WithFD annotates a descriptor as -y does: 3<socket:[9]>.
func WithFD(v Value, text string) Value { return Value{Kind: FD, Text: text, Items: Args(v)} }

// WithComment adds a comment: 0x1 /* AF_UNIX */.
func WithComment(v Value, text string) Value {
	return Value{Kind: Comment, Text: " " + text + " ", Items: Args(v)}
}

// Args returns values as a list of arguments without names.
func Args(values ...Value) []Item {
	if len(values) == 0 {
		return nil
	}
	items := make([]Item, len(values))
	for i, v := range values {
		items[i].Value = v
	}
	return items
}

// Ret returns the result `= n`, with notes that follow in parentheses.
func Ret(n int, notes ...string) *Result { return &Result{Value: Int(n), Notes: notes} }

// RetErrno returns the result `= -1 EAGAIN (Resource temporarily unavailable)`.
func RetErrno(name, text string, notes ...string) *Result {
	return &Result{Value: Int(-1), Errno: name, Text: text, Notes: notes}
}

// RetUnknown returns `= ?`, followed by the reason why there is no number,
// such as ERESTARTSYS; both may be empty.
func RetUnknown(name, text string) *Result { return &Result{Value: Unknown(), Errno: name, Text: text} }

// NoteOf writes the label and value of a note: `flags O_RDWR`; several are
// joined by the caller with ", ".
func NoteOf(label string, v Value) string { return strings.TrimLeft(label+" "+v.String(), " ") }
