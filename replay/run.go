package replay

import (
	"math"
	"sockpair/emu"
	"sockpair/errno"
	"sockpair/strace"
)

// run is one pass over a log on a fresh machine.
type run struct {
	s      *script
	m      Machine
	d      *driver
	plan   plan
	opts   Options
	root   bool            // the processes of the machine are user 0's
	limit  int             // how much of a string is shown
	late   map[int][]*call // calls that the plan lets begin later, by moment
	sender Process         // a process of no log: signals from outside come from it

	tasks     map[int]*task
	unnamed   []*task         // children whose process id the log has not shown yet
	owners    map[int64]int64 // user and group ids, recorded to run
	tries     []*attempt      // by call
	flights   []flight
	endings   []ending
	sockets   map[string]*description  // by nameKey, who was bound to the name last
	autobound map[string]string        // names that kernels have chosen, recorded to run
	met       map[string]bool          // paths
	cookies   map[[8]byte]*description // of ends that were sent
	seen      numbers                  // descriptors that the log has mentioned or the machine made
	report    *Report
	before    int // how many were seen before the first difference
	first     int // the moment of the first difference; len(moments) if there is none
	culprit   *call
}

// plan is what a log leaves open and a run has to decide.
type plan struct {
	// moments says when calls that overlap with others take effect, where
	// that is later than the moment at which they begin.
	moments map[*call]int
	// early are calls that a signal has ended before what they waited for
	// came, although both have come by the time they return.
	early map[*call]bool
	// never are interrupted calls that are not made at all: what they waited
	// for had come, on the machine, before they began.
	never map[*call]bool
	// pieces are receives that got what came while they went on.
	pieces map[*call]bool
	// given are calls whose difference stands.
	given map[*call]bool
	// open are the descriptors, beside the standard ones, with which the
	// first process began.
	open []int
}

// the signals that end a call which would sleep for ever. Logs cannot use them.
const (
	abortSignal   emu.Signal = 64 // its handler lets no call restart
	restartSignal emu.Signal = 63 // its handler lets calls restart that can
	reserved                 = emu.Sigset(1<<63 | 1<<62)
)

// pass runs the log, or with stop as far as its first difference.
func pass(s *script, m Machine, p plan, opts Options, stop bool) (*run, error) {
	r := &run{s: s, m: m, d: newDriver(m), plan: p, opts: opts, limit: opts.Strings, late: make(map[int][]*call), tasks: make(map[int]*task),
		tries: make([]*attempt, len(s.calls)), owners: make(map[int64]int64), seen: make(numbers), cookies: make(map[[8]byte]*description),
		sockets: make(map[string]*description), autobound: make(map[string]string), met: make(map[string]bool), report: &Report{}, first: len(s.moments)}
	for _, c := range s.calls { // in the order of the log
		if at, ok := p.moments[c]; ok {
			r.late[at] = append(r.late[at], c)
		}
	}
	var err error
	if r.sender, err = m.NewProcess(); err != nil {
		return nil, err
	}
	u, known := m.(interface{ User() int })
	r.root = !known || u.User() == 0
	for i := range s.moments {
		if stop && i > r.first {
			break
		}
		for _, c := range r.late[i] {
			r.begin(c)
		}
		switch mo := &s.moments[i]; mo.kind {
		case enters:
			if _, later := p.moments[mo.call]; !later {
				r.begin(mo.call)
			}
			if mo.line.Kind == strace.LineUnfinished {
				r.other(mo.line)
			}
		case returns:
			r.finish(mo.call, i)
		case happens:
			wrong := r.happened(mo, i)
			r.other(mo.line)
			if wrong != "" && opts.Strict {
				r.wrong(mo.line, wrong, i)
			}
		}
	}
	r.end()
	r.report.Began = p.open
	return r, nil
}

// begin lets a call take effect.
func (r *run) begin(c *call) {
	t := r.task(c.pid)
	if t.now != nil && t.now.started && !r.d.isDone(t.now) { // its return is not in the log
		r.abort(t.now)
	}
	a := &attempt{r: r, c: c, t: t, want: c.text.Result, fd: -1, held: -1, listed: math.MaxInt}
	if c.lost {
		a.want = strace.RetUnknown("", "")
	}
	r.tries[c.index], t.now = a, a
	r.understand(a)
	if a.do == nil {
		return
	}
	a.before = len(r.seen)
	if r.plan.pieces[c] && a.inPieces != nil {
		a.do = a.inPieces
	}
	if r.plan.never[c] {
		a.skip(Racing)
		return
	}
	r.d.start(a)
	if r.plan.early[c] && !r.d.isDone(a) {
		r.abort(a)
	}
	if r.d.isDone(a) {
		r.apply(a)
	}
}

// apply lets a call that has finished change the world, once.
func (r *run) apply(a *attempt) {
	for _, f := range a.after {
		f()
	}
	a.after = nil
}

// finish is the return of a call: by now it must have finished.
func (r *run) finish(c *call, at int) {
	a := r.tries[c.index]
	if a == nil && r.plan.moments[c] > at { // an exit or a kill that takes effect later
		r.count(&attempt{r: r, c: c, verdict: Skipped, reason: Life}, at)
		return
	}
	if a == nil {
		r.begin(c)
		a = r.tries[c.index]
	}
	if a.do != nil {
		if !r.d.isDone(a) {
			r.unblock(a)
		} else if e, _ := a.errno(); e == errno.EAGAIN && a.fromOutside() {
			a.servedFromOutside()
		}
		if r.d.isDone(a) {
			r.apply(a)
		}
		r.judge(a)
	}
	if a.t.now == a {
		a.t.now = nil
	}
	a.giveBack()
	r.count(a, at)
	if r.culprit == nil || r.culprit.index != c.index {
		a.forget()
	}
}

// judge compares a call that was run.
func (r *run) judge(a *attempt) {
	switch {
	case a.settled(): // run to keep step only
	case a.scripted():
		a.verdict = Ran
	case !a.want.Known() && a.want.Errno == "":
		a.verdict, a.reason = Skipped, NoResult
	case !a.stuck && a.equal() && r.plan.pieces[r.s.calls[a.c.index]]:
		a.verdict, a.reason = Skipped, Racing
	case !a.stuck && a.equal():
		a.verdict = Equal
	case !a.stuck && a.otherFile():
		a.verdict, a.reason = Skipped, NotSockets
	default:
		a.verdict = Different
		a.race = a.raced != nil && !a.stuck && (a.full && a.ret == a.recorded() || a.races(a.raced()))
		r.realign(a)
	}
}

// unblock ends a call that sleeps although the recorded one has returned: by
// a time-out, if it has one; by a signal, if one has ended the recorded call;
// else it is stuck.
func (r *run) unblock(a *attempt) {
	switch {
	case a.want != nil && !a.want.Known() && a.want.Errno == "":
		return // it will end with its process
	case a.want != nil && a.interrupted() && !r.opts.Strict:
		r.abort(a)
		return
	}
	for range maxTimeOuts {
		if !r.m.TimeOut(a.t.p) {
			break
		}
		if r.d.settle(); r.d.isDone(a) {
			return
		}
	}
	if !r.opts.Strict && a.done() > 0 && r.signalNext(a) { // a signal has ended it after a part
		r.abort(a)
		return
	}
	if a.fromOutside() {
		a.servedFromOutside()
		return
	}
	a.stuck = true
	r.report.Hung++
	r.abort(a)
}

// signalNext reports whether a signal comes to the task after the call,
// before it makes another.
func (r *run) signalNext(a *attempt) bool {
	for i := a.c.leave + 1; i < len(r.s.moments); i++ {
		if mo := &r.s.moments[i]; mo.pid == a.c.pid {
			return mo.line.Kind == strace.LineSignal
		}
	}
	return false
}

// maxTimeOuts bounds how often time passes for one call: recvmmsg may wait
// for each of its messages.
const maxTimeOuts = 2000

// abort ends a sleeping call by a signal from outside.
func (r *run) abort(a *attempt) {
	_ = r.sender.Tgkill(a.t.p.Getpid(), a.t.p.Gettid(), abortSignal)
	r.d.settle()
	if !r.d.isDone(a) { // the machine does not interrupt this call
		a.t.p.Exit(0)
		a.t.of.ended = true
		r.d.settle()
	}
}

// realign brings the machine's state to the recorded one where a difference
// would bring others: descriptors go to the recorded numbers.
func (r *run) realign(a *attempt) {
	switch a.c.text.Name {
	case "socketpair":
		r.movePair(a, 3)
	case "pipe", "pipe2":
		r.movePair(a, 0)
	}
	if (a.duplicates || a.c.text.Name == "epoll_create1" || a.c.text.Name == "epoll_create") && a.err == nil && a.succeeded() {
		r.move(a.t, a.ret, a.recorded())
	}
}

// count enters a call into the report.
func (r *run) count(a *attempt, at int) {
	if a.verdict == Different && a.race { // it is still looked into, as any difference
		r.noteFirst(a, at)
		a.verdict, a.reason = Skipped, Racing
	}
	named := a.onNamed || a.d.isSocket() && a.d.named
	l := Line{Number: a.c.last.Number, Call: true, OnPair: a.onPair && !named && !a.d.isPipe(), Named: named, Verdict: a.verdict, Reason: a.reason, Partly: a.partly, line: a.c.last}
	switch a.verdict {
	case Different:
		l.call = a.c.text
		l.Result = withPrefix(a.c.last.Prefix, a.text())
		r.noteFirst(a, at)
	case Ran:
		l.Result = withPrefix(a.c.last.Prefix, a.text())
	}
	r.report.Totals.add(&l)
	if l.OnPair {
		r.report.Pairs.add(&l)
	}
	if l.Named {
		r.report.Named.add(&l)
	}
	r.report.Lines = append(r.report.Lines, l)
}

// noteFirst keeps the first difference, for the search.
func (r *run) noteFirst(a *attempt, at int) {
	if c := r.s.calls[a.c.index]; at < r.first && !r.plan.given[c] {
		r.first, r.culprit, r.before = at, c, a.before
	}
}

// other enters a line into the report that is not the return of a call.
func (r *run) other(l strace.Line) {
	r.report.Lines = append(r.report.Lines, Line{Number: l.Number, line: l})
}

// wrong enters into the report that a line between calls is not so.
func (r *run) wrong(l strace.Line, why string, at int) {
	last := &r.report.Lines[len(r.report.Lines)-1]
	last.Verdict, last.Result = Different, withPrefix(l.Prefix, nil)+why
	r.report.Totals.Different++
	r.first = min(r.first, at)
}

// end stops what still sleeps and looks at the machine.
func (r *run) end() {
	for _, t := range r.tasks {
		t.p.Exit(0)
	}
	for _, t := range r.unnamed {
		t.p.Exit(0)
	}
	r.sender.Exit(0)
	r.d.settle()
	r.report.Broken = r.m.Check()
}
