package replay

import "sockpair/strace"

// callKind says how the runner understands one system call.
type callKind struct {
	// fd is the argument that is the descriptor which the call is about, -1 for none.
	fd int
	// foreign: it is run on descriptors that are not under test too, since
	// it makes, closes or marks descriptors.
	foreign bool
	// plan reads the arguments into an attempt.
	plan func(*attempt)
}

// calls are the system calls that are run. Others are skipped; what they make
// is in openers.
var calls map[string]callKind

func init() { // the functions refer to the table through aliases
	calls = map[string]callKind{
		"socketpair":  {-1, false, planSocketpair},
		"socket":      {-1, false, planSocket},
		"bind":        {0, false, planBind},
		"listen":      {0, false, planListen},
		"accept":      {0, false, planAccept},
		"accept4":     {0, false, planAccept4},
		"connect":     {0, false, planConnect},
		"umask":       {-1, false, planUmask},
		"pipe":        {-1, false, planPipe},
		"pipe2":       {-1, false, planPipe},
		"splice":      {-1, false, planSplice},
		"tee":         {-1, false, planTee},
		"sendfile":    {-1, false, planSendfile},
		"sendfile64":  {-1, false, planSendfile},
		"close":       {0, true, planClose},
		"close_range": {-1, true, planCloseRange},
		"dup":         {0, true, planDup},
		"dup2":        {0, true, planDup2},
		"dup3":        {0, true, planDup3},
		"fcntl":       {0, true, planFcntl},
		"ioctl":       {0, true, planIoctl},

		"read":      {0, false, planRead},
		"readv":     {0, false, planReadv},
		"write":     {0, false, planWrite},
		"writev":    {0, false, planWritev},
		"pread64":   {0, false, planPread},
		"pwrite64":  {0, false, planPwrite},
		"lseek":     {0, false, planLseek},
		"ftruncate": {0, false, planFtruncate},
		"fsync":     {0, false, planFsync},
		"fdatasync": {0, false, planFsync},

		"preadv":            {0, false, planPositioned},
		"pwritev":           {0, false, planPositioned},
		"preadv2":           {0, false, planPositioned},
		"pwritev2":          {0, false, planPositioned},
		"fstat":             {0, false, planFstat},
		"eventfd":           {-1, false, planEventfd},
		"eventfd2":          {-1, false, planEventfd},
		"timerfd_create":    {-1, false, planTimerfdCreate},
		"timerfd_settime":   {0, false, planTimerfdSettime},
		"timerfd_gettime":   {0, false, planTimerfdGettime},
		"pidfd_open":        {-1, false, planPidfdOpen},
		"pidfd_send_signal": {-1, false, planPidfdSendSignal},
		"pidfd_getfd":       {0, false, planPidfdGetfd},
		"waitid":            {-1, false, planWaitid},

		"send":            {0, false, planSend},
		"sendto":          {0, false, planSendto},
		"sendmsg":         {0, false, planSendmsg},
		"sendmmsg":        {0, false, planSendmmsg},
		"recv":            {0, false, planRecv},
		"recvfrom":        {0, false, planRecvfrom},
		"recvmsg":         {0, false, planRecvmsg},
		"recvmmsg":        {0, false, planRecvmmsg},
		"recvmmsg_time64": {0, false, planRecvmmsg},

		"shutdown":     {0, false, planShutdown},
		"getsockopt":   {0, false, planGetsockopt},
		"setsockopt":   {0, false, planSetsockopt},
		"getsockname":  {0, false, planGetsockname},
		"getpeername":  {0, false, planGetpeername},
		"poll":         {-1, false, planPoll},
		"ppoll":        {-1, false, planPpoll},
		"ppoll_time64": {-1, false, planPpoll},

		"clone":          {-1, false, planClone},
		"clone3":         {-1, false, planClone3},
		"fork":           {-1, false, planFork},
		"vfork":          {-1, false, planFork},
		"execve":         {-1, false, planExec},
		"execveat":       {-1, false, planExec},
		"exit":           {-1, false, planExit},
		"exit_group":     {-1, false, planExitGroup},
		"wait4":          {-1, false, planWait4},
		"kill":           {-1, false, planKill},
		"tgkill":         {-1, false, planTgkill},
		"rt_sigaction":   {-1, false, planSigaction},
		"rt_sigprocmask": {-1, false, planSigprocmask},
		"prlimit64":      {-1, false, planPrlimit},
		"prlimit":        {-1, false, planPrlimit},
		"setrlimit":      {-1, false, planSetrlimit},
		"getrlimit":      {-1, false, planGetrlimit},

		"select":          {-1, false, planSelect},
		"_newselect":      {-1, false, planSelect},
		"pselect6":        {-1, false, planPselect},
		"pselect6_time64": {-1, false, planPselect},
		"epoll_create":    {-1, false, planEpollCreate},
		"epoll_create1":   {-1, false, planEpollCreate},
		"epoll_ctl":       {0, true, planEpollCtl},
		"epoll_wait":      {0, true, planEpollWait},
		"epoll_pwait":     {0, true, planEpollWait},
		"epoll_pwait2":    {0, true, planEpollPwait2},

		"setuid":          {-1, false, planSetuid},
		"restart_syscall": {-1, false, planRestart},
	}
	for name := range fileCalls {
		calls[name] = callKind{-1, false, planFile}
	}
}

// wantsCapability are the calls that may be refused to user 0 when it has not
// all capabilities, as in a container.
var wantsCapability = map[string]bool{"prlimit64": true, "prlimit": true, "setrlimit": true, "setsockopt": true, "kill": true, "tgkill": true}

// understand decides whether a call is run, and how.
func (r *run) understand(a *attempt) {
	kind, known := calls[a.c.text.Name]
	switch {
	case a.want != nil && a.want.Injected():
		a.skip(Injected)
		return
	case !known || r.blind(a.c.text.Name):
		r.outside(a)
		return
	case a.c.partial:
		a.skip(NotShown)
		return
	}
	if kind.fd >= 0 && !r.describe(a, kind) {
		return
	}
	if a.failedWith("EPERM") && (a.t.of.unprivileged || r.root && wantsCapability[a.c.text.Name]) {
		a.skip(Capabilities)
		return
	}
	kind.plan(a)
	if a.d != nil && !a.d.isPair() && a.d.epoll == nil { // run to keep step only
		a.verdict, a.reason = Skipped, a.d.reason
		if a.do == nil {
			return
		}
	}
	if a.settled() && a.do == nil || a.verdict == Tainted {
		a.do = nil
		a.leftOut()
	}
}

// describe finds what the call is about. It reports whether the call goes on.
func (r *run) describe(a *attempt, kind callKind) bool {
	fd, ok := a.arg(kind.fd).Int()
	if !ok {
		a.skip(NotShown)
		return false
	}
	a.fd = int(int32(fd))
	fds := a.t.of.fds
	if a.want != nil && a.want.Known() && a.fd >= 0 {
		switch d := fds.fds[a.fd]; {
		case d == nil && a.provesOpen():
			r.adopt(a.t, a.fd, Foreign) // opened by a call that the log does not have
		case d != nil && !d.isPair() && d.epoll == nil && a.failedWith("EBADF") && !a.namesTwo():
			_ = a.t.p.Close(a.fd) // closed likewise
			fds.remove(a.fd)
		}
	}
	a.d = fds.fds[a.fd]
	a.onPair = a.d.isSocket()
	a.onNamed = a.d.isSocket() && a.d.named
	if _, makes := openers[a.c.text.Name]; makes && a.d != nil && !a.d.isPair() {
		a.r.outside(a)
		return false
	}
	if a.d != nil && !a.d.isPair() && !kind.foreign {
		a.skip(a.d.reason)
		a.carriedElsewhere()
		return false
	}
	return true
}

// namesTwo reports that the call has two descriptors, of which either may be
// the one that is not open.
func (a *attempt) namesTwo() bool {
	switch a.c.text.Name {
	case "dup2", "dup3", "epoll_ctl":
		return true
	}
	return false
}

// provesOpen reports that the recorded result shows the descriptor was open.
func (a *attempt) provesOpen() bool {
	return a.succeeded() || a.failedWith() && !a.failedWith("EBADF", "EINVAL", "EFAULT", "EMFILE", "EPERM")
}

// leftOut lets a call that is not run change what it may have changed, unless
// the log says that it has failed without an effect.
func (a *attempt) leftOut() {
	if a.unrun == nil || a.badVector || a.reason == OutsidePeer || a.failedWith() && !a.failedWith("ECONNRESET", "ECONNREFUSED", "EFAULT", "EINTR") {
		return
	}
	a.unrun()
}

// looks declares which facets the call looks at; if one of them is uncertain
// the call is not run, and with it goes what it would have changed.
func (a *attempt) looks(at facet, unrun func()) {
	if !a.d.isPair() {
		return
	}
	a.unrun = unrun
	if a.d.taint&at != 0 && !a.settled() {
		a.verdict = Tainted
	}
}

// number reads an argument that is a plain number.
func (a *attempt) number(i int) int { return a.num(i, nil) }

// vector is the two numbers of [3, 4].
func vector(v strace.Value) (sv [2]int, ok bool) {
	if v.Len() != 2 {
		return sv, false
	}
	x, ok1 := v.Elem(0).Int()
	y, ok2 := v.Elem(1).Int()
	return [2]int{int(x), int(y)}, ok1 && ok2
}
