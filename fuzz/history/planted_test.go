package history

import (
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/fuzz/model"
	"sockpair/strace"
)

// planted are wrong machines: the emulator behind a call that errs.
var planted = []struct {
	law     string // that it breaks
	typ     model.Type
	subject Subject
	make    func() Maker
}{
	{"FIONREAD tells of now", model.Seqpacket, Lives, stale},
	{"a byte is received once", model.Stream, Lives, doubled},
	{"a send is done when it returns", model.Dgram, Lives, behind},
	{"an error is reported once", model.Stream, Lives, sticky},
	{"dup takes the lowest number", model.Dgram, Lives, func() Maker { return highDup }},
	{"a peek takes nothing", model.Seqpacket, Rights, func() Maker { return greedyPeek }},
	{"what is passed is what arrives", model.Dgram, Rights, func() Maker { return swapped }},
	{"a receive that can go on wakes", model.Stream, Lives, func() Maker { return deaf }},
	{"a receive is one step", model.Seqpacket, Rights, func() Maker { return peekThenTake }},
	{"a send is one step", model.Stream, Lives, func() Maker { return torn }},
}

// enough histories for each planted error to show.
const enough = 20000

// Each planted error makes some history illegal.
func TestPlantedErrorsAreFound(t *testing.T) {
	for _, p := range planted {
		t.Run(p.law, func(t *testing.T) {
			r := random(t)
			for n := range enough {
				h := run(t, NewProgram(r, p.typ, p.subject, *operations), r, p.make())
				if verdict, info := h.Check(searchLimit); verdict == porcupine.Illegal {
					t.Logf("found in history %d", n+1)
					checkShown(t, h, info)
					return
				}
			}
			t.Fatalf("%d histories are legal, want one that is not", enough)
		})
	}
}

// checkShown: an illegal history is drawn, and printed so that strace's parser
// reads each call.
func checkShown(t *testing.T, h *History, info porcupine.LinearizationInfo) {
	page := filepath.Join(t.TempDir(), "history.html")
	require.NoError(t, h.Draw(info, page))
	require.FileExists(t, page)
	text := h.String()
	for _, c := range h.Records {
		line := c.Line(c.Got)
		require.Contains(t, text, line)
		parsed, err := strace.ParseLine(line)
		require.NoError(t, err, line)
		require.Equal(t, strace.LineCall, parsed.Kind, line)
	}
}

// stale answers FIONREAD with what it was at the last time.
func stale() Maker {
	var mu sync.Mutex
	last := map[int]Result{}
	return func(_ int, p *emu.Process, c Call) Result {
		r := c.On(p)
		if c.Kind == Unread && r.Err == 0 {
			mu.Lock()
			defer mu.Unlock()
			before, known := last[c.Fd]
			last[c.Fd] = r
			if known {
				return before
			}
		}
		return r
	}
}

// doubled gives the last byte of a receive again, once.
func doubled() Maker {
	var once sync.Once
	return func(_ int, p *emu.Process, c Call) Result {
		r := c.On(p)
		if c.Kind == Recv && r.N > 0 && r.N < c.Room {
			once.Do(func() { r.Data, r.N = r.Data+r.Data[r.N-1:], r.N+1 })
		}
		return r
	}
}

// behind does a send that need not wait at the task's next call.
func behind() Maker {
	var mu sync.Mutex
	late := map[int]Call{}
	return func(task int, p *emu.Process, c Call) Result {
		mu.Lock()
		before, owes := late[task]
		delete(late, task)
		mu.Unlock()
		if owes {
			before.On(p)
		}
		if c.Kind != Send || c.Flags&emu.MSG_DONTWAIT == 0 {
			return c.On(p)
		}
		mu.Lock()
		late[task] = c
		mu.Unlock()
		return Result{N: len(c.Data), Fd: none}
	}
}

// sticky reports a pending error twice.
func sticky() Maker {
	var mu sync.Mutex
	var kept errno.Errno
	return func(_ int, p *emu.Process, c Call) Result {
		r := c.On(p)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case r.Err == errno.ECONNRESET:
			kept = r.Err
		case c.Kind == SoError && r.Err == 0 && r.N == 0 && kept != 0:
			r.N, kept = int(kept), 0
		}
		return r
	}
}

func highDup(_ int, p *emu.Process, c Call) Result {
	if c.Kind != Dup {
		return c.On(p)
	}
	n, err := p.Fcntl(c.Fd, emu.F_DUPFD, 5)
	if err != nil {
		return Result{N: -1, Err: err.(errno.Errno), Fd: none}
	}
	return Result{N: n, Fd: n}
}

func greedyPeek(_ int, p *emu.Process, c Call) Result {
	c.Flags &^= emu.MSG_PEEK
	return c.On(p)
}

func swapped(_ int, p *emu.Process, c Call) Result {
	if c.Kind == SendRights && c.Other < 2 {
		c.Other = 1 - c.Other
	}
	return c.On(p)
}

// deaf sleeps until a signal where a receive has to wait, whatever arrives.
func deaf(_ int, p *emu.Process, c Call) Result {
	if c.Kind != Recv || !c.blocks() {
		return c.On(p)
	}
	c.Flags |= emu.MSG_DONTWAIT
	r := c.On(p)
	if r.Err == errno.EAGAIN {
		if _, err := p.Poll(nil, -1); err != nil {
			r.Err = err.(errno.Errno)
		}
	}
	return r
}

// peekThenTake is right as long as nobody comes between its two steps.
func peekThenTake(_ int, p *emu.Process, c Call) Result {
	if c.Kind != Recv || c.blocks() || c.Flags&emu.MSG_PEEK != 0 {
		return c.On(p)
	}
	take := c
	c.Flags |= emu.MSG_PEEK
	r := c.On(p)
	if r.Err == 0 {
		runtime.Gosched()
		take.On(p)
	}
	return r
}

// torn sends the bytes of a stream in two steps.
func torn(_ int, p *emu.Process, c Call) Result {
	if c.Kind != Send || len(c.Data) < 2 {
		return c.On(p)
	}
	first, rest := c, c
	first.Data, rest.Data = c.Data[:1], c.Data[1:]
	r := first.On(p)
	if r.Err == 0 {
		runtime.Gosched()
		r.N += max(0, rest.On(p).N)
	}
	return r
}
