package judge

import (
	"errors"
	"fmt"

	"sockpair/emu"
	"sockpair/replay"
)

// Boot makes machines of the host's kernel, for replay.Run.
//
// The error says that there is no kernel to run on, or that the log asks for
// what a kernel cannot be told: other rules, limits of the machine, a user that
// this one cannot become.
func Boot(configure func(*emu.Config), personality string) (replay.Machine, error) {
	if personality == "posix" {
		return nil, fmt.Errorf("a log with Personality=posix cannot be run on the kernel, which has rules of its own")
	}
	var cfg emu.Config
	configure(&cfg)
	switch {
	case cfg.MaxFiles != 0, cfg.MaxSockets != 0, cfg.MaxMemory != 0, cfg.Authorize != nil, cfg.FirstPid != 0:
		return nil, fmt.Errorf("a log with MaxFiles, MaxSockets, MaxMemory, FirstPid or Authorize cannot be run on the kernel: they are not one process's to set")
	}
	own, group := user()
	if own != 0 && (cfg.UID != own || cfg.GID != group && cfg.GID != 0) {
		return nil, fmt.Errorf("the log is user %d's; only user 0 can become another on the kernel, and this is user %d", cfg.UID, own)
	}
	if own != 0 && len(cfg.Directories) > 0 {
		return nil, fmt.Errorf("the log has names of files; only user 0 can give it a root of its own on the kernel, and this is user %d", own)
	}
	k, err := OpenKernel()
	if err != nil {
		return nil, err
	}
	c := &configured{Kernel: k, cfg: cfg, own: own}
	if len(cfg.Directories) > 0 {
		if c.root, err = newRoot(cfg.Directories); err != nil {
			k.Close()
			return nil, err
		}
	}
	return c, nil
}

// configured is a kernel whose processes begin as a log says.
type configured struct {
	Kernel
	cfg  emu.Config
	own  int
	root *root // nil: the log has no names of files
}

// Close implements replay.Machine.
func (k *configured) Close() error {
	err := k.Kernel.Close()
	if k.root != nil {
		err = errors.Join(err, k.root.remove())
	}
	return err
}

// User is the user of the processes.
func (k *configured) User() int { return k.cfg.UID }

// usualUmask is that of an emulated machine's processes.
const usualUmask = 0o022

// NewProcess implements replay.Machine.
func (k *configured) NewProcess() (replay.Process, error) {
	p, err := k.Kernel.NewProcess()
	if err != nil {
		return nil, err
	}
	p.Umask(usualUmask)
	if k.root != nil {
		if err := k.root.enter(p); err != nil {
			return nil, err
		}
	}
	limit, err := k.Limits()
	if err != nil {
		return nil, err
	}
	if k.cfg.SoftFiles != 0 {
		limit.Cur = uint64(k.cfg.SoftFiles)
	}
	if k.cfg.HardFiles != 0 {
		limit.Max = uint64(k.cfg.HardFiles)
	}
	if err := p.Prlimit(0, emu.RLIMIT_NOFILE, &limit, nil); err != nil {
		return nil, fmt.Errorf("RLIMIT_NOFILE of the log's machine: %w", err)
	}
	if k.own == 0 && (k.cfg.UID != 0 || k.cfg.GID != 0) {
		q := p.(interface {
			Setgid(int) error
			Setuid(int) error
		})
		if err := q.Setgid(k.cfg.GID); err != nil {
			return nil, fmt.Errorf("the group of the log's machine: %w", err)
		}
		if err := q.Setuid(k.cfg.UID); err != nil {
			return nil, fmt.Errorf("the user of the log's machine: %w", err)
		}
	}
	return p, nil
}
