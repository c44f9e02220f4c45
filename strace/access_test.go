package strace

import (
	"fmt"
	"testing"
)

func TestIntEvaluatesWhatIsANumber(t *testing.T) {
	for _, row := range []struct {
		in   string
		want int64
		ok   bool
	}{
		{"0", 0, true},
		{"-1", -1, true},
		{"+7", 7, true},
		{"0x1f", 31, true},
		{"0XF", 0, false},
		{"0644", 420, true},
		{"08", 0, false},
		{"'S'", 'S', true},
		{"9223372036854775807", 1<<63 - 1, true},
		{"-9223372036854775808", -1 << 63, true},
		{"0xffffffffffffffff", -1, true},
		{"99999999999999999999", 0, false},
		{"8192*1024", 8192 * 1024, true},
		{"1<<3", 8, true},
		{"1<<64", 0, false},
		{"1<<-1", 0, false},
		{"1|6|8", 15, true},
		{"1 + 2 - 3*4", -9, true},
		{"9 - 3 - 2", 4, true},
		{"(2)*3", 6, true},
		{"-(5)", -5, true},
		{"~5", ^5, true},
		{"|4", 4, true},
		{"!4", 0, false},
		{"3<socket:[9]>", 3, true},
		{"0x3 /* A */", 3, true},
		{"-100 /* AT_FDCWD */</x>", -100, true},
		{"A*2", 0, false},
		{"2*A", 0, false},
		{"1 => 2", 0, false},
		{"htons(80)", 0, false},
		{"NULL", 0, false},
		{`"1"`, 0, false},
		{"[1]", 0, false},
		{"00:11", 0, false},
	} {
		got, ok := mustValue(t, row.in).Int()
		equal(t, row.in+" Int()", fmt.Sprint(got, ok), fmt.Sprint(row.want, row.ok))
	}
}

func TestPointerIsABareHexadecimalNumber(t *testing.T) {
	for in, want := range map[string]string{
		"0x7ffe12345678":     "7ffe12345678 true",
		"0xffffffffffffffff": "ffffffffffffffff true",
		"0x1 /* 3 vars */":   "1 true",
		"12":                 "0 false",
		"NULL":               "0 false",
		"0x1|0x2":            "0 false",
	} {
		got, ok := mustValue(t, in).Pointer()
		equal(t, in+" Pointer()", fmt.Sprintf("%x %v", got, ok), want)
	}
}

func TestBytesDecodesEveryEscape(t *testing.T) {
	for in, want := range map[string]string{
		`""`:                       `"" false true`,
		`"a"...`:                   `"a" true true`,
		`"\0\08\177\377\x0a\xFf"`:  `"\x00\x008\x7f\xff\n\xff" false true`,
		`"\t\n\v\f\r\a\b\e\"\\\'"`: `"\t\n\v\f\r\a\b\x1b\"\\'" false true`,
		`@"x"`:                     `"\x00x" false true`,
		`"x" /* c */`:              `"x" false true`,
		`@[]`:                      `"\x00" false false`,
		`12`:                       `"" false false`,
	} {
		b, cut, ok := mustValue(t, in).Bytes()
		equal(t, in+" Bytes()", fmt.Sprintf("%q %v %v", b, cut, ok), want)
	}
}

func TestFlagsAreNamesAndWhatIsLeft(t *testing.T) {
	for in, want := range map[string]string{
		"0":                            "[] 0 true",
		"A":                            "[A] 0 true",
		"A|B|0x4":                      "[A B] 4 true",
		"0x4006":                       "[] 4006 true",
		"0x3 /* A|B */":                "[A B] 0 true",
		"0x3 /* A|B */|0x8|17 /* C */": "[A B C] 8 true",
		"0x8 /* SO_??? */":             "[] 8 true",
		"|0x900":                       "[] 900 true",
		"A|30<<B":                      "[] 0 false",
		"[A]":                          "[] 0 false",
		`"A"`:                          "[] 0 false",
		"3<x> /* A */":                 "[A] 0 true",
	} {
		names, rest, ok := mustValue(t, in).Flags()
		equal(t, in+" Flags()", fmt.Sprintf("%v %x %v", names, rest, ok), want)
	}
	equal(t, "HasFlag", mustValue(t, "A|B").HasFlag("B"), true)
	equal(t, "HasFlag", mustValue(t, "A|B").HasFlag("C"), false)
}

func TestANameIsFoundSpelledOutOrInAComment(t *testing.T) {
	for in, want := range map[string]string{
		"AF_UNIX":           "AF_UNIX true true",
		"0x1 /* AF_UNIX */": "AF_UNIX true true",
		"0x1":               " false false",
		"A|AF_UNIX":         " false false",
		"AF_UNIX|0x2":       " false false",
		"AF_UNIX</x>":       "AF_UNIX true true",
	} {
		v := mustValue(t, in)
		name, ok := v.Name()
		equal(t, in+" Name(), IsName()", fmt.Sprint(name, " ", ok, " ", v.IsName("AF_UNIX")), want)
	}
	equal(t, "NULL IsNull()", mustValue(t, "NULL").IsNull(), true)
	equal(t, "0 IsNull()", mustValue(t, "0").IsNull(), false)
}

func TestListsGiveTheirElements(t *testing.T) {
	v := mustValue(t, "{a=1, b=[2, 3, ...], f(4), ...}")
	equal(t, "Len()", v.Len(), 4)
	equal(t, "len(Elems())", len(v.Elems()), 3)
	equal(t, "Abbreviated()", v.Abbreviated(), true)
	b, ok := v.Field("b")
	equal(t, "Field(b)", fmt.Sprint(b, ok), "[2, 3, ...] true")
	equal(t, "Elem(1)", b.Elem(1).String(), "3")
	equal(t, "Elem(2)", b.Elem(2).IsAbsent(), true)
	equal(t, "Elem(-1)", b.Elem(-1).IsAbsent(), true)
	equal(t, "Elem(2) of a structure", v.Elem(2).Elem(0).String(), "4")
	_, ok = v.Field("c")
	equal(t, "Field(c)", ok, false)
	_, ok = b.Field("a")
	equal(t, "Field of an array", ok, false)
	equal(t, "Len() of a number", mustValue(t, "1").Len(), 0)
	equal(t, "len(Elems()) of a number", len(mustValue(t, "1").Elems()), 0)
	equal(t, "Abbreviated() of a string", mustValue(t, `"x"...`).Abbreviated(), true)
	equal(t, "Abbreviated() of a whole string", mustValue(t, `"x"`).Abbreviated(), false)
}

func TestANegatedSetHasElements(t *testing.T) {
	v := mustValue(t, "~[INT TERM]")
	set, ok := v.Negated()
	equal(t, "Negated()", fmt.Sprint(set, ok, len(v.Elems())), "[INT TERM] true 2")
	_, ok = set.Negated()
	equal(t, "Negated() of a set", ok, false)
}

func TestInAndOutAreBeforeAndAfter(t *testing.T) {
	for in, want := range map[string]string{
		"128 => 2":       "128 2",
		"7":              "7 7",
		"{a=1} => {b=2}": "{a=1} {b=2}",
	} {
		v := mustValue(t, in)
		equal(t, in, v.In().String()+" "+v.Out().String(), want)
	}
	equal(t, "[128 => 2]", mustValue(t, "[128 => 2]").Elem(0).Out().String(), "2")
}

func TestAnnotationsAndCommentsAreFoundInAnyOrder(t *testing.T) {
	for in, want := range map[string]string{
		"3<socket:[9]>":           "socket:[9] true  false",
		"3<pipe:[9]> /* x */":     "pipe:[9] true  x  true",
		"-100 /* AT_FDCWD */</x>": "/x true  AT_FDCWD  true",
		"3":                       " false  false",
		"/* only */":              " false  only  true",
		"0x1 /* X */":             " false  X  true",
	} {
		v := mustValue(t, in)
		a, hasA := v.Annotation()
		c, hasC := v.CommentText()
		equal(t, in, fmt.Sprint(a, " ", hasA, " ", c, " ", hasC), want)
	}
}

func TestAbsentAnswersNoToEverything(t *testing.T) {
	var v Value
	equal(t, "IsAbsent()", v.IsAbsent(), true)
	equal(t, "String()", v.String(), "")
	ask(v)
	_, isInt := v.Int()
	_, _, isBytes := v.Bytes()
	_, _, isFlags := v.Flags()
	equal(t, "Int, Bytes, Flags", fmt.Sprint(isInt, isBytes, isFlags), "false false false")
}

func TestArgumentsAreFoundByNumberAndName(t *testing.T) {
	c := mustParse(t, "clone(child_stack=NULL, flags=SIGCHLD) = 7").Call
	equal(t, "Arg(1)", c.Arg(1).String(), "SIGCHLD")
	equal(t, "Arg(2)", c.Arg(2).IsAbsent(), true)
	equal(t, "Arg(-1)", c.Arg(-1).IsAbsent(), true)
	v, ok := c.Named("flags")
	equal(t, "Named(flags)", fmt.Sprint(v, ok), "SIGCHLD true")
	_, ok = c.Named("tls")
	equal(t, "Named(tls)", ok, false)
}

func TestResultsTellWhatStraceDid(t *testing.T) {
	for in, want := range map[string]string{
		"f() = 3":                     "3 true true false false false",
		"f() = 0 (Timeout)":           "0 true true true false false",
		"f() = -1 EIO (x) (INJECTED)": "-1 true true false true false",
		"f() = 0 (INJECTED: args)":    "0 true true false true false",
		"f() = 0 (DELAYED)":           "0 true true false false true",
		"f() = ?":                     "0 false false false false false",
		"f() = 3<x>":                  "3 true true false false false",
		"f() = 0 (INJECTEDLY)":        "0 true true false false false",
	} {
		r := mustParse(t, in).Call.Result
		n, ok := r.Int()
		equal(t, in, fmt.Sprint(n, ok, r.Known(), r.TimedOut(), r.Injected(), r.Delayed()), want)
	}
}

func TestNotesGiveLabelledValues(t *testing.T) {
	for _, row := range []struct{ in, label, want string }{
		{"f() = 0x802 (flags O_RDWR|O_NONBLOCK)", "flags", "O_RDWR|O_NONBLOCK true"},
		{"f() = 2 (in [3 4], out [5], left {tv_sec=1, tv_nsec=2})", "in", "[3 4] true"},
		{"f() = 2 (in [3 4], out [5], left {tv_sec=1, tv_nsec=2})", "out", "[5] true"},
		{"f() = 2 (in [3 4], out [5], left {tv_sec=1, tv_nsec=2})", "left", "{tv_sec=1, tv_nsec=2} true"},
		{"f() = 1 ([{fd=5, revents=POLLIN}], left {tv_sec=1})", "", "[{fd=5, revents=POLLIN}] true"},
		{"f() = 1 ([{fd=5, revents=POLLIN}], left {tv_sec=1})", "left", "{tv_sec=1} true"},
		{"f() = 1 (left {tv_sec=1})", "", " false"},
		{"f() = 0 (Timeout)", "", " false"},
		{"f() = -1 EIO (x) (flags A)", "flags", "A true"},
		{"f() = 0 (~ , a = broken) (flags A)", "flags", "A true"},
		{"f() = 0 (a[) (flags A])", "flags", " false"},
		{"f() = 0", "flags", " false"},
	} {
		v, ok := mustParse(t, row.in).Call.Result.Detail(row.label)
		equal(t, row.in+" Detail("+row.label+")", fmt.Sprint(v, " ", ok), row.want)
	}
}

func TestKindsHaveNames(t *testing.T) {
	equal(t, "Absent", Absent.String(), "Absent")
	equal(t, "Ellipsis", Ellipsis.String(), "Ellipsis")
	equal(t, "LineSuperseded", LineSuperseded.String(), "LineSuperseded")
	equal(t, "Lost", Lost.String(), "Lost")
	equal(t, "unknown", ValueKind(99).String()+LineKind(99).String()+EventKind(99).String(), "ValueKind(?)LineKind(?)EventKind(?)")
}
