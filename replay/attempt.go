package replay

import (
	"errors"
	"slices"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/strace"
)

// attempt is one call of the log on its way: understood, run, compared.
type attempt struct {
	r    *run
	c    *call
	t    *task
	want *strace.Result // as recorded; nil when the line has none

	fd             int          // the descriptor that the call is about, -1 for none
	d              *description // what stands behind it, nil for nothing
	onPair         bool         // it is about an end of a pair
	onNamed        bool         // it is about another socket of AF_UNIX
	to             *description // whom a send with an address goes to
	file, ofSocket bool         // it is about a file; a file that is a socket's name, or a directory above one
	asked          bool         // it asks whether something under test is ready

	do         func(p Process) // makes the call; nil: it is not run
	ret        int
	err        error
	vector     [2]int // of socketpair
	duplicates bool   // it makes a descriptor of another
	badVector  bool   // its vector is NULL or in bad memory, which Process cannot express
	receiving  bool
	raced      func() []raceBits        // in what the answer about ends differs
	inPieces   func(p Process)          // makes the call as several; see mayComeInPieces
	listed     int                      // of how many entries a poll shows the events
	race       bool                     // its difference may be due to that
	full       bool                     // an epoll_wait reported as many events as there was room for: which, is open
	held       int                      // the number that a call outside the test holds while it goes on, -1 for none
	sent       []byte                   // of a send from one buffer
	sending    bool                     // it may raise SIGPIPE
	made       func() (got, want []int) // the descriptors that it makes, and those recorded
	before     int                      // how many descriptors were seen before it
	unrun      func()                   // what it may change if it is not run
	after      []func()                 // what the call means for the world, once it has finished
	outs       []output                 // what the call fills in
	note       func() string            // what the result has in parentheses
	same       func(recorded int) bool  // whether the value returned is the recorded one; nil: equal numbers
	value      func(n int) strace.Value // how the value is written; nil: as a decimal number

	started, finished bool
	verdict           Verdict
	reason            Reason
	partly            bool // the ancillary part was not compared
	stuck             bool // it had to be aborted
}

// output is an argument that the call fills in on success.
type output struct {
	arg  int
	same func() bool         // equals the recorded one
	show func() strace.Value // the argument as the machine filled it in
}

// arg is an argument of the call.
func (a *attempt) arg(i int) strace.Value { return a.c.text.Arg(i) }

// scripted reports that the line has no result to compare with.
func (a *attempt) scripted() bool { return a.want == nil }

// succeeded reports that the recorded call has returned, without an error.
func (a *attempt) succeeded() bool {
	return a.want != nil && a.want.Known() && a.want.Errno == "" && a.recorded() >= 0
}

// failedWith reports that the recorded call has failed, with one of the errors if any are given.
func (a *attempt) failedWith(names ...string) bool {
	return a.want != nil && a.want.Errno != "" && (len(names) == 0 || slices.Contains(names, a.want.Errno))
}

// recorded is the value that the recorded call returned; -1 if none.
func (a *attempt) recorded() int {
	if a.want == nil {
		return -1
	}
	n, ok := a.want.Int()
	if !ok {
		return -1
	}
	return int(n)
}

// skip settles that the call is not run.
func (a *attempt) skip(why Reason) {
	a.verdict, a.reason, a.do = Skipped, why, nil
}

// settled reports whether it is clear that the call is not run.
func (a *attempt) settled() bool { return a.verdict != Pending }

// num is argument i as a number, of a set of constants or (nil) without names.
func (a *attempt) num(i int, s *set) int {
	n, ok := s.number(a.arg(i))
	if !ok {
		a.skip(NotShown)
	}
	return n
}

// need skips the call unless ok.
func (a *attempt) need(ok bool) {
	if !ok {
		a.skip(NotShown)
	}
}

// fills registers an argument that the call fills in.
func (a *attempt) fills(arg int, same func() bool, show func() strace.Value) {
	a.outs = append(a.outs, output{arg, same, show})
}

// makes declares that the call makes descriptors, with the lowest free numbers.
func (a *attempt) makes(made func() (got, want []int)) {
	if a.do != nil {
		a.made = made
	}
}

// then registers what the call means for the world when it has succeeded.
func (a *attempt) then(f func()) {
	a.after = append(a.after, func() {
		if a.err == nil {
			f()
		}
	})
}

// number, count and status adapt the forms of the methods' results.
func (a *attempt) count(f func(p Process) (int, error)) {
	if a.settled() {
		return
	}
	a.do = func(p Process) { a.ret, a.err = f(p) }
}

func (a *attempt) status(f func(p Process) error) {
	if a.settled() {
		return
	}
	a.do = func(p Process) {
		if a.err = f(p); a.err != nil {
			a.ret = -1
		}
	}
}

// errno is the error of a call that has returned, 0 for none; ok is false
// when the call never returned because its process has ended.
func (a *attempt) errno() (e errno.Errno, ok bool) {
	if a.err == nil {
		return 0, true
	}
	ok = errors.As(a.err, &e)
	return e, ok
}

// endedBy is the signal that ended the process in the call.
func (a *attempt) endedBy() emu.Signal {
	if ended := (*emu.Ended)(nil); errors.As(a.err, &ended) {
		return ended.Signal
	}
	return 0
}

// dataArg is what the log shows of a receive's data.
func (a *attempt) dataArg() strace.Value {
	v := a.arg(1)
	if iov, has := v.Field("msg_iov"); has {
		v = iov
	}
	if base, has := v.Elem(0).Field("iov_base"); has {
		return base
	}
	return v
}

// equal compares a call that has finished with what was recorded.
func (a *attempt) equal() bool {
	e, returned := a.errno()
	switch {
	case !returned:
		// strace prints what the call returned before the signal that it brought.
		if a.want.Known() && (a.endedBy() == 0 || a.r.diesNext(a) != a.endedBy()) {
			return false
		}
		if a.sending {
			return !a.want.Known() || a.failedWith("EPIPE")
		}
		return !a.want.Known() || a.recorded() == 0 // kill, rt_sigprocmask
	case e == errno.EPIPE && a.r.opts.Strict && a.r.diesNext(a) == emu.SIGPIPE:
		return false // it lives on
	case e != 0:
		return a.failedWith(e.Name()) || e == errno.EINTR && a.interrupted()
	case !a.succeeded():
		return false
	case a.same != nil && !a.same(a.recorded()):
		return false
	case a.same == nil && a.ret != a.recorded():
		return false
	}
	for _, o := range a.outs {
		if !o.same() {
			return false
		}
	}
	return true
}

// forget lets go of the memory of a call that is over.
func (a *attempt) forget() {
	const worthKeeping = 64 << 10
	a.do, a.inPieces, a.outs, a.note, a.same, a.made, a.raced, a.after = nil, nil, nil, nil, nil, nil, nil, nil
	if len(a.sent) > worthKeeping {
		a.sent = nil
	}
}

// interrupted reports that a signal ended the recorded call: strace then has
// `= ? ERESTARTSYS` or one of its kin, which is EINTR or a new start.
func (a *attempt) interrupted() bool {
	return a.failedWith("EINTR", "ERESTARTSYS", "ERESTARTNOHAND", "ERESTART_RESTARTBLOCK", "ERESTARTNOINTR")
}

// text is the call as the machine has answered it.
func (a *attempt) text() *strace.Call {
	c := *a.c.text
	c.Head, c.Tail, c.Marker, c.Open = "", "", "", false
	c.Args = slices.Clone(c.Args)
	e, returned := a.errno()
	switch {
	case a.stuck:
		c.Result = strace.RetUnknown("", "still blocked")
	case !returned:
		c.Result = strace.RetUnknown("", "")
	case e != 0:
		c.Result = strace.RetErrno(e.Name(), e.Error())
	default:
		c.Result = a.shown(&c)
	}
	return &c
}

// shown is the result of a call that has succeeded, and fills in the arguments.
func (a *attempt) shown(c *strace.Call) *strace.Result {
	for _, o := range a.outs {
		for len(c.Args) <= o.arg {
			c.Args = append(c.Args, strace.Item{})
		}
		if v := o.show(); !v.IsAbsent() {
			c.Args[o.arg].Value = v
		}
	}
	res := strace.Ret(a.ret)
	if a.value != nil {
		res.Value = a.value(a.ret)
	}
	if a.note != nil {
		if n := a.note(); n != "" {
			res.Notes = []string{n}
		}
	}
	return res
}
