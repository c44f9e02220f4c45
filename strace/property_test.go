package strace

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// genValue draws a value whose print parses to it. depth bounds its height,
// level is the loosest operator that may stand in it without brackets.
func genValue(depth, level int) *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		kinds := []ValueKind{Number, Name, String, FD, Ellipsis, Angle}
		if depth > 0 {
			kinds = append(kinds, Array, Struct, Func, Op, Unary, Comment)
		}
		switch kind := rapid.SampledFrom(kinds).Draw(t, "kind"); kind {
		case Number:
			return Value{Kind: Number, Text: rapid.StringMatching(`[-+]?(0|[1-9][0-9]{0,21}|0[0-7]{1,4}|0x[0-9a-f]{1,16})|'[ -&(-~]'`).Draw(t, "number")}
		case Name:
			return Word(genName.Draw(t, "name"))
		case String:
			v := Str(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"), rapid.IntRange(-1, 9).Draw(t, "max"))
			if rapid.Bool().Draw(t, "hex") {
				b, _, _ := v.Bytes()
				v.Text = QuoteHex(b)
			}
			return v
		case FD:
			v := WithFD(Int(rapid.IntRange(-1, 1<<20).Draw(t, "fd")), genAnnotation.Draw(t, "annotation"))
			v.Tail = rapid.SampledFrom([]string{"", deleted}).Draw(t, "tail")
			return v
		case Angle:
			return Value{Kind: Angle, Text: "... resuming interrupted " + genName.Draw(t, "call") + " ..."}
		case Ellipsis:
			return Dots()
		case Op:
			if level >= len(operators) {
				return Null()
			}
			return genOp(depth, level).Draw(t, "op")
		case Unary:
			op := rapid.SampledFrom([]string{"~", "&", "@", "*", "!"}).Draw(t, "operator")
			return Value{Kind: Unary, Text: op, Items: Args(genValue(depth-1, len(operators)).Draw(t, "operand"))}
		case Comment:
			v := genValue(depth-1, len(operators)).Filter(func(v Value) bool { return v.Kind != Unary }).Draw(t, "commented")
			c := WithComment(v, rapid.StringMatching(`[A-Z_|?()" ]{0,9}`).Draw(t, "comment"))
			c.Tail = rapid.SampledFrom([]string{"", "  "}).Draw(t, "gap")
			return c
		default:
			v := Value{Kind: kind, Items: genItems(depth-1).Draw(t, "items")}
			if n := len(v.Items); n == 0 || !v.Items[n-1].Value.IsAbsent() {
				v.Tail = rapid.SampledFrom([]string{"", "", " "}).Draw(t, "tail")
			}
			if kind == Func && rapid.Bool().Draw(t, "named") {
				v.Text = genName.Draw(t, "function")
			}
			return v
		}
	})
}

var (
	genName       = rapid.StringMatching(`[A-Z_][A-Z_0-9]{0,9}|[a-n]{1,6}|[?]{1,3}`)
	genAnnotation = rapid.SampledFrom([]string{"", "UNIX:[1]", "UNIX-STREAM:[1->2]", `UNIX:[3,"/tmp/a>b\"<"]`, "/dev/null<char 1:3>",
		`/tmp/\74x\76 (1)`, "socket:[7]", "TCPv6:[[::1]:80->[::1]:81]"})
	genGap = rapid.SampledFrom([]string{"", "", "", ",", " , ", " "})
)

// genOp draws operands of one operator, each of tighter ones only.
func genOp(depth, level int) *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		at := rapid.IntRange(level, len(operators)-1).Draw(t, "level")
		n := rapid.IntRange(2, 3).Draw(t, "operands")
		operands := make([]Value, n)
		for i := range operands {
			operands[i] = genValue(depth-1, at+1).Draw(t, "operand")
		}
		return Operation(operators[at].text, operands...)
	})
}

// genItems draws the items of a list. A blank alone cannot stand before what
// begins with an operator or a comment, nor after an absent value, and the first
// item has no comma.
func genItems(depth int) *rapid.Generator[[]Item] {
	return rapid.Custom(func(t *rapid.T) []Item {
		var items []Item
		for i := range rapid.IntRange(0, 3).Draw(t, "n") {
			it := Item{Value: genValue(depth, 0).Draw(t, "value"), Gap: genGap.Draw(t, "gap")}
			if rapid.Bool().Draw(t, "named") {
				it.Name = rapid.SampledFrom([]string{"a", "iov_len", "c_cc[VMIN]", "[VINTR]"}).Draw(t, "name")
			}
			switch {
			case i == 0:
				it.Gap = strings.TrimRight(it.Gap, " ,")
			case items[i-1].Value.IsAbsent():
				it.Gap = strings.TrimSpace(it.Gap)
			}
			if it.Name != "" && rapid.IntRange(0, 9).Draw(t, "absent") == 0 {
				it.Value = Value{}
			}
			items = append(items, it)
		}
		return items
	})
}

// genArgs draws the arguments of a call, between which there must be commas.
func genArgs() *rapid.Generator[[]Item] {
	return rapid.Custom(func(t *rapid.T) []Item {
		items := genItems(3).Draw(t, "args")
		for i := range items {
			if items[i].Value.IsAbsent() {
				items[i].Value = Null()
			}
			if items[i].Gap = strings.TrimSpace(items[i].Gap); i == 0 {
				items[i].Gap = ""
			} else if items[i].Gap == "" && rapid.Bool().Draw(t, "wide") {
				items[i].Gap = ",  "
			}
		}
		return items
	})
}

func genResult() *rapid.Generator[*Result] {
	return rapid.Custom(func(t *rapid.T) *Result {
		r := rapid.SampledFrom([]*Result{nil, Ret(0), Ret(3, "Timeout"), RetErrno("EAGAIN", "Resource temporarily unavailable"),
			RetErrno("EIO", "x", "INJECTED"), RetUnknown("", ""), RetUnknown("ERESTARTSYS", "To be restarted"),
			{Value: Unknown(), Mark: "unavailable"}, {Value: WithFD(Int(3), "a->b")}, {Value: Hex(5), Notes: []string{"flags O_RDWR"}},
			Ret(1, `[{fd=3<")">, revents=POLLIN}]`)}).Draw(t, "result")
		if r == nil {
			return nil
		}
		copied := *r
		copied.Elapsed = rapid.SampledFrom([]string{"", "0.000011"}).Draw(t, "elapsed")
		return &copied
	})
}

func genPrefix() *rapid.Generator[Prefix] {
	return rapid.Custom(func(t *rapid.T) Prefix {
		x := rapid.SampledFrom([]Prefix{{}, {PID: 7, Style: PIDPlain}, {PID: 123456, Style: PIDBracket},
			{PID: 9, Style: PIDPlain, Comm: `a b\74`}, {PID: 9, Style: PIDBracket, Comm: "x"}}).Draw(t, "pid")
		x.Time = rapid.SampledFrom([]string{"", "12:00:00", "12:00:00.000001", "     0.000126", "1795245653.709744", "1795245653"}).Draw(t, "time")
		if x.Time != "" {
			x.Delta = rapid.SampledFrom([]string{"", "     0.000126"}).Draw(t, "delta")
		}
		x.Number = rapid.SampledFrom([]string{"", " 257"}).Draw(t, "number")
		x.IP = rapid.SampledFrom([]string{"", "00007f9d12af1bd3", "????????????????", "08048000"}).Draw(t, "ip")
		return x
	})
}

func genLine() *rapid.Generator[Line] {
	return rapid.Custom(func(t *rapid.T) Line {
		l := Line{Prefix: genPrefix().Draw(t, "prefix"), End: rapid.SampledFrom([]string{"", " ", "\r"}).Draw(t, "end")}
		l.Kind = LineKind(rapid.IntRange(int(LineCall), int(LineSuperseded)).Draw(t, "kind"))
		switch l.Kind {
		case LineCall:
			l.Call = &Call{Name: "f", Args: genArgs().Draw(t, "args"), Result: genResult().Draw(t, "result")}
		case LineUnfinished:
			l.Call = &Call{Name: "f", Args: genArgs().Draw(t, "args"), Marker: "unfinished ...", Open: true}
			if len(l.Call.Args) > 0 {
				l.Call.Tail = rapid.SampledFrom([]string{"", ", "}).Draw(t, "tail")
			}
		case LineResumed:
			l.Call = &Call{Name: "f", Args: genArgs().Draw(t, "args"), Result: genResult().Draw(t, "result")}
			if len(l.Call.Args) > 0 {
				l.Call.Args[0].Gap = rapid.SampledFrom([]string{"", ", ", " "}).Draw(t, "gap")
			}
		case LineSignal:
			l.Signal = &Signal{Name: "SIGPIPE"}
			if rapid.Bool().Draw(t, "info") {
				l.Signal.Info = StructOf(genItems(2).Draw(t, "info")...)
			}
		case LineStopped:
			l.Sig = "SIGTTIN"
		case LineExited:
			l.Status = rapid.IntRange(0, 255).Draw(t, "status")
		case LineKilled:
			l.Sig, l.Core = "SIGSEGV", rapid.Bool().Draw(t, "core")
		case LineSuperseded:
			l.PID, l.Text = 12, rapid.SampledFrom([]string{"", "<x>"}).Draw(t, "comm")
		}
		return l
	})
}

func TestWhatIsPrintedParsesToTheSameTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := genLine().Draw(t, "line")
		text := want.String()
		got, err := ParseLine(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("ParseLine(%q) = %s, %v, want %s", text, shape(got), err, shape(want))
		}
	})
}

func TestQuotingIsUndone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		for _, text := range []string{Quote(want), QuoteHex(want)} {
			if got, ok := unquote(text); !ok || string(got) != string(want) {
				t.Fatalf("unquote(%q) = %q, %v, want %q", text, got, ok, want)
			}
		}
	})
}
