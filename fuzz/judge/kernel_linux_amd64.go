package judge

import (
	"os"

	"sockpair/fuzz/host"
)

// OpenKernel opens the host's kernel.
func OpenKernel() (Kernel, error) {
	m, err := host.New()
	if err != nil {
		return nil, err
	}
	return kernel{m}, nil
}

// kernel is the host with the user of its processes, whose privileges replay
// asks for.
type kernel struct{ *host.Machine }

// User is the user of the kernel's processes.
func (kernel) User() int { return os.Geteuid() }

// user is the user and the group of the kernel's processes.
func user() (uid, gid int) { return os.Geteuid(), os.Getegid() }

// Release is the kernel's version, as uname tells it.
func Release() string { return host.Release() }

// Unlike says what of this host is not as on the one that was measured; "" for
// nothing.
func Unlike() string {
	_, why := host.TakeFingerprint().Matches(host.Measured())
	return why
}
