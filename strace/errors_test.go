package strace

import (
	"strings"
	"testing"
)

// mistakes are lines that are not the notation, each with the whole error.
var mistakes = []struct{ in, want string }{
	{"f", `column:2: expected "(", found the end of the line`},
	{"3", `column:1: expected a system call, a signal, an exit or a comment, found "3"`},
	{"socketpair AF_UNIX, 0) = 0", `column:11: expected "(", found " "`},
	{"=", `column:1: expected a system call, a signal, an exit or a comment, found "="`},
	{"f(", `column:3: expected a value, found the end of the line`},
	{"f(3", `column:4: expected "," or ")", found the end of the line`},
	{"f(3 4)", `column:5: expected "," or ")", found "4"`},
	{"f(, 4)", `column:3: expected a value, found ","`},
	{"f(3]", `column:4: expected "," or ")", found "]"`},
	{"f([3)", `column:5: expected "," or "]", found ")"`},
	{"f({a=1]", `column:7: expected "," or "}", found "]"`},
	{"f({3=1})", `column:5: expected "," or a closing bracket, found "="`},
	{"f(a[b)", `column:6: expected "]", found ")"`},
	{"f(A|)", `column:5: expected a value, found ")"`},
	{"f(A| B)", `column:4: expected "," or ")", found "|"`},
	{`f("a)`, `column:6: expected a closing '"', found the end of the line`},
	{`f("a\q")`, `column:5: expected an escape such as \n, \0 or \x1f, found "\\"`},
	{`f("a\x1")`, `column:5: expected an escape such as \n, \0 or \x1f, found "\\"`},
	{`f("a\777")`, `column:5: expected an escape such as \n, \0 or \x1f, found "\\"`},
	{"f('ab')", `column:3: expected a character between single quotes, found "'"`},
	{"f(3<a)", `column:7: expected a closing ">", found the end of the line`},
	{`f(3<"a)`, `column:8: expected a closing ">", found the end of the line`},
	{"f(1 /* a)", `column:10: expected "*/", found the end of the line`},
	{"f(/* a)", `column:8: expected "*/", found the end of the line`},
	{"f(<... a)", `column:10: expected ">", found the end of the line`},
	{"f(3 <unfinished ...", `column:6: expected a text and ">", found "unfinished"`},
	{"f(3 <>", `column:6: expected a text and ">", found ">"`},
	{"f(3 <unfinished ...> 4", `column:21: expected ")", found " "`},
	{"f({ <unfinished ...> 4", `column:21: expected ")", found " "`},
	{"f()= 0", `column:4: expected " = " and the result, found "="`},
	{"f() 0", `column:5: expected " = " and the result, found "0"`},
	{"f() =0", `column:6: expected " ", found "0"`},
	{"f() =", `column:6: expected " ", found the end of the line`},
	{"f() = )", `column:7: expected a value, found ")"`},
	{"f() = 0x", ``},
	{"f() = 0 E F", `column:10: expected the end of the line, or " (" and a note, found " "`},
	{"f() = 0  E", `column:9: expected the name of an error, found " "`},
	{"f() = 0 ()", `column:10: expected a text and ")", found ")"`},
	{"f() = 0 (a", `column:10: expected a text and ")", found "a"`},
	{"f() = 0 (a]", `column:10: expected a text and ")", found "a"`},
	{"f() = 0 <0.1", `column:13: expected ">", found the end of the line`},
	{"f() = 0 <0.1> (a)", `column:14: expected the end of the line, found " "`},
	{"f() = 0 <>", `column:8: expected the seconds that the call took, found " "`},
	{"f() = 0 <a> <b>", `column:12: expected the seconds that the call took, found " "`},
	{"<... resumed>) = 0", `column:13: expected " resumed>", found ">"`},
	{"<... (", `column:6: expected the name of a system call, found "("`},
	{"<... f ended>", `column:7: expected " resumed>", found " "`},
	{"<... f resumed>1", `column:17: expected "," or ")", found the end of the line`},
	{"<... f resumed>}, x = 0", `column:16: expected a value, found "}"`},
	{"--- 9", `column:6: expected " ---" and the end of the line, found the end of the line`},
	{"--- ", `column:1: expected a system call, a signal, an exit or a comment, found "-"`},
	{"--- {", `column:5: expected the name of a signal, found "{"`},
	{"--- SIGX {", `column:11: expected a value, found the end of the line`},
	{"--- stopped by {} ---", `column:16: expected the name of a signal, found "{"`},
	{"--- SIGX --- x", `column:9: expected " ---" and the end of the line, found " "`},
	{"+++ exited with x +++", `column:17: expected a decimal number, found "x"`},
	{"+++ exited with 01 +++", `column:17: expected a decimal number, found "01"`},
	{"+++ exited with 99999999999 +++", `column:17: expected a decimal number, found "99999999999"`},
	{"+++ killed by +++", `column:15: expected the name of a signal, found "+"`},
	{"+++ superseded by execve in pid x +++", `column:33: expected a decimal number, found "x"`},
	{"+++ superseded by execve in pid 1<x +++", `column:40: expected ">", found the end of the line`},
	{"+++ died +++", `column:5: expected "exited with ", "killed by " or "superseded by execve in pid ", found "died"`},
	{"[pid x] f()", `column:6: expected a decimal number, found "x"`},
	{"[pid 7 f()", `column:7: expected "] ", found " "`},
	{"[pid 7<x f()", `column:13: expected ">", found the end of the line`},
	{"007 f()", `column:1: expected a decimal number, found "007"`},
	{"7<x f()", `column:8: expected ">", found the end of the line`},
	{"a strace: Process 1 attached", `column:2: expected "(", found " "`},
	{"7 =strace: Process 1 attached", `column:3: expected the name of a system call, found "="`},
	{"f()\ng()", `column:4: expected one line, found "\n"`},
	{"f(abcdefghijklmnopqrstuvwxyz abc)", `column:30: expected "," or ")", found "abc"`},
	{"f(1 abcdefghijklmnopqrstuvwxyz)", `column:5: expected "," or ")", found "abcdefghijklmnopqrst"...`},
	{"f(1 é)", `column:5: expected "," or ")", found "é"`},
	{strings.Repeat("f(", 300), `column:404: expected at most 200 levels of nesting, found "("`},
	{"f(" + strings.Repeat("[", 300), `column:203: expected at most 200 levels of nesting, found "["`},
	{"f(" + strings.Repeat("~", 300), `column:203: expected at most 200 levels of nesting, found "~"`},
	{"f(0" + strings.Repeat(" /**/", 300), `column:1005: expected at most 200 levels of nesting, found "/"`},
}

func TestAMistakeIsNamedWithItsColumn(t *testing.T) {
	for _, row := range mistakes {
		_, err := ParseLine(row.in)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != row.want {
			t.Errorf("ParseLine(%.60q) = %s, want %s", row.in, got, row.want)
		}
	}
}

func TestAnErrorSaysWhere(t *testing.T) {
	e := SyntaxError{Column: 7, Expected: "x", Found: "y"}
	equal(t, "column only", e.Error(), "column:7: expected x, found y")
	e.Line = 3
	equal(t, "no file", e.Error(), "line:3:7: expected x, found y")
	e.File = "a.strace"
	equal(t, "all", e.Error(), "a.strace:3:7: expected x, found y")
}
