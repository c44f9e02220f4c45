package replay

import "sockpair/emu"

// Pipe implements Process.
func (p *Recorded) Pipe(fds *[2]int) error {
	return p.status("pipe", func() error { return p.p.Pipe(fds) }, fds)
}

// Pipe2 implements Process.
func (p *Recorded) Pipe2(fds *[2]int, flags int) error {
	return p.status("pipe2", func() error { return p.p.Pipe2(fds, flags) }, fds, emu.OpenFlags(flags))
}

// Splice implements Process.
func (p *Recorded) Splice(in int, inOff *int64, out int, outOff *int64, length, flags int) (int, error) {
	return p.count("splice", func() (int, error) { return p.p.Splice(in, inOff, out, outOff, length, flags) },
		emu.Fd(in), emu.Offset{At: inOff}, emu.Fd(out), emu.Offset{At: outOff}, length, emu.SpliceFlags(flags))
}

// Tee implements Process.
func (p *Recorded) Tee(in, out, length, flags int) (int, error) {
	return p.count("tee", func() (int, error) { return p.p.Tee(in, out, length, flags) },
		emu.Fd(in), emu.Fd(out), length, emu.SpliceFlags(flags))
}

// Sendfile implements Process.
func (p *Recorded) Sendfile(out, in int, offset *int64, count int) (int, error) {
	return p.count("sendfile", func() (int, error) { return p.p.Sendfile(out, in, offset, count) },
		emu.Fd(out), emu.Fd(in), emu.Offset{At: offset}, count)
}
