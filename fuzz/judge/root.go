package judge

import (
	"fmt"
	"os"
	"path/filepath"

	"sockpair/emu"
	"sockpair/replay"
)

// root is a directory that a log's processes have as theirs, so that the paths
// in it are none of the host's: with the directories that an emulated machine
// has, a /dev/null, and the program that an execve runs.
type root struct{ dir string }

// newRoot makes one.
func newRoot(directories []string) (*root, error) {
	dir, err := os.MkdirTemp("", "sockpair-root-")
	if err != nil {
		return nil, err
	}
	r := &root{dir}
	for _, path := range append([]string{"/tmp", "/dev", filepath.Dir(executable)}, directories...) {
		if err := r.grow(filepath.Clean(path)); err != nil {
			r.remove()
			return nil, fmt.Errorf("a directory of the log's machine: %w", err)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "tmp"), 0o777|os.ModeSticky); err != nil {
		r.remove()
		return nil, err
	}
	return r, os.Chmod(dir, 0o755)
}

// grow makes the directories of a path that are not there.
func (r *root) grow(path string) error {
	if path == "/" {
		return nil
	}
	if err := r.grow(filepath.Dir(path)); err != nil {
		return err
	}
	at := filepath.Join(r.dir, path)
	if err := os.Mkdir(at, 0o777); err != nil {
		if os.IsExist(err) {
			return nil
		}
		return err
	}
	return os.Chmod(at, 0o777)
}

// enter makes the directory the root of a process, which is user 0's.
func (r *root) enter(p replay.Process) error {
	const null = 1<<8 | 3 // major and minor number of /dev/null
	umask := p.Umask(0)
	defer p.Umask(umask)
	device := filepath.Join(r.dir, "dev/null")
	if _, err := os.Lstat(device); err != nil {
		if err := p.Mknod(device, emu.S_IFCHR|0o666, null); err != nil {
			return fmt.Errorf("/dev/null of the log's machine: %w", err)
		}
	}
	if err := r.furnish(p.Getpid()); err != nil {
		return fmt.Errorf("the program of the log's machine: %w", err)
	}
	q := p.(interface{ Chroot(string) error })
	if err := q.Chroot(r.dir); err != nil {
		return fmt.Errorf("the root of the log's machine: %w", err)
	}
	return p.Chdir("/")
}

// executable is where processes of the kernel look for their own program.
const executable = "/proc/thread-self/exe"

// furnish copies the program of a process.
func (r *root) furnish(pid int) error {
	at := filepath.Join(r.dir, executable)
	if _, err := os.Lstat(at); err == nil {
		return nil
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/exe", pid))
	if err != nil {
		return err
	}
	if err := os.WriteFile(at, b, 0o700); err != nil {
		return err
	}
	return os.Chmod(at, 0o755)
}

// remove takes the directory away.
func (r *root) remove() error { return os.RemoveAll(r.dir) }
