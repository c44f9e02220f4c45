package fuzz

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/fuzz/host"
)

var nameCalls = flag.Int("namecalls", 20000, "calls on names to compare with the host")

// namer is the calls of a process on names of files.
type namer interface {
	Mkdir(path string, mode uint32) error
	Mkdirat(dirfd int, path string, mode uint32) error
	Mknod(path string, mode uint32, dev int) error
	Mknodat(dirfd int, path string, mode uint32, dev int) error
	Symlink(target, path string) error
	Symlinkat(target string, dirfd int, path string) error
	Link(oldpath, newpath string) error
	Linkat(olddirfd int, oldpath string, newdirfd int, newpath string, flags int) error
	Rename(oldpath, newpath string) error
	Renameat(olddirfd int, oldpath string, newdirfd int, newpath string) error
	Unlink(path string) error
	Rmdir(path string) error
	Unlinkat(dirfd int, path string, flags int) error
	Stat(path string, st *emu.Stat) error
	Lstat(path string, st *emu.Stat) error
	Fstatat(dirfd int, path string, st *emu.Stat, flags int) error
	Access(path string, mode uint32) error
	Faccessat(dirfd int, path string, mode uint32, flags int) error
	Readlink(path string, buf []byte) (int, error)
	Readlinkat(dirfd int, path string, buf []byte) (int, error)
	Chmod(path string, mode uint32) error
	Fchmodat(dirfd int, path string, mode uint32, flags int) error
	Chown(path string, uid, gid int) error
	Lchown(path string, uid, gid int) error
	Fchownat(dirfd int, path string, uid, gid, flags int) error
	Umask(mask int) int
	Chdir(path string) error
	Fchdir(fd int) error
	Getcwd(buf []byte) (int, error)
	Setuid(uid int) error
	Setgid(gid int) error
	Exit(code int)
}

// nameCall is one call as text and as what it does: its outcome as text.
type nameCall struct {
	text string
	do   func(namer) string
}

// users are the processes of each side; the last two share a group.
var users = []struct{ uid, gid int }{{0, 0}, {65534, 65534}, {65533, 65534}}

// sides are the processes on both machines, in a tree of their own.
type sides struct {
	emulator, kernel []namer
	sys              *emu.System
	root             string // the kernel's tree
}

// newSides begins with a tree on both that has /tmp, and a link to nowhere else.
func newSides(t *testing.T, m *host.Machine) *sides {
	root, err := os.MkdirTemp(t.TempDir(), "")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(root, 0o755))
	require.NoError(t, os.Mkdir(filepath.Join(root, "tmp"), 0o700))
	require.NoError(t, os.Chmod(filepath.Join(root, "tmp"), fs.ModeSticky|0o777))
	first, err := m.NewProcess()
	require.NoError(t, err)
	rules := emu.Linux()
	rules.Names.ProtectedHardlinks, rules.Names.ProtectedSymlinks = sysctl(t, "protected_hardlinks"), sysctl(t, "protected_symlinks")
	s := &sides{root: root}
	s.sys, err = emu.New(emu.Config{Personality: rules})
	require.NoError(t, err)
	k, e := first.(*host.Process), s.sys.NewProcess()
	require.NoError(t, e.Foreign(0, "/dev/null"))
	require.NoError(t, k.Foreign(0, "/dev/null"))
	require.NoError(t, k.Chroot(root))
	require.NoError(t, k.Chdir("/"))
	require.NoError(t, k.Setgroups())
	k.Umask(0o022)
	s.emulator, s.kernel = []namer{e}, []namer{k}
	require.NoError(t, e.Symlink(".", "/here"))
	require.NoError(t, k.Symlink(".", "/here"))
	for range users[1:] {
		child, err := k.Fork()
		require.NoError(t, err)
		s.kernel = append(s.kernel, child.(*host.Process))
		other, err := e.Fork()
		require.NoError(t, err)
		s.emulator = append(s.emulator, other)
	}
	for i, u := range users {
		for _, p := range []namer{s.emulator[i], s.kernel[i]} {
			require.NoError(t, p.Setgid(u.gid))
			require.NoError(t, p.Setuid(u.uid))
		}
	}
	return s
}

func sysctl(t *testing.T, name string) bool {
	b, err := os.ReadFile("/proc/sys/fs/" + name)
	require.NoError(t, err)
	return strings.TrimSpace(string(b)) != "0"
}

func (s *sides) close(t *testing.T) {
	for i := range users {
		s.emulator[i].Exit(0)
		s.kernel[i].Exit(0)
	}
	require.NoError(t, os.RemoveAll(s.root))
}

// sameTree walks the kernel's tree, and asks the emulator for each file.
func (s *sides) sameTree(t *testing.T) (differences []string) {
	require.NoError(t, filepath.WalkDir(s.root, func(path string, _ fs.DirEntry, err error) error {
		require.NoError(t, err)
		name := "/" + strings.TrimPrefix(strings.TrimPrefix(path, s.root), "/")
		// The emulator's process with the root in /, whatever is its directory.
		want, got := describe(func(st *emu.Stat) error { return s.kernel[0].Lstat(name, st) }), describe(func(st *emu.Stat) error { return s.emulator[0].Lstat(name, st) })
		if want != got && len(name) < emu.PATH_MAX {
			differences = append(differences, fmt.Sprintf("%.80s: kernel %s, emulator %s", name, want, got))
		}
		return nil
	}))
	if err := s.sys.Check(); err != nil {
		differences = append(differences, err.Error())
	}
	return differences
}

// outcomeOf is an error as text.
func outcomeOf(err error) string {
	if err == nil {
		return "0"
	}
	if e := errno.Errno(0); errors.As(err, &e) {
		return e.Name()
	}
	return err.Error()
}

// describe is what a call of the family of stat tells, as text; the numbers of
// files are the machine's own, and the sizes of directories the file system's.
func describe(call func(*emu.Stat) error) string {
	var st emu.Stat
	if err := call(&st); err != nil {
		return outcomeOf(err)
	}
	if st.Mode&emu.S_IFMT == emu.S_IFDIR {
		st.Size = 0
	}
	return fmt.Sprintf("mode %o links %d owner %d:%d size %d", st.Mode, st.Nlink, st.Uid, st.Gid, st.Size)
}

// nameStep is a call of one of the users.
type nameStep struct {
	user int
	call nameCall
}

// differ makes steps on both sides and returns the first that differs, with
// its line; -1 if none does.
func (s *sides) differ(steps []nameStep) (int, string) {
	for i, step := range steps {
		want, got := step.call.do(s.kernel[step.user]), step.call.do(s.emulator[step.user])
		if want != got {
			return i, fmt.Sprintf("user %d %s\n- %s\n+ %s", step.user, step.call.text, want, got)
		}
	}
	return -1, ""
}

// runNames makes steps in a new tree.
func runNames(t *testing.T, m *host.Machine, steps []nameStep) (at int, line string) {
	s := newSides(t, m)
	defer s.close(t)
	if at, line = s.differ(steps); at >= 0 {
		return at, line
	}
	if d := s.sameTree(t); len(d) > 0 {
		return len(steps) - 1, strings.Join(d, "\n")
	}
	return -1, ""
}

// shrinkNames leaves steps out as long as the last still differs.
func shrinkNames(t *testing.T, m *host.Machine, steps []nameStep) []nameStep {
	for size := len(steps) / 2; size > 0; size /= 2 {
		for from := 0; from+size < len(steps); {
			shorter := append(append([]nameStep(nil), steps[:from]...), steps[from+size:]...)
			if at, _ := runNames(t, m, shorter); at == len(shorter)-1 {
				steps = shorter
			} else {
				from += size
			}
		}
	}
	return steps
}

// Calls on names at random, by three users in one tree, have the same outcomes
// as on the host, and leave the same tree.
func TestNamesAreAsOnTheHost(t *testing.T) {
	m := newHost(t)
	g := &namePlan{r: random(t)}
	const inTree, most = 400, 12
	done, found := 0, map[string]bool{}
	failures := map[string]int{}
	for done < *nameCalls && len(found) < most {
		steps := make([]nameStep, inTree)
		g.known = nil
		for i := range steps {
			c := g.call()
			inner := c.do
			c.do = func(p namer) string {
				s := inner(p)
				if strings.HasPrefix(s, "E") {
					failures[s]++
				}
				return s
			}
			steps[i] = nameStep{g.choose(0, 0, 1, 2), c}
		}
		done += inTree
		at, line := runNames(t, m, steps)
		if at < 0 {
			continue
		}
		key := strings.SplitN(steps[at].call.text, "(", 2)[0] + line[strings.IndexByte(line, '\n'):]
		if found[key] {
			continue
		}
		found[key] = true
		steps = shrinkNames(t, m, steps[:at+1])
		var before strings.Builder
		for _, s := range steps[:len(steps)-1] {
			fmt.Fprintf(&before, "user %d %s\n", s.user, s.call.text)
		}
		_, line = runNames(t, m, steps)
		t.Errorf("different:\n%s%s", before.String(), line)
	}
	t.Logf("compared %d calls; on both sides: %v", done, failures)
}
