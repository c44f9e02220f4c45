package replay

import "sockpair/emu"

// The calls of a Recorded process that make and use files that are no sockets.

// Eventfd implements Process.
func (p *Recorded) Eventfd(initval uint, flags int) (int, error) {
	return p.count("eventfd2", func() (int, error) { return p.p.Eventfd(initval, flags) },
		initval, emu.EventfdFlags(flags))
}

// TimerfdCreate implements Process.
func (p *Recorded) TimerfdCreate(clock, flags int) (int, error) {
	return p.count("timerfd_create", func() (int, error) { return p.p.TimerfdCreate(clock, flags) },
		emu.ClockID(clock), emu.TimerfdFlags(flags))
}

// TimerfdSettime implements Process.
func (p *Recorded) TimerfdSettime(fd, flags int, to, old *emu.ItimerSpec) error {
	return p.status("timerfd_settime", func() error { return p.p.TimerfdSettime(fd, flags, to, old) },
		emu.Fd(fd), emu.TimerFlags(flags), to, old)
}

// TimerfdGettime implements Process.
func (p *Recorded) TimerfdGettime(fd int, now *emu.ItimerSpec) error {
	return p.status("timerfd_gettime", func() error { return p.p.TimerfdGettime(fd, now) },
		emu.Fd(fd), now)
}

// PidfdOpen implements Process.
func (p *Recorded) PidfdOpen(pid, flags int) (int, error) {
	return p.count("pidfd_open", func() (int, error) { return p.p.PidfdOpen(pid, flags) },
		emu.Pid(pid), emu.PidfdFlags(flags))
}

// PidfdSendSignal implements Process.
func (p *Recorded) PidfdSendSignal(fd int, sig emu.Signal, flags uint) error {
	return p.status("pidfd_send_signal", func() error { return p.p.PidfdSendSignal(fd, sig, flags) },
		emu.Fd(fd), sig, emu.Null{}, emu.PidfdSignal(flags))
}

// PidfdGetfd implements Process.
func (p *Recorded) PidfdGetfd(fd, target, flags int) (int, error) {
	return p.count("pidfd_getfd", func() (int, error) { return p.p.PidfdGetfd(fd, target, flags) },
		emu.Fd(fd), emu.Fd(target), flags)
}

// Waitid implements Process.
func (p *Recorded) Waitid(idtype, id int, info *emu.Siginfo, options int) error {
	return p.status("waitid", func() error { return p.p.Waitid(idtype, id, info, options) },
		emu.WaitID(idtype), id, info, emu.WaitOptions(options), emu.Null{})
}

// Preadv implements Process.
func (p *Recorded) Preadv(fd int, bufs [][]byte, offset int64) (int, error) {
	return p.count("preadv", func() (int, error) { return p.p.Preadv(fd, bufs, offset) },
		emu.Fd(fd), emu.InVec(bufs), len(bufs), int(offset))
}

// Pwritev implements Process.
func (p *Recorded) Pwritev(fd int, bufs [][]byte, offset int64) (int, error) {
	return p.count("pwritev", func() (int, error) { return p.p.Pwritev(fd, bufs, offset) },
		emu.Fd(fd), emu.OutVec(bufs), len(bufs), int(offset))
}

// Preadv2 implements Process.
func (p *Recorded) Preadv2(fd int, bufs [][]byte, offset int64, flags int) (int, error) {
	return p.count("preadv2", func() (int, error) { return p.p.Preadv2(fd, bufs, offset, flags) },
		emu.Fd(fd), emu.InVec(bufs), len(bufs), int(offset), emu.RwFlags(flags))
}

// Pwritev2 implements Process.
func (p *Recorded) Pwritev2(fd int, bufs [][]byte, offset int64, flags int) (int, error) {
	return p.count("pwritev2", func() (int, error) { return p.p.Pwritev2(fd, bufs, offset, flags) },
		emu.Fd(fd), emu.OutVec(bufs), len(bufs), int(offset), emu.RwFlags(flags))
}

// Fstat implements Process.
func (p *Recorded) Fstat(fd int, st *emu.Stat) error {
	return p.status("fstat", func() error { return p.p.Fstat(fd, st) },
		emu.Fd(fd), st)
}
