package sockpair_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// core are the packages that have no dependency beyond the standard library
// and make no system call: the emulator is the same on every platform.
var core = []string{"errno", "buffer", "fdtable", "emu", "strace", "replay"}

// mayImport says which of our packages each may import.
var mayImport = map[string]string{
	"errno": "", "buffer": "", "fdtable": "", "strace": "",
	"emu":    "errno buffer fdtable",
	"replay": "errno emu strace",
}

// door are the packages of ours that the command imports: it is the front door
// of the runner and of the judge (docs/rationale.md), and nothing imports it.
var door = map[string]string{"cmd/sockpair": "emu replay fuzz/judge fuzz/exhaust"}

// eachImport tells what the files of a package import that are no tests.
func eachImport(t *testing.T, pkg string, tell func(path, name string)) {
	t.Helper()
	eachFile(t, pkg, func(path string, file *ast.File) {
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			tell(path, name)
		}
	})
}

// eachFile parses the files of a package that are no tests. There must be one.
func eachFile(t *testing.T, pkg string, do func(path string, file *ast.File)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(pkg, "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, files, pkg)
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		do(path, file)
	}
}

// TestCommandIsADoor: what the command imports of ours it says here, and of
// others it imports nothing.
func TestCommandIsADoor(t *testing.T) {
	for pkg, allowed := range door {
		eachImport(t, pkg, func(path, name string) {
			ours, isOurs := strings.CutPrefix(name, "sockpair/")
			switch {
			case isOurs && !strings.Contains(" "+allowed+" ", " "+ours+" "):
				t.Errorf("%s imports %s, want of ours only: %s", path, name, allowed)
			case !isOurs && strings.Contains(name, "."):
				t.Errorf("%s imports %s, want the standard library", path, name)
			}
		})
	}
}

// TestUnixemuImports: unixemu stands between emu and golang.org/x/sys/unix, and
// on nothing else of ours but the errors.
func TestUnixemuImports(t *testing.T) {
	eachImport(t, "unixemu", func(path, name string) {
		if strings.Contains(name, "/") && !strings.HasPrefix(name, "encoding/") &&
			name != "sockpair/emu" && name != "sockpair/errno" && name != "golang.org/x/sys/unix" {
			t.Errorf("%s imports %s, want emu, errno, x/sys/unix and the standard library", path, name)
		}
	})
}

// TestNetemuImports: netemu stands on emu and the errors, and its conformance
// suite on nothing of ours, so that it tests anybody's connections.
func TestNetemuImports(t *testing.T) {
	for pkg, allowed := range map[string]string{"netemu": "emu errno", "netemu/conntest": ""} {
		eachImport(t, pkg, func(path, name string) {
			ours, isOurs := strings.CutPrefix(name, "sockpair/")
			if isOurs && !strings.Contains(" "+allowed+" ", " "+ours+" ") || !isOurs && strings.Contains(name, ".") {
				t.Errorf("%s imports %s, want of ours only %q, and the standard library", path, name, allowed)
			}
		})
	}
}

// TestCoreImports: the core imports the standard library and the rooms below
// it; neither net nor golang.org/x/sys; of package syscall it uses the numbers
// and names of errors alone, and that in errno only.
func TestCoreImports(t *testing.T) {
	errorName := regexp.MustCompile(`^(Errno|E[A-Z0-9]+|ErrorString|NewError)$`)
	for _, pkg := range core {
		eachImport(t, pkg, func(path, name string) { checkImport(t, pkg, path, name) })
		eachFile(t, pkg, func(path string, file *ast.File) {
			ast.Inspect(file, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					if x, ok := sel.X.(*ast.Ident); ok && x.Name == "syscall" && !errorName.MatchString(sel.Sel.Name) {
						t.Errorf("%s uses syscall.%s, want only names of errors", path, sel.Sel.Name)
					}
				}
				return true
			})
		})
	}
}

func checkImport(t *testing.T, pkg, path, name string) {
	t.Helper()
	ours, isOurs := strings.CutPrefix(name, "sockpair/")
	switch {
	case isOurs && !strings.Contains(" "+mayImport[pkg]+" ", " "+ours+" "):
		t.Errorf("%s imports %s, want of ours only: %s", path, name, mayImport[pkg])
	case isOurs:
	case strings.Contains(name, "."), name == "net", name == "sockpair":
		t.Errorf("%s imports %s, want the standard library without net", path, name)
	case name == "syscall" && pkg != "errno":
		t.Errorf("%s imports syscall, which only errno may", path)
	}
}
