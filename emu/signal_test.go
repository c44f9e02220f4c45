package emu

import (
	"fmt"
	"sync/atomic"
)

// handle installs a handler that counts how often it has run.
func (p prog) handle(sig Signal, flags uint) *atomic.Int64 {
	p.t.Helper()
	ran := new(atomic.Int64)
	act := SigAction{Disposition: SIG_HANDLE, Handler: func(Signal) { ran.Add(1) }, Flags: flags}
	says(p.t, fmt.Sprintf("Sigaction(%v)", sig), 0)(p.Sigaction(sig, &act, nil))
	return ran
}
