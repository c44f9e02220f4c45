package host

import (
	"sync/atomic"
	"syscall"

	"sockpair/emu"
)

// restorerFlag tells the kernel that a handler brings its own way back.
const restorerFlag = 0x04000000

const setSize = 8 // of a sigset_t of the kernel

// Sigaction examines and changes the disposition of a signal.
func (p *Process) Sigaction(sig emu.Signal, act, old *emu.SigAction) error {
	before := make([]uint64, 4)
	_, err := p.with(syscall.SYS_RT_SIGACTION, func(m *memory) []uintptr {
		var newAt, oldAt uintptr
		if act != nil {
			handler := uint64(act.Disposition) // SIG_DFL and SIG_IGN are 0 and 1
			if act.Disposition == emu.SIG_HANDLE {
				handler = loadAt + handlerText
			}
			_, newAt = m.longs(handler, uint64(act.Flags)|restorerFlag, loadAt+restorerText, uint64(act.Mask))
		}
		if old != nil {
			oldAt = m.readLongs(before)
		}
		return []uintptr{uintptr(sig), newAt, oldAt, setSize}
	})
	if err != nil {
		return err
	}
	p.proc.mu.Lock()
	defer p.proc.mu.Unlock()
	if old != nil {
		*old = emu.SigAction{Flags: uint(before[1] &^ restorerFlag), Mask: emu.Sigset(before[3])}
		switch h := before[0]; h {
		case 0, 1:
			old.Disposition = emu.Disposition(h)
		default:
			old.Disposition, old.Handler = emu.SIG_HANDLE, p.proc.handlers[sig]
		}
	}
	if act != nil {
		p.proc.handlers[sig] = act.Handler
	}
	return nil
}

// handled returns the signals whose handlers have run in the agent since the
// last time, each as often as it did. Their order is not known.
func (q *proc) handled() (signals []emu.Signal) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, t := range q.tasks {
		signals = append(signals, t.handled()...)
	}
	return signals
}

func (t *task) handled() (signals []emu.Signal) {
	if t.dead.Load() {
		return nil
	}
	count := func(s int) uint32 { return atomic.LoadUint32(t.m.word(t.box, mailboxSignals+4*s)) }
	if total := count(0); total != t.seen[0] {
		t.seen[0] = total
		for s := 1; s <= 64; s++ {
			for n := count(s); t.seen[s] < n; t.seen[s]++ {
				signals = append(signals, emu.Signal(s))
			}
		}
	}
	return signals
}

// handler is the function that was last installed for a signal; nil for none.
func (q *proc) handler(sig emu.Signal) func(emu.Signal) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.handlers[sig]
}

// Signal sets the disposition of a signal to SIG_DFL or SIG_IGN, or with a
// function to a handler that restarts calls.
func (p *Process) Signal(sig emu.Signal, to any) error {
	act := emu.SigAction{Disposition: emu.SIG_HANDLE, Flags: emu.SA_RESTART}
	switch to := to.(type) {
	case emu.Disposition:
		act = emu.SigAction{Disposition: to}
	case func(emu.Signal):
		act.Handler = to
	}
	return p.Sigaction(sig, &act, nil)
}

// Sigprocmask examines and changes the signal mask of the handle's task.
func (p *Process) Sigprocmask(how int, set, old *emu.Sigset) error {
	before := make([]uint64, 1)
	_, err := p.with(syscall.SYS_RT_SIGPROCMASK, func(m *memory) []uintptr {
		var oldAt uintptr
		if old != nil {
			oldAt = m.readLongs(before)
		}
		return []uintptr{uintptr(how), m.set(set), oldAt, setSize}
	})
	if err == nil && old != nil {
		*old = emu.Sigset(before[0])
	}
	return err
}

// set is the address of a set of signals, NULL for nil.
func (m *memory) set(set *emu.Sigset) uintptr {
	if set == nil {
		return 0
	}
	_, at := m.longs(uint64(*set))
	return at
}

// Kill sends a signal. The pid -1, every process of the host, is refused.
func (p *Process) Kill(pid int, sig emu.Signal) error {
	if pid == -1 {
		panic("host: kill(-1) is not for a host")
	}
	_, err := p.call(syscall.SYS_KILL, uintptr(pid), uintptr(sig))
	return err
}

// Tgkill sends a signal to a task.
func (p *Process) Tgkill(pid, tid int, sig emu.Signal) error {
	_, err := p.call(syscall.SYS_TGKILL, uintptr(pid), uintptr(tid), uintptr(sig))
	return err
}
