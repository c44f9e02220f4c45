package judge

import (
	"fmt"
	"time"

	"sockpair/emu"
	"sockpair/fuzz/program"
	"sockpair/replay"
)

// Kernel is what the emulator is compared with.
type Kernel interface {
	replay.Machine
	// Limits is RLIMIT_NOFILE of a new process.
	Limits() (emu.Rlimit, error)
}

// Judge compares an emulator with a kernel. One program at a time.
type Judge struct {
	emulator *replay.Emulator
	kernel   Kernel
	config   emu.Config // of the emulator
	lacking  []Change   // what the kernel has not
	runs     uint32
}

// New makes a judge of an emulator with the rules given, nil for Linux's, and
// of the host's kernel.
//
// The error says that there is no kernel to compare with: this host is not
// Linux on amd64, or it does not let processes be made.
func New(rules *emu.Personality) (*Judge, error) {
	kernel, err := OpenKernel()
	if err != nil {
		return nil, err
	}
	j, err := with(kernel, rules)
	if err != nil {
		kernel.Close()
		return nil, err
	}
	return j, nil
}

// with makes a judge of a kernel that is there.
func with(kernel Kernel, rules *emu.Personality) (*Judge, error) {
	limits, err := kernel.Limits()
	if err != nil {
		return nil, err
	}
	j := &Judge{kernel: kernel, config: emu.Config{Personality: rules, HardFiles: int(limits.Max)}}
	j.config.SoftFiles = int(limits.Cur)
	j.config.UID, j.config.GID = user()
	if j.emulator, err = replay.NewEmulator(j.config); err != nil {
		return nil, err
	}
	j.lacking, err = lacking(kernel)
	return j, err
}

// Close ends the kernel's processes.
func (j *Judge) Close() error { return j.kernel.Close() }

// Emulator and Kernel are the machines that are compared.
func (j *Judge) Emulator() *replay.Emulator { return j.emulator }

// Kernel is what the emulator is compared with.
func (j *Judge) Kernel() Kernel { return j.kernel }

// begin starts a process on each machine, with /dev/null at 0, 1 and 2.
func begin(machines ...replay.Machine) (processes []replay.Process, err error) {
	for _, m := range machines {
		p, err := m.NewProcess()
		if err != nil {
			return nil, fmt.Errorf("a process to compare: %w", err)
		}
		for fd := range 3 {
			if err := p.Foreign(fd, "/dev/null"); err != nil {
				return nil, fmt.Errorf("a standard descriptor: %w", err)
			}
		}
		processes = append(processes, p)
	}
	return processes, nil
}

// patience is how long the kernel gets to collect sockets that are only in
// flight, where a difference is to be confirmed.
const patience = 150 * time.Millisecond

// collect makes the kernel look for sockets that are only in flight: the end of
// any socket sets it to work.
func (j *Judge) collect(wait time.Duration) error {
	p, err := j.kernel.NewProcess()
	if err != nil {
		return fmt.Errorf("a process to set the collector to work: %w", err)
	}
	defer p.Exit(0)
	if err := p.Socketpair(emu.AF_UNIX, emu.SOCK_STREAM, 0, new([2]int)); err != nil {
		return fmt.Errorf("a pair to set the collector to work: %w", err)
	}
	p.Exit(0)
	time.Sleep(wait)
	return nil
}

// drops reports whether a call may drop the last reference to a socket.
func drops(c program.Call) bool {
	switch c.Name {
	case "close", "close_range", "dup2", "dup3", "read", "readv", "recvfrom", "recvmsg", "recvmmsg",
		"exit_group", "exit", "execve", "kill", "tgkill":
		return true
	}
	return false
}
