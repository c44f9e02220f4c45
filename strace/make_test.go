package strace

import (
	"reflect"
	"testing"
)

// Each value that a constructor makes prints as strace prints it, and parses
// to the same tree.
func TestConstructorsPrintAsStraceDoes(t *testing.T) {
	for _, row := range []struct {
		v    Value
		want string
	}{
		{Int(-5), "-5"},
		{Int(uint64(1<<64 - 1)), "18446744073709551615"},
		{Hex(0), "0"},
		{Hex(31), "0x1f"},
		{Octal(0), "0"},
		{Octal(0o644), "0644"},
		{Pointer(0), "NULL"},
		{Pointer(0x7ffe), "0x7ffe"},
		{Word("AF_UNIX"), "AF_UNIX"},
		{Null(), "NULL"},
		{Unknown(), "?"},
		{Dots(), "..."},
		{Str(nil, 32), `""`},
		{Str([]byte("abc"), 3), `"abc"`},
		{Str([]byte("abcd"), 3), `"abc"...`},
		{Str([]byte("abcd"), 0), `""...`},
		{Str([]byte("abcd"), -1), `"abcd"`},
		{Str([]byte("\x00\x007\x008\"\\\x7f\xff"), -1), `"\0\0007\08\"\\\177\377"`},
		{Path("/tmp/a b"), `"/tmp/a b"`},
		{FlagSet(nil, 0, "MSG_???"), "0"},
		{FlagSet(nil, 4, "MSG_???"), "0x4 /* MSG_??? */"},
		{FlagSet(nil, 4, ""), "0x4"},
		{FlagSet([]string{"A"}, 0, ""), "A"},
		{FlagSet([]string{"A", "B"}, 4, "MSG_???"), "A|B|0x4"},
		{Operation("*", Int(8192), Int(1024)), "8192*1024"},
		{Operation("*", Int(1)), "1"},
		{InOut(Int(128), Int(2)), "128 => 2"},
		{ArrayOf(), "[]"},
		{ArrayOf(Int(3), Int(4)), "[3, 4]"},
		{SetOf(Word("INT"), Word("TERM")), "[INT TERM]"},
		{Not(SetOf(Word("INT"))), "~[INT]"},
		{Abstract([]byte("x")), `@"x"`},
		{StructOf(F("a", Int(1)), Item{Value: Dots()}), "{a=1, ...}"},
		{FuncOf("htons", Int(80)), "htons(80)"},
		{WithFD(Int(3), "socket:[9]"), "3<socket:[9]>"},
		{WithComment(Hex(1), "AF_UNIX"), "0x1 /* AF_UNIX */"},
	} {
		equal(t, "String()", row.v.String(), row.want)
		if got := mustValue(t, row.want); !reflect.DeepEqual(got, row.v) {
			t.Errorf("ParseLine(f(%s)) has the argument %s, want %s", row.want, shapeValue(got), shapeValue(row.v))
		}
	}
}

func TestResultsPrintAsStraceDoes(t *testing.T) {
	for _, row := range []struct {
		r    *Result
		want string
	}{
		{Ret(3), "= 3"},
		{Ret(0, "Timeout"), "= 0 (Timeout)"},
		{Ret(1, NoteOf("in", SetOf(Int(3)))+", "+NoteOf("left", StructOf(F("tv_sec", Int(0))))), "= 1 (in [3], left {tv_sec=0})"},
		{Ret(1, NoteOf("", ArrayOf(Int(3)))), "= 1 ([3])"},
		{RetErrno("EAGAIN", "Resource temporarily unavailable"), "= -1 EAGAIN (Resource temporarily unavailable)"},
		{RetErrno("EIO", "Input/output error", "INJECTED"), "= -1 EIO (Input/output error) (INJECTED)"},
		{RetUnknown("", ""), "= ?"},
		{RetUnknown("ERESTARTSYS", "To be restarted if SA_RESTART is set"), "= ? ERESTARTSYS (To be restarted if SA_RESTART is set)"},
	} {
		equal(t, "String()", row.r.String(), row.want)
	}
}

// The equals sign stands in column 40 of the line, prefix included; a call
// that reaches it is followed by one blank. [strace(1) -a]
func TestResultsAreAligned(t *testing.T) {
	c := &Call{Name: "close", Args: Args(Int(3)), Result: Ret(0)}
	equal(t, "Call.String()", c.String(), "close(3)                                = 0")
	l := Line{Kind: LineCall, Prefix: Prefix{PID: 7, Style: PIDPlain}, Call: c}
	equal(t, "Line.String()", l.String(), "7     close(3)                          = 0")
	equal(t, "Line.Append()", string(l.Append([]byte("> "))), "> 7     close(3)                          = 0")
	long := &Call{Name: "a_call_whose_name_is_as_long_as_39_columns"[:37], Result: Ret(0)}
	equal(t, "39 columns", long.String(), "a_call_whose_name_is_as_long_as_39_co() = 0")
	long.Name += "x"
	equal(t, "40 columns", long.String(), "a_call_whose_name_is_as_long_as_39_cox() = 0")
}
