package errno

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"iter"
	"strconv"
	"testing"
)

// Constants and table are two spellings of one list: each constant of number.go
// has the row of its number and its own name, no two share a number, and no row
// is left over.
func TestConstantsAndTableAgree(t *testing.T) {
	numbers := constants(t)
	rows := 0
	for e, r := range table {
		if r.name == "" {
			if e != 0 && r.text != "" {
				t.Errorf("table[%d] = %+v, want a name with the text", e, r)
			}
			continue
		}
		rows++
		if n, ok := numbers[r.name]; !ok || n != Errno(e) {
			t.Errorf("constant %s = %d, %t, want %d, true", r.name, uint16(n), ok, e)
		}
		if r.text == "" {
			t.Errorf("table[%d].text of %s is empty", e, r.name)
		}
	}
	// 1 to 133 without 41 and 58
	if rows != 131 || len(numbers) != 131 || len(table) != 134 {
		t.Errorf("rows, constants, len(table) = %d, %d, %d, want 131, 131, 134", rows, len(numbers), len(table))
	}
}

// constants reads the numbered constants from the source, and fails on a name or a
// number that is there twice.
func constants(t *testing.T) map[string]Errno {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "number.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]Errno{}
	owner := map[string]string{}
	for spec := range valueSpecs(file) {
		number, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			continue // an alias
		}
		name := spec.Names[0].Name
		n, err := strconv.ParseUint(number.Value, 10, 16)
		if err != nil {
			t.Fatal(err)
		}
		if other := owner[number.Value]; other != "" {
			t.Errorf("%d is both %s and %s", n, other, name)
		}
		owner[number.Value] = name
		names[name] = Errno(n)
	}
	return names
}

// valueSpecs yields the constants and variables of a file.
func valueSpecs(file *ast.File) iter.Seq[*ast.ValueSpec] {
	return func(yield func(*ast.ValueSpec) bool) {
		for _, decl := range file.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range group.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && !yield(v) {
					return
				}
			}
		}
	}
}

// The numbers are Linux's. The rows are the ends of the two headers, the holes,
// and what a socket pair's calls return.
func TestNumbersAreThoseOfLinux(t *testing.T) {
	for _, c := range []struct {
		e    Errno
		n    int
		name string
		text string
	}{
		{0, 0, "", "Success"},
		{EPERM, 1, "EPERM", "Operation not permitted"},
		{EINTR, 4, "EINTR", "Interrupted system call"},
		{EBADF, 9, "EBADF", "Bad file descriptor"},
		{EAGAIN, 11, "EAGAIN", "Resource temporarily unavailable"},
		{ENOMEM, 12, "ENOMEM", "Cannot allocate memory"},
		{EACCES, 13, "EACCES", "Permission denied"},
		{EFAULT, 14, "EFAULT", "Bad address"},
		{EBUSY, 16, "EBUSY", "Device or resource busy"},
		{EINVAL, 22, "EINVAL", "Invalid argument"},
		{ENFILE, 23, "ENFILE", "Too many open files in system"},
		{EMFILE, 24, "EMFILE", "Too many open files"},
		{ESPIPE, 29, "ESPIPE", "Illegal seek"},
		{EPIPE, 32, "EPIPE", "Broken pipe"},
		{ERANGE, 34, "ERANGE", "Numerical result out of range"},
		{EDEADLK, 35, "EDEADLK", "Resource deadlock avoided"},
		{ENOSYS, 38, "ENOSYS", "Function not implemented"},
		{41, 41, "", "errno 41"},
		{58, 58, "", "errno 58"},
		{ENOTSOCK, 88, "ENOTSOCK", "Socket operation on non-socket"},
		{EDESTADDRREQ, 89, "EDESTADDRREQ", "Destination address required"},
		{EMSGSIZE, 90, "EMSGSIZE", "Message too long"},
		{EPROTOTYPE, 91, "EPROTOTYPE", "Protocol wrong type for socket"},
		{ENOPROTOOPT, 92, "ENOPROTOOPT", "Protocol not available"},
		{EPROTONOSUPPORT, 93, "EPROTONOSUPPORT", "Protocol not supported"},
		{ESOCKTNOSUPPORT, 94, "ESOCKTNOSUPPORT", "Socket type not supported"},
		{EOPNOTSUPP, 95, "EOPNOTSUPP", "Operation not supported"},
		{EAFNOSUPPORT, 97, "EAFNOSUPPORT", "Address family not supported by protocol"},
		{ECONNRESET, 104, "ECONNRESET", "Connection reset by peer"},
		{ENOBUFS, 105, "ENOBUFS", "No buffer space available"},
		{EISCONN, 106, "EISCONN", "Transport endpoint is already connected"},
		{ENOTCONN, 107, "ENOTCONN", "Transport endpoint is not connected"},
		{ETOOMANYREFS, 109, "ETOOMANYREFS", "Too many references: cannot splice"},
		{ETIMEDOUT, 110, "ETIMEDOUT", "Connection timed out"},
		{ECONNREFUSED, 111, "ECONNREFUSED", "Connection refused"},
		{EHWPOISON, 133, "EHWPOISON", "Memory page has hardware error"},
		{134, 134, "", "errno 134"},
		{65535, 65535, "", "errno 65535"},
	} {
		if int(c.e) != c.n || c.e.Name() != c.name || c.e.Error() != c.text {
			t.Errorf("number, Name, Error = %d, %q, %q, want %d, %q, %q", int(c.e), c.e.Name(), c.e.Error(), c.n, c.name, c.text)
		}
		want := c.name
		if want == "" {
			want = c.text
		}
		if got := c.e.String(); got != want {
			t.Errorf("Errno(%d).String() = %q, want %q", c.n, got, want)
		}
	}
}

func TestParseIsTheInverseOfName(t *testing.T) {
	for n := range 1 << 16 {
		e := Errno(n)
		if e.Name() == "" {
			continue
		}
		if got, ok := Parse(e.Name()); got != e || !ok {
			t.Errorf("Parse(%q) = %v, %t, want %v, true", e.Name(), got, ok, e)
		}
	}
	for _, c := range []struct {
		name string
		want Errno
		ok   bool
	}{
		{"", 0, false},
		{"0", 0, false},
		{"Success", 0, false},
		{"eagain", 0, false},
		{"EAGAIN ", 0, false},
		{"E", 0, false},
		{"EWOULDBLOCK", EAGAIN, true},
		{"EDEADLOCK", EDEADLK, true},
		{"ENOTSUP", EOPNOTSUPP, true},
	} {
		if got, ok := Parse(c.name); got != c.want || ok != c.ok {
			t.Errorf("Parse(%q) = %d, %t, want %d, %t", c.name, uint16(got), ok, uint16(c.want), c.ok)
		}
	}
}

// No non-nil zero escapes, and the conversion costs no memory.
func TestErrOfSuccessIsNil(t *testing.T) {
	if err := Errno(0).Err(); err != nil {
		t.Errorf("Errno(0).Err() = %v, want nil", err)
	}
	for n := 1; n < 1<<16; n++ {
		if err := Errno(n).Err(); err != Errno(n) {
			t.Fatalf("Errno(%d).Err() = %v, want Errno(%d)", n, err, n)
		}
	}
	var sink error
	if n := testing.AllocsPerRun(100, func() { sink = EHWPOISON.Err() }); n != 0 {
		t.Errorf("allocations of Err = %v, want 0 (%v)", n, sink)
	}
}

func TestEachErrnoIsInTheClassOfPackageSyscall(t *testing.T) {
	classes := map[error][]Errno{
		fs.ErrPermission:      {EACCES, EPERM},
		fs.ErrExist:           {EEXIST, ENOTEMPTY},
		fs.ErrNotExist:        {ENOENT},
		errors.ErrUnsupported: {ENOSYS, ENOTSUP, EOPNOTSUPP},
		fs.ErrClosed:          {},
		fs.ErrInvalid:         {},
	}
	for class, members := range classes {
		for n := range 256 {
			want := false
			for _, m := range members {
				want = want || m == Errno(n)
			}
			if got := errors.Is(fmt.Errorf("read: %w", Errno(n)), class); got != want {
				t.Errorf("errors.Is(%v, %v) = %t, want %t", Errno(n), class, got, want)
			}
		}
	}
	if Errno(0).Is(nil) || EIO.Is(uncomparable{}) {
		t.Error("Is(nil), Is(uncomparable) = true, want false")
	}
}

// uncomparable is an error that panics when == reaches its value.
type uncomparable []int

func (uncomparable) Error() string { return "uncomparable" }

func TestTemporaryAndTimeoutAreThoseOfPackageSyscall(t *testing.T) {
	timeout := map[Errno]bool{EAGAIN: true, ETIMEDOUT: true}
	temporary := map[Errno]bool{EINTR: true, EMFILE: true, ENFILE: true}
	for n := range 256 {
		e := Errno(n)
		if got := e.Timeout(); got != timeout[e] {
			t.Errorf("%v.Timeout() = %t, want %t", e, got, timeout[e])
		}
		if got, want := e.Temporary(), temporary[e] || timeout[e]; got != want {
			t.Errorf("%v.Temporary() = %t, want %t", e, got, want)
		}
	}
}
