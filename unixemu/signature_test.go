//go:build unix

package unixemu_test

import (
	"errors"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// targets are the systems that golang.org/x/sys/unix has, on an architecture of
// each kind that its types differ by.
var targets = []string{
	"linux/amd64", "linux/386", "linux/arm", "linux/arm64", "linux/mips", "linux/mips64le", "linux/ppc64le", "linux/s390x",
	"linux/riscv64", "linux/loong64", "android/arm64", "darwin/amd64", "darwin/arm64", "ios/arm64",
	"freebsd/386", "freebsd/amd64", "freebsd/arm64", "openbsd/386", "openbsd/amd64", "netbsd/386", "netbsd/amd64",
	"dragonfly/amd64", "solaris/amd64", "illumos/amd64", "aix/ppc64",
}

// Each method of Calls has, on every system, the parameters and results of the
// function of x/sys/unix of its name. The sources are compared, so one host
// judges all.
func TestEveryMethodHasTheSignatureOfItsFunction(t *testing.T) {
	dir := sourceOf(t, "golang.org/x/sys/unix")
	for _, target := range targets {
		theirs := functions(parse(t, target, dir))
		ours := methods(parse(t, target, "."), "Calls")
		require.GreaterOrEqual(t, len(ours), 50, target)
		for name, signature := range ours {
			if want, ok := theirs[name]; !ok {
				t.Errorf("%s: x/sys/unix has no %s", target, name)
			} else if signature != want {
				t.Errorf("%s: %s has the signature %s, want %s", target, name, signature, want)
			}
		}
	}
}

// sourceOf is the folder of a package.
func sourceOf(t *testing.T, pkg string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", pkg).Output()
	if err != nil {
		t.Skipf("the source of %s cannot be found here: go list: %v", pkg, err)
	}
	return strings.TrimSpace(string(out))
}

// parse reads the files that make a package on a system.
func parse(t *testing.T, target, dir string) (files []*ast.File) {
	t.Helper()
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, _ = strings.Cut(target, "/")
	ctx.CgoEnabled = false
	pkg, err := ctx.ImportDir(dir, 0)
	if noGo := (*build.NoGoError)(nil); errors.As(err, &noGo) {
		t.Skipf("the source cannot be read here: %v", err)
	}
	require.NoError(t, err, target)
	for _, name := range pkg.GoFiles {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, file)
	}
	return files
}

func functions(files []*ast.File) map[string]string {
	list := map[string]string{}
	for _, file := range files {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil {
				list[f.Name.Name] = signature(f.Type)
			}
		}
	}
	return list
}

// methods are those of an interface and of the interfaces in it.
func methods(files []*ast.File, name string) map[string]string {
	list := map[string]string{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != name {
				return true
			}
			for _, m := range spec.Type.(*ast.InterfaceType).Methods.List {
				switch typ := m.Type.(type) {
				case *ast.FuncType:
					list[m.Names[0].Name] = signature(typ)
				case *ast.Ident:
					for name, signature := range methods(files, typ.Name) {
						list[name] = signature
					}
				}
			}
			return false
		})
	}
	return list
}

// signature is the types of a function, without the names of parameters and
// without the package.
func signature(f *ast.FuncType) string {
	list := func(fields *ast.FieldList) string {
		var all []string
		if fields == nil {
			return "()"
		}
		for _, field := range fields.List {
			typ := strings.ReplaceAll(types.ExprString(field.Type), "unix.", "")
			all = append(all, slices.Repeat([]string{typ}, max(1, len(field.Names)))...)
		}
		return "(" + strings.Join(all, ", ") + ")"
	}
	return list(f.Params) + " " + list(f.Results)
}

// What the two sides have beside Calls is said here.
func TestNothingElseIsExported(t *testing.T) {
	own := map[string][]string{"Process": {"Emulated"}, "Host": nil}
	target := runtime.GOOS + "/" + runtime.GOARCH
	files := parse(t, target, ".")
	calls := methods(files, "Calls")
	for _, file := range files {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv == nil || !f.Name.IsExported() {
				continue
			}
			receiver := strings.TrimPrefix(types.ExprString(f.Recv.List[0].Type), "*")
			if _, ok := calls[f.Name.Name]; !ok && !slices.Contains(own[receiver], f.Name.Name) {
				t.Errorf("%s.%s is no call of %s", receiver, f.Name.Name, target)
			}
		}
	}
}
