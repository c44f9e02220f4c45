package replay

import (
	"bufio"
	"errors"
	"io"

	"sockpair/strace"
)

// A script is a log, put in order: the moments at which something happened,
// and the calls, most of which have two.
type script struct {
	moments []moment
	calls   []*call
	lines   int
	memo    memo
	machine *directive    // nil: the log says nothing of the machine
	ends    map[int][]int // by process or thread, the moments at which the log tells of its end
	blind   bool          // it does not show how its processes were made
	follows bool          // lines say whose they are
	known   known         // names
	strict  bool          // nothing is taken for granted
	uid     int           // of the recorded processes, as far as it shows
}

// moment is a line of the log, or one of the two ends of a call that is one line.
type moment struct {
	kind momentKind
	pid  int
	line strace.Line
	call *call // enters, returns
}

type momentKind uint8

const (
	enters  momentKind = iota // a call begins
	returns                   // a call returns, or the log says that it does not
	happens                   // a signal, an exit, a note
)

// call is a system call of the log.
type call struct {
	index         int
	pid           int
	text          *strace.Call // with all arguments, also at the moment when it begins
	first, last   strace.Line  // the lines that tell of it
	enter, leave  int          // moments; leave is len(moments) when the log does not show it
	until         int          // the last moment at which it may take effect
	partial, lost bool         // its beginning, or its return, is not in the log
}

// overlaps reports whether anything happened between the two moments.
func (c *call) overlaps() bool { return c.until > c.enter+1 }

func (c *call) isExit() bool { return c.text.Name == "exit" || c.text.Name == "exit_group" }

// parse reads a log. A recording may have been cut off in the middle of its
// last line.
func parse(in io.Reader, file string) (*script, error) {
	s := &script{}
	var joiner strace.Joiner
	open := make(map[int]*call)
	r := strace.NewReader(bufio.NewReader(in), file)
	for {
		line, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && r.Cut() && s.recorded() {
			s.note("# the log ends in the middle of a line")
			break
		}
		if err != nil {
			return nil, err
		}
		if err := s.directive(line, file); err != nil {
			return nil, err
		}
		s.user(line)
		s.follows = s.follows || line.Prefix.Style != strace.PIDNone
		events, err := joiner.Add(line)
		if err != nil {
			if syntax := (*strace.SyntaxError)(nil); errors.As(err, &syntax) {
				syntax.File = file
			}
			return nil, err
		}
		s.lines++
		for _, e := range events {
			s.add(e, open)
		}
	}
	for _, e := range joiner.Close() {
		s.add(e, open)
	}
	if s.blind = s.isBlind(); s.blind {
		s.note(blindNote)
	}
	if s.isMerged() {
		s.stretch()
	}
	s.windows()
	s.collect()
	return s, nil
}

// windows finds until when each call may take effect: until it returns; a call
// that makes a task until that does something; an exit, which does not return,
// and a kill that is deadly until the log tells of the process's end.
func (s *script) windows() {
	exiting, killing := make(map[int]*call), make(map[int]*call)
	s.ends = make(map[int][]int)
	for i, mo := range s.moments {
		if mo.kind == happens && (mo.line.Kind == strace.LineExited || mo.line.Kind == strace.LineKilled) {
			s.ends[mo.pid] = append(s.ends[mo.pid], i)
		}
		switch {
		case mo.kind == enters && mo.call.isExit():
			exiting[mo.pid] = mo.call
		case mo.kind == enters && mo.call.text.Name == "kill":
			if pid, ok := mo.call.text.Arg(0).Int(); ok {
				killing[int(pid)] = mo.call
			}
		case mo.kind == happens && mo.line.Kind == strace.LineKilled && killing[mo.pid] != nil:
			if sig, ok := signalNumber(killing[mo.pid].text.Arg(1)); ok && sig.String() == mo.line.Sig {
				killing[mo.pid].until = i
			}
		case mo.kind == happens && mo.line.Kind == strace.LineExited && exiting[mo.pid] != nil:
			exiting[mo.pid].until = i
			delete(exiting, mo.pid)
		}
	}
	for _, c := range s.calls {
		if c.leave < 0 {
			c.lost, c.leave = true, len(s.moments)
		}
		c.until = max(c.until, c.leave)
	}
	s.births()
}

// births ends the window of a call that has made a task before the task's first moment.
func (s *script) births() {
	making := make(map[int]*call) // by the number of the task
	for i, mo := range s.moments {
		if c := making[mo.pid]; c != nil {
			c.until = min(c.until, i)
			delete(making, mo.pid)
		}
		if mo.kind != enters || mo.call.text.Result == nil {
			continue
		}
		switch mo.call.text.Name {
		case "clone", "clone3", "fork", "vfork":
			if tid, ok := mo.call.text.Result.Int(); ok && tid > 0 {
				making[int(tid)] = mo.call
			}
		}
	}
}

// add appends the moments of an event.
func (s *script) add(e strace.Event, open map[int]*call) {
	at := len(s.moments)
	switch e.Kind {
	case strace.Enter:
		c := s.newCall(e)
		open[e.PID] = c
		s.moments = append(s.moments, moment{enters, e.PID, e.Line, c})
	case strace.Exit:
		c := open[e.PID]
		if e.Entry.Kind == strace.LineBlank || c == nil {
			c = s.newCall(e)
			c.partial = true
			s.moments = append(s.moments, moment{enters, e.PID, e.Line, c})
			at++
		}
		delete(open, e.PID)
		c.text, c.last, c.leave = e.Call, e.Line, at
		s.moments = append(s.moments, moment{returns, e.PID, e.Line, c})
	case strace.Lost:
		if c := open[e.PID]; c != nil {
			delete(open, e.PID)
			c.lost, c.leave = true, at
			s.moments = append(s.moments, moment{returns, e.PID, strace.Line{}, c})
		}
	default:
		if c := open[e.Line.PID]; e.Line.Kind == strace.LineSuperseded && c != nil { // the execve goes on under another number
			delete(open, e.Line.PID)
			open[e.PID] = c
		}
		s.moments = append(s.moments, moment{happens, e.PID, e.Line, nil})
	}
}

// recorded reports that the log has results, which a script has not.
func (s *script) recorded() bool {
	return len(s.calls) > 0 && s.calls[0].text.Result != nil
}

// note appends a line that is not in the log.
func (s *script) note(text string) {
	s.moments = append(s.moments, moment{kind: happens, line: strace.Line{Kind: strace.LineNote, Text: text}})
}

func (s *script) newCall(e strace.Event) *call {
	c := &call{index: len(s.calls), pid: e.PID, text: e.Call, first: e.Line, last: e.Line, enter: len(s.moments), leave: -1}
	s.calls = append(s.calls, c)
	return c
}

// endAfter is the moment after at at which the log tells of a process's end.
func (s *script) endAfter(pid, at int) (end int, told bool) {
	for _, i := range s.ends[pid] {
		if i > at {
			return i, true
		}
	}
	return 0, false
}
