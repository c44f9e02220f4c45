//go:build !plan9

package errno

import (
	"errors"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// hosts are the GOOS and GOARCH whose package syscall differs from the others.
var hosts = []string{
	"linux/386", "linux/amd64", "linux/arm", "linux/arm64", "linux/loong64", "linux/mips", "linux/mips64",
	"linux/ppc64le", "linux/riscv64", "linux/s390x", "android/arm64",
	"darwin/amd64", "darwin/arm64", "ios/arm64",
	"freebsd/386", "freebsd/amd64", "freebsd/arm", "freebsd/arm64", "freebsd/riscv64",
	"openbsd/386", "openbsd/amd64", "openbsd/arm", "openbsd/arm64", "openbsd/ppc64", "openbsd/riscv64",
	"netbsd/386", "netbsd/amd64", "netbsd/arm", "netbsd/arm64",
	"dragonfly/amd64", "solaris/amd64", "illumos/amd64", "aix/ppc64",
	"windows/386", "windows/amd64", "windows/arm64", "js/wasm", "wasip1/wasm", "plan9/amd64",
}

// Every name that we share with the package syscall of a host is mapped there,
// to itself, on every host. The sources are compared, so one host judges all.
func TestEveryNameOfEveryHostIsMapped(t *testing.T) {
	goroot := filepath.Join(build.Default.GOROOT, "src", "syscall")
	if build.Default.GOROOT == "" || runtime.GOOS == "js" || runtime.GOOS == "wasip1" {
		t.Skip("the source of package syscall cannot be read here")
	}
	for _, host := range hosts {
		ours, theirs := map[string]bool{}, map[string]bool{}
		for _, file := range sources(t, host, ".") {
			mappedNames(t, file, ours)
		}
		for _, file := range sources(t, host, goroot) {
			for spec := range valueSpecs(file) {
				for _, name := range spec.Names {
					if _, ok := Parse(name.Name); ok && !strings.HasPrefix(host, "plan9/") {
						theirs[name.Name] = true
					}
				}
			}
		}
		if !maps.Equal(ours, theirs) {
			t.Errorf("%s: names mapped = %v, want %v", host, ours, theirs)
		}
		if want := 71; len(ours) < want && !strings.HasPrefix(host, "plan9/") {
			t.Errorf("%s: number of names mapped = %d, want at least %d", host, len(ours), want)
		}
	}
}

// sources parses the files of a folder that are built for a host.
func sources(t *testing.T, host, dir string) []*ast.File {
	t.Helper()
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, _ = strings.Cut(host, "/")
	ctx.CgoEnabled = false
	pkg, err := ctx.ImportDir(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range pkg.GoFiles {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// mappedNames collects each E in syscall.E of a file, and checks that the rows
// {E, syscall.E} have the same name twice.
func mappedNames(t *testing.T, file *ast.File, names map[string]bool) {
	t.Helper()
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if _, ok := Parse(n.Sel.Name); ok {
				names[n.Sel.Name] = true
			}
		case *ast.CompositeLit:
			if len(n.Elts) != 2 {
				break
			}
			ours, ok1 := n.Elts[0].(*ast.Ident)
			host, ok2 := n.Elts[1].(*ast.SelectorExpr)
			if ok1 && ok2 && ours.Name != host.Sel.Name {
				t.Errorf("row {%s, syscall.%s}, want one name twice", ours.Name, host.Sel.Name)
			}
		}
		return true
	})
}

// On the host that runs the test: an Errno is the host's error of the same
// name, and no other. The two sides are compared for every pair of names.
func TestErrnoIsTheHostErrnoOfTheSameName(t *testing.T) {
	all := append(hostCommon[:len(hostCommon):len(hostCommon)], hostExtra[:]...)
	share := func(e Errno, host syscall.Errno) bool { // a name, by the host's own aliases too
		for _, n := range all {
			if n.ours == e && n.host == host {
				return true
			}
		}
		return false
	}
	for _, n := range all {
		if n.host == 0 {
			t.Errorf("the host's %v = 0, want a number", n.ours)
		}
		for e := range Errno(256) {
			if got, want := errors.Is(e, n.host), share(e, n.host); got != want {
				t.Errorf("errors.Is(%v, syscall.Errno(%d)) = %t, want %t", e, uintptr(n.host), got, want)
			}
		}
	}
}

func TestHostErrnoEdges(t *testing.T) {
	for _, c := range []struct {
		law    string
		err    error
		target error
		want   bool
	}{
		{"same name", EAGAIN, syscall.EAGAIN, true},
		{"second name of ours", EWOULDBLOCK, syscall.EAGAIN, true},
		{"names that we join", ENOTSUP, syscall.EOPNOTSUPP, true},
		{"names that we join, the other way", EOPNOTSUPP, syscall.ENOTSUP, true},
		{"another name", EPIPE, syscall.EAGAIN, false},
		{"success is no error of the host", Errno(0), syscall.Errno(0), false},
		{"nor has a number without a name one", Errno(41), syscall.Errno(0), false},
		{"nor by its number", Errno(41), syscall.Errno(41), false},
		{"the host's error does not know ours", syscall.EAGAIN, EAGAIN, false},
		{"wrapped", errors.Join(EIO, EPIPE), syscall.EPIPE, true},
	} {
		if got := errors.Is(c.err, c.target); got != c.want {
			t.Errorf("%s: errors.Is(%v, %v) = %t, want %t", c.law, c.err, c.target, got, c.want)
		}
	}
}

// TestHostIsTheHostsErrno: the value is one that == and a type assertion know,
// and where the host has none it is the Errno itself.
func TestHostIsTheHostsErrno(t *testing.T) {
	for _, c := range []struct {
		ours Errno
		want error
	}{
		{EPIPE, syscall.EPIPE},
		{EAGAIN, syscall.EAGAIN},
		{EWOULDBLOCK, syscall.EAGAIN},
		{ECONNRESET, syscall.ECONNRESET},
		{0, nil},
		{41, Errno(41)},
		{60000, Errno(60000)},
	} {
		if got := c.ours.Host(); got != c.want {
			t.Errorf("%v.Host() = %v, want %v", c.ours, got, c.want)
		}
	}
	for _, n := range hostCommon {
		if got := n.ours.Host(); !errors.Is(n.ours, got) {
			t.Errorf("errors.Is(%v, %v.Host()) = false, want true", n.ours, n.ours)
		}
	}
}
