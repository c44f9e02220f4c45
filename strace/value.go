package strace

// A Value is one thing that strace prints: an argument, a member, an element,
// the part after the equals sign. It is a small tree; which fields have a
// meaning follows from Kind:
//
//	Kind      example            Text          Items           Cut, Tail
//	Number    0x1f, -1, 0644     the spelling
//	Name      AF_UNIX, NULL, ?   the spelling
//	String    "ab\n"...          between ""                    Cut: the dots
//	Array     [3, 4]                           elements        Tail
//	Struct    {a=1, ...}                       members         Tail
//	Func      htons(80)          the function  arguments       Tail
//	Op        A|B, 8*1024        the operator  operands
//	Unary     ~[INT], @"x"       the operator  one operand
//	FD        3<socket:[9]>      between <>    one, the number Tail: (deleted)
//	Comment   0x1 /* AF_UNIX */  between /**/  none or one     Tail: the gap
//	Angle     <... resuming interrupted read ...>, Text between <>
//	Ellipsis  ...
//
// Text keeps the spelling of the source, so that printing what was parsed
// gives the same bytes. What the spelling means is what the accessors answer
// (Int, Bytes, Flags, Field, ...); they see through comments and descriptor
// annotations. The zero Value is Absent: every accessor says no to it, which
// is why Call.Arg and Value.Elem need no second result.
type Value struct {
	Kind  ValueKind
	Cut   bool
	Text  string
	Items []Item
	Tail  string
}

// An Item is a Value in its place: with its name, where one is printed
// (`iov_len=5`, `flags=CLONE_VM`), and with the text between it and the item
// before it.
//
// Gap is empty where that text is what strace usually prints: nothing before
// the first item, ", " or the operator before the others. Otherwise it is the
// text itself: a space in the signal set [INT TERM], ", " before the first
// argument of a resumed call.
type Item struct {
	Gap   string
	Name  string
	Value Value
}

// A ValueKind says which form a Value has.
type ValueKind uint8

// The forms of a Value.
const (
	Absent ValueKind = iota
	Number
	Name
	String
	Array
	Struct
	Func
	Op
	Unary
	FD
	Comment
	Angle
	Ellipsis
)

var valueKindNames = [...]string{"Absent", "Number", "Name", "String", "Array", "Struct", "Func", "Op", "Unary",
	"FD", "Comment", "Angle", "Ellipsis"}

// String returns the name of the constant.
func (k ValueKind) String() string {
	if int(k) < len(valueKindNames) {
		return valueKindNames[k]
	}
	return "ValueKind(?)"
}
