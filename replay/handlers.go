package replay

import (
	"sync"

	"sockpair/emu"
)

// handlers counts, for one process, the signal handlers that have run on the
// machine and of which the log has not told yet.
type handlers struct {
	mu      sync.Mutex
	handled map[emu.Signal]bool // there is a handler
	once    map[emu.Signal]bool // it handles one signal (SA_RESETHAND)
	pending map[emu.Signal]int
}

func newHandlers() *handlers {
	return &handlers{handled: make(map[emu.Signal]bool), once: make(map[emu.Signal]bool), pending: make(map[emu.Signal]int)}
}

// ran is the handler itself.
func (h *handlers) ran(sig emu.Signal) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pending[sig]++
	if h.once[sig] {
		h.handled[sig] = false
	}
}

func (h *handlers) set(sig emu.Signal, act *emu.SigAction) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.handled[sig] = act.Disposition == emu.SIG_HANDLE
	h.once[sig] = act.Flags&emu.SA_RESETHAND != 0
}

// reset is an exec: handled signals have their default again.
func (h *handlers) reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.handled)
}

// told: the log tells of a signal. It reports whether that fits: a handler has
// run, or there is none.
func (h *handlers) told(sig emu.Signal) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.pending[sig] > 0 {
		h.pending[sig]--
		return true
	}
	return !h.handled[sig]
}

// copy is the handlers of a child.
func (h *handlers) copy() *handlers {
	c := newHandlers()
	h.mu.Lock()
	defer h.mu.Unlock()
	for sig, on := range h.handled {
		c.handled[sig], c.once[sig] = on, h.once[sig]
	}
	return c
}
