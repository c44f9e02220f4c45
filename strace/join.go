package strace

import "slices"

// An Event is what a Joiner makes of the lines: a moment in one process.
type Event struct {
	Kind EventKind
	PID  int   // 0 where the log names no process
	Line Line  // the line that tells of it
	Call *Call // Enter: as far as it was printed then; Exit: with all arguments and the result

	// Entry is, for Exit and Lost, the line that told of the call's beginning.
	// It has the kind LineBlank when the log does not have that line: Call then
	// has only the arguments that were printed on return.
	Entry Line
}

// An EventKind says what an Event tells of.
type EventKind uint8

// What an Event can tell of.
const (
	Other EventKind = iota // no call: a signal, an exit, a note, a blank line
	Enter                  // a call begins
	Exit                   // a call returns
	Lost                   // a call whose return the log does not show
)

var eventKindNames = [...]string{"Other", "Enter", "Exit", "Lost"}

// String returns the name of the constant.
func (k EventKind) String() string {
	if int(k) < len(eventKindNames) {
		return eventKindNames[k]
	}
	return "EventKind(?)"
}

// A Joiner puts together the calls that strace prints in two lines because
// something else happened in between. Each call gives Enter at the line where
// it begins and Exit at the line where it returns; for most that is one line.
// A process has at most one call that is not over.
//
// On a terminal strace names processes only while there are several. A line
// without a number then belongs to the one that is left, if the lines before
// named it, else to process 0.
//
// The zero Joiner is ready to use.
type Joiner struct {
	open    map[int]openCall
	alive   map[int]bool // processes that a line has named and none has ended
	unnamed int          // the process that lines without a number are of; 0 when not known
	last    int          // the process of the last call that was not finished in its line
}

// An openCall is one that has been entered.
type openCall struct {
	text string // name and arguments as printed so far
	call *Call
	line Line
}

// Add takes the next line and returns what it tells. The error is a
// *SyntaxError: two halves that make no whole. Its column counts in the text
// that results from putting them together.
func (j *Joiner) Add(l Line) ([]Event, error) {
	if j.open == nil {
		j.open, j.alive = map[int]openCall{}, map[int]bool{}
	}
	if l.Call != nil && l.Call.Name == "" {
		return j.carryOn(l)
	}
	pid := j.process(l)
	switch l.Kind {
	case LineCall:
		return append(j.lose(pid, l), Event{Enter, pid, l, l.Call, Line{}}, Event{Exit, pid, l, l.Call, l}), nil
	case LineUnfinished:
		events := j.lose(pid, l)
		j.open[pid] = openCall{string(l.Call.appendOpen(nil)), l.Call, l}
		j.last = pid
		return append(events, Event{Enter, pid, l, l.Call, Line{}}), nil
	case LineResumed:
		return j.resume(pid, l)
	case LineExited, LineKilled:
		delete(j.alive, pid)
		return append(j.lose(pid, l), Event{Kind: Other, PID: pid, Line: l}), nil
	case LineSuperseded:
		j.supersede(pid, l.PID)
	}
	return []Event{{Kind: Other, PID: pid, Line: l}}, nil
}

// Close returns the calls that are not over at the end of the log, by process.
func (j *Joiner) Close() []Event {
	var events []Event
	pids := make([]int, 0, len(j.open))
	for pid := range j.open {
		pids = append(pids, pid)
	}
	slices.Sort(pids)
	for _, pid := range pids {
		events = append(events, j.lose(pid, Line{})...)
	}
	return events
}

// process returns whose line l is.
func (j *Joiner) process(l Line) int {
	pid := l.Prefix.PID
	if l.Prefix.Style != PIDNone {
		if l.Kind == LineResumed && j.open[pid].call == nil && j.sameCall(j.open[0], l) {
			// The process that had no number until now.
			j.open[pid], j.unnamed = j.open[0], pid
			delete(j.open, 0)
		}
		j.alive[pid] = true
		return pid
	}
	if len(j.alive) == 1 {
		for pid = range j.alive {
			j.unnamed = pid
		}
	}
	return j.unnamed
}

func (j *Joiner) sameCall(o openCall, l Line) bool {
	return o.call != nil && o.call.Name == l.Call.Name
}

// lose gives up the open call of a process, if it has one.
func (j *Joiner) lose(pid int, l Line) []Event {
	o := j.open[pid]
	if o.call == nil {
		return nil
	}
	delete(j.open, pid)
	return []Event{{Lost, pid, l, o.call, o.line}}
}

// supersede passes on the open call of the thread that called execve: it
// returns in the process that now has that thread's place.
func (j *Joiner) supersede(pid, thread int) {
	if o := j.open[thread]; o.call != nil {
		j.open[pid] = o
		delete(j.open, thread)
	}
	delete(j.alive, thread)
}

// resume puts the second part of a call to the first.
func (j *Joiner) resume(pid int, l Line) ([]Event, error) {
	o := j.open[pid]
	if o.call == nil {
		return []Event{{Exit, pid, l, l.Call, Line{}}}, nil
	}
	if l.Call.Name != "" && !j.sameCall(o, l) {
		return append(j.lose(pid, l), Event{Exit, pid, l, l.Call, Line{}}), nil
	}
	second := *l.Call
	second.Name = ""
	text := second.append([]byte(o.text), false, 0)
	whole, err := (&parser{s: string(text)}).call()
	if err != nil {
		err.(*SyntaxError).Line = l.Number
		return nil, err
	}
	if whole.Open {
		o.text = string(whole.appendOpen(nil))
		j.open[pid] = o
		return nil, nil
	}
	delete(j.open, pid)
	return []Event{{Exit, pid, l, whole, o.line}}, nil
}

// carryOn takes a line that has neither process nor name: it belongs to the
// last call that broke off.
func (j *Joiner) carryOn(l Line) ([]Event, error) {
	if j.open[j.last].call == nil {
		return nil, &SyntaxError{Line: l.Number, Column: 1,
			Expected: "a line that begins a call, or one that broke off before it", Found: l.String()}
	}
	if l.Kind == LineUnfinished && len(l.Call.Args) == 0 {
		return []Event{{Kind: Other, PID: j.last, Line: l}}, nil
	}
	return j.resume(j.last, l)
}

// appendOpen writes what is known of a call, as far as it goes.
func (c *Call) appendOpen(dst []byte) []byte {
	open := *c
	open.Marker, open.Open, open.Result = "", true, nil
	return open.append(dst, false, 0)
}
