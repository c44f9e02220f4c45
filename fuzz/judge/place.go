package judge

import (
	"fmt"
	"os"
	"path"
	"path/filepath"

	"sockpair/fuzz/program"
	"sockpair/replay"
)

// place is where one run of a program has its names: a prefix of abstract ones
// that nobody else uses, and an empty directory of the same name on both
// machines.
type place struct {
	name string
	dir  string
}

// nextPlace is a new place: not one that a process has left which was killed.
func (j *Judge) nextPlace() place {
	for {
		j.runs++
		name := fmt.Sprintf("%08x", uint32(os.Getpid())<<18+j.runs)
		dir := filepath.Join(os.TempDir(), "sockpair-"+name)
		if _, err := os.Lstat(dir); err != nil {
			return place{name, onMachine(dir)}
		}
	}
}

// onMachine is the host's absolute path as one of a machine, which has slashes
// and no volumes; on Linux it is the same.
func onMachine(dir string) string {
	return path.Join("/", filepath.ToSlash(dir[len(filepath.VolumeName(dir)):]))
}

// machineFor is the emulated machine that a program runs on: one of its own if
// it makes names, which would stay.
func (j *Judge) machineFor(p program.Program) (*replay.Emulator, error) {
	if !p.Network() {
		return j.emulator, nil
	}
	m, err := replay.NewEmulator(j.config)
	if err != nil {
		return nil, fmt.Errorf("a machine for names: %w", err)
	}
	return m, nil
}

// placed is a process that can go to a directory.
type placed interface {
	Mkdir(path string, mode uint32) error
	Chdir(path string) error
}

// enter makes the directory on each machine and puts the process there.
func (p place) enter(processes ...replay.Process) error {
	for _, q := range processes {
		q := q.(placed)
		for i, c := range p.dir {
			if c == '/' && i > 0 {
				_ = q.Mkdir(p.dir[:i], 0o777) // the emulated machine may not have the host's directories
			}
		}
		if err := q.Mkdir(p.dir, 0o777); err != nil {
			return fmt.Errorf("a directory for names: %w", err)
		}
		if err := q.Chdir(p.dir); err != nil {
			return fmt.Errorf("a directory for names: %w", err)
		}
	}
	return nil
}

// remove takes the directory away from the host.
func (p place) remove() { os.RemoveAll(p.dir) }
