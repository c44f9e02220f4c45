package replay

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
)

const pair = "100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0\n"

func TestAChildHasItsParentsDescriptors(t *testing.T) {
	equals(t, pair+`
		100 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 101
		100 close(4) = 0
		101 close(3) = 0
		101 write(4, "from the child", 14) = 14
		100 read(3, "from the child", 20) = 14
		101 exit_group(7) = ?
		101 +++ exited with 7 +++
		100 read(3, "", 20) = 0
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 7}], 0, NULL) = 101
		100 wait4(-1, 0x7ffe, 0, NULL) = -1 ECHILD (No child processes)
		`)
}

func TestAChildMayShowBeforeItsMakersCallReturns(t *testing.T) {
	equals(t, pair+`
		100 vfork( <unfinished ...>
		101 close(3) = 0
		101 execve("/bin/cat", ["cat"], 0x1 /* 1 var */ <unfinished ...>
		100 <... vfork resumed>) = 101
		101 <... execve resumed>) = 0
		101 read(4,  <unfinished ...>
		100 write(3, "x", 1) = 1
		101 <... read resumed>"x", 1) = 1
		`)
}

func TestAThreadSharesDescriptors(t *testing.T) {
	equals(t, `
		100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, child_tid=0x7f, parent_tid=0x7f, exit_signal=0, stack=0x7f, stack_size=0x7f, tls=0x7f} => {parent_tid=[101]}, 88) = 101
		101 socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
		100 write(3, "x", 1) = 1
		101 read(4, "x", 10) = 1
		101 exit(0) = ?
		101 +++ exited with 0 +++
		100 write(3, "still open", 10) = 10
		100 exit_group(0) = ?
		100 +++ exited with 0 +++
		`)
}

func TestATaskMayShareDescriptorsAndBeAProcess(t *testing.T) {
	equals(t, pair+`
		100 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|SIGCHLD) = 101
		101 close(4) = 0
		100 write(4, "x", 1) = -1 EBADF (Bad file descriptor)
		101 dup(3) = 4
		101 execve("/bin/true", ["true"], 0x1 /* 0 vars */) = 0
		101 close(3) = 0
		100 close(3) = 0
		101 exit_group(0) = ?
		101 +++ exited with 0 +++
		100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
		`)
}

func TestATaskThatCallsExecTakesTheFirstOnesPlace(t *testing.T) {
	equals(t, pair+`
		100 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = 101
		100 read(3,  <unfinished ...>
		101 execve("/bin/true", ["true"], 0x1 /* 0 vars */ <unfinished ...>
		100 <... read resumed> <unfinished ...>) = ?
		100 +++ superseded by execve in pid 101 +++
		100 <... execve resumed>) = 0
		100 write(3, "x", 1) = 1
		100 read(4, "x", 1) = 1
		`)
}

func TestACallThatSleepsGoesOnWhileOthersAreMade(t *testing.T) {
	equals(t, pair+`
		100 clone(child_stack=NULL, flags=SIGCHLD) = 101
		101 read(4,  <unfinished ...>
		100 close(4) = 0
		100 poll([{fd=3, events=POLLIN}], 1, -1 <unfinished ...>
		100 <... poll resumed>) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)
		100 --- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---
		100 write(3, "wake", 4) = 4
		101 <... read resumed>"wake", 10) = 4
		`)
}

func TestARecordedTimeOutTakesNoTime(t *testing.T) {
	equals(t, pair+`
		100 setsockopt(3, SOL_SOCKET, SO_RCVTIMEO_OLD, "\20\16\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16) = 0
		100 read(3, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)
		100 poll([{fd=3, events=POLLIN}], 1, 3600000) = 0 (Timeout)
		100 ppoll([{fd=3, events=POLLIN}], 1, {tv_sec=3600, tv_nsec=0}, NULL, 8) = 0 (Timeout)
		100 write(4, "ab", 2) = 2
		100 recvfrom(3, "ab", 10, MSG_WAITALL, NULL, NULL) = 2
		`)
}

func TestTimePassesForOneCallAtATime(t *testing.T) {
	equals(t, pair+`
		100 clone(child_stack=NULL, flags=SIGCHLD) = 101
		101 poll([{fd=4, events=POLLIN}], 1, 10 <unfinished ...>
		100 poll([{fd=3, events=POLLIN}], 1, 1000) = 0 (Timeout)
		100 write(3, "x", 1) = 1
		101 <... poll resumed>) = 1 ([{fd=4, revents=POLLIN}])
		`)
}

func TestAnInterruptedCallBeginsAgain(t *testing.T) {
	equals(t, pair+`
		100 read(4, 0x7ffe, 10) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
		100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=1, si_uid=0} ---
		100 rt_sigreturn({mask=[]}) = 0
		100 read(4,  <unfinished ...>
		100 <... read resumed>0x7ffe, 10) = -1 EINTR (Interrupted system call)
		`)
}

func TestASignalThatTheLogShowsBeingSentInterrupts(t *testing.T) {
	log := pair + `
		100 rt_sigaction(SIGUSR1, {sa_handler=0x401000, sa_mask=[], sa_flags=SA_RESTORER%s, sa_restorer=0x7f}, NULL, 8) = 0
		100 clone(child_stack=NULL, flags=SIGCHLD) = 101
		100 read(4,  <unfinished ...>
		101 kill(100, SIGUSR1) = 0
		`
	r := playWith(t, fmt.Sprintf(log, "")+`
		100 <... read resumed>0x7ffe, 10) = -1 EINTR (Interrupted system call)
		100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---
		`, Options{Strict: true})
	require.False(t, r.Different(), text(t, r, false))
	r = playWith(t, fmt.Sprintf(log, "|SA_RESTART")+`
		101 write(3, "x", 1) = 1
		100 <... read resumed>"x", 10) = 1
		100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---
		`, Options{Strict: true})
	require.False(t, r.Different(), text(t, r, false))
}

func TestAStrictRunTakesNothingOnTrust(t *testing.T) {
	for _, tail := range []string{
		"100 read(4, 0x7ffe, 10) = -1 EINTR (Interrupted system call)",
		"100 +++ killed by SIGTERM +++",
		"100 rt_sigaction(SIGUSR1, {sa_handler=0x401000, sa_mask=[], sa_flags=0}, NULL, 8) = 0\n100 --- SIGUSR1 {si_signo=SIGUSR1} ---",
	} {
		require.False(t, play(t, pair+tail).Different(), tail)
		r := playWith(t, pair+tail, Options{Strict: true})
		require.True(t, r.Different(), tail)
		require.Contains(t, text(t, r, true), "\n+100 ", tail)
	}
}

func TestSIGPIPEEndsAProcess(t *testing.T) {
	r := playWith(t, pair+`
		100 close(4) = 0
		100 write(3, "x", 1) = -1 EPIPE (Broken pipe)
		100 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=100, si_uid=0} ---
		100 +++ killed by SIGPIPE +++
		`, Options{Strict: true})
	require.False(t, r.Different(), text(t, r, false))
	require.Equal(t, 3, r.Totals.Compared)
}

func TestAProgramThatSurvivesSIGPIPEBeganWithItIgnored(t *testing.T) {
	log := pair + `
		100 close(4) = 0
		100 write(3, "x", 1) = -1 EPIPE (Broken pipe)
		100 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=100, si_uid=0} ---
		100 read(3, "", 1) = 0
		`
	equals(t, log)
	require.True(t, playWith(t, log, Options{Strict: true}).Different())
	require.True(t, play(t, strings.Replace(log, "100 write", "100 rt_sigaction(SIGPIPE, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, NULL, 8) = 0\n100 write", 1)).Different())
}

func TestADeadlySignalClosesDescriptors(t *testing.T) {
	equals(t, pair+`
		100 clone(child_stack=NULL, flags=SIGCHLD) = 101
		100 close(4) = 0
		101 read(0,  <unfinished ...>
		100 kill(101, SIGTERM <unfinished ...>
		101 <... read resumed>0x7ffe, 10) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
		100 <... kill resumed>) = 0
		101 --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=100, si_uid=0} ---
		101 +++ killed by SIGTERM +++
		100 read(3, "", 10) = 0
		100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGTERM}], 0, NULL) = 101
		100 +++ killed by SIGKILL +++
		`)
}

func TestACallInWhichItsProcessEndsHasNoResult(t *testing.T) {
	r := equals(t, pair+`
		100 clone(child_stack=NULL, flags=SIGCHLD) = 101
		101 read(4,  <unfinished ...>
		100 kill(101, SIGKILL) = 0
		101 <... read resumed> <unfinished ...>) = ?
		101 +++ killed by SIGKILL +++
		100 read(4,  <unfinished ...>
		`)
	require.Equal(t, 2, r.Totals.Reasons[NoResult])
}

// Orders of overlapping calls.

func TestAnotherOrderOfOverlappingCallsMayExplainALog(t *testing.T) {
	for name, log := range map[string]string{
		"the close took effect after the write": `
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 close(4) = 0
			100 close(4 <unfinished ...>
			101 write(3, "x", 1) = 1
			100 <... close resumed>) = 0`,
		"the exit took effect after the poll": `
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 close(4) = 0
			101 exit_group(0) = ?
			100 poll([{fd=3, events=POLLIN}], 1, 0) = 0 (Timeout)
			101 +++ exited with 0 +++
			100 poll([{fd=3, events=POLLIN}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLHUP}])`,
		"the reader saw both writes": `
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 read(4,  <unfinished ...>
			100 write(3, "a", 1) = 1
			100 write(3, "b", 1) = 1
			101 <... read resumed>"ab", 10) = 2`,
	} {
		t.Run(name, func(t *testing.T) {
			r := equals(t, pair+log)
			require.Greater(t, r.Runs, 1)
		})
	}
}

func TestAnOpenerHasItsNumberWhateverTookTheOneBefore(t *testing.T) {
	equals(t, pair+`
		100 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = 101
		100 openat(AT_FDCWD, "/x", O_RDONLY <unfinished ...>
		101 dup(3) = 5
		100 <... openat resumed>) = 6
		101 dup(3) = 7
		`)
}

func TestADifferenceThatNoOrderExplainsStands(t *testing.T) {
	r := play(t, pair+`
		100 clone(child_stack=NULL, flags=SIGCHLD) = 101
		101 read(4,  <unfinished ...>
		100 write(3, "a", 1) = 1
		101 <... read resumed>"b", 10) = 1
		`)
	require.Equal(t, 1, r.Totals.Different)
	require.Greater(t, r.Runs, 1)
	r = playWith(t, pair+`
		100 clone(child_stack=NULL, flags=SIGCHLD) = 101
		101 read(4,  <unfinished ...>
		100 write(3, "a", 1) = 1
		101 <... read resumed>"b", 10) = 1
		`, Options{Runs: 1})
	require.Equal(t, 1, r.Runs)
}

func TestManyCallsAsleepAreEnded(t *testing.T) {
	var b strings.Builder
	b.WriteString(pair)
	for tid := 200; tid < 300; tid++ {
		fmt.Fprintf(&b, "100 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = %d\n", tid)
		fmt.Fprintf(&b, "%d read(4,  <unfinished ...>\n", tid)
	}
	r := equals(t, b.String())
	require.Equal(t, 100, r.Totals.Reasons[NoResult])
}

// The execve of a task that is not the first has its effects.
func TestExecByAnotherTaskClosesWhatIsMarked(t *testing.T) {
	equals(t, `
		100 socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, [3, 4]) = 0
		100 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = 101
		101 execve("/bin/true", ["true"], 0x1 /* 0 vars */ <unfinished ...>
		100 +++ superseded by execve in pid 101 +++
		100 <... execve resumed>) = 0
		100 close(3) = -1 EBADF (Bad file descriptor)
		100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		`)
}

func TestASignalSentToOneselfComesWhenTheLogSaysSo(t *testing.T) {
	for _, send := range []string{"tgkill(7, 7, SIGPIPE)", "kill(7, SIGPIPE)"} {
		r := equals(t, `
			7 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			7 fork() = 8
			8 close(3) = 0
			7 close(4) = 0
			7 rt_sigaction(SIGPIPE, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, NULL, 8) = 0
			7 `+send+` = 0
			7 write(3, "still here", 10) = 10
			7 rt_sigreturn({mask=[]}) = -1 EPIPE (Broken pipe)
			7 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_TKILL, si_pid=7, si_uid=0} ---
			7 +++ killed by SIGPIPE +++
			8 read(4, "still here", 20) = 10
			8 read(4, "", 20) = 0
			`)
		require.Equal(t, 8, r.Totals.Compared, send)
	}
}

// What a task does before the call that has made it returns, it does after it was made.
func TestATaskIsMadeBeforeItDoesAnything(t *testing.T) {
	s, err := parse(strings.NewReader(unindent(`
		7 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>
		8 getpid() = 8
		7 <... clone resumed>) = 8
		7 close(3) = 0
		`)), "log")
	require.NoError(t, err)
	require.Equal(t, s.calls[1].enter, s.calls[0].until)
}

// Without -f a log has the calls that make children, and nothing that these do.
func TestWhatUnseenChildrenInheritIsUncertain(t *testing.T) {
	r := play(t, `
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		write(3, "a", 1) = 1
		clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 101
		close(4) = 0
		read(3, "the child's", 100) = 11
		socketpair(AF_UNIX, SOCK_STREAM, 0, [4, 5]) = 0
		write(4, "b", 1) = 1
		read(5, "b", 1) = 1
		wait4(-1, NULL, WNOHANG, NULL) = 0
		wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
		wait4(-1, NULL, 0, NULL) = -1 ECHILD (No child processes)
		`)
	require.Equal(t, []Verdict{Equal, Equal, Skipped, Equal, Tainted, Equal, Equal, Equal, Skipped, Skipped, Equal}, verdicts(r), text(t, r, false))
	r = play(t, `
		clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = 101
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		read(3, "the thread's", 100) = 12
		`)
	require.Equal(t, []Verdict{Skipped, Equal, Tainted}, verdicts(r), "an unseen thread has what is made later, too")
}

// strace-log-merge puts each line where its call began.
func TestCallsOfMergedLogsReturnLater(t *testing.T) {
	r := equals(t, `
		7 10:00:00.000001 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		7 10:00:00.000002 clone(child_stack=NULL, flags=SIGCHLD) = 8
		8 10:00:00.000003 read(3, "x", 1) = 1
		7 10:00:00.000004 write(4, "x", 1) = 1
		7 10:00:00.000005 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 8
		8 10:00:00.000006 exit_group(3) = ?
		8 10:00:00.000007 +++ exited with 3 +++
		`)
	require.Equal(t, 4, r.Totals.Compared)
	require.Equal(t, 1, r.Runs)
}

// Between EPIPE and the end that it brings, others use what the process has open.
func TestSigpipeClosesWhenTheLogSaysThatItCame(t *testing.T) {
	r := equals(t, `
		7 pipe([3, 4]) = 0
		7 pipe([5, 6]) = 0
		7 close(3) = 0
		7 rt_sigaction(SIGPIPE, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, NULL, 8) = 0
		7 fork() = 8
		7 close(5) = 0
		8 write(4, "x", 1) = -1 EPIPE (Broken pipe)
		7 write(6, "still room", 10) = 10
		8 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=8, si_uid=0} ---
		7 write(6, "y", 1 <unfinished ...>
		8 +++ killed by SIGPIPE +++
		7 <... write resumed>) = -1 EPIPE (Broken pipe)
		7 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=7, si_uid=0} ---
		7 +++ killed by SIGPIPE +++
		`)
	require.Equal(t, 1, r.Runs)
}

func TestALogMayEndInTheMiddleOfALine(t *testing.T) {
	r := play(t, "socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0\nwrite(3, \"ab")
	require.Equal(t, 1, r.Totals.Compared)
	require.Contains(t, text(t, r, false), "# the log ends in the middle of a line\n")
	for _, log := range []string{"write(3, \"ab", "socketpair(AF_UNIX, SOCK_STREAM, 0)\nwrite(3, \"ab", "dup(0) = 3\nwrite(3, \"ab\nclose(3) = 0"} {
		_, err := Run(Emulate(emu.Config{}), strings.NewReader(log), Options{})
		require.ErrorContains(t, err, "expected", log)
	}
}

func TestThatNotAllOrdersWereTriedIsSaid(t *testing.T) {
	log := unindent(`
		7 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		7 fork() = 8
		7 write(3, "ab", 2 <unfinished ...>
		8 write(3, "cd", 2 <unfinished ...>
		7 <... write resumed>) = 2
		8 <... write resumed>) = 2
		7 read(4, "nobody's", 100) = 8
		`)
	for runs, says := range map[int]bool{2: true, 100: false} {
		r := playWith(t, log, Options{Runs: runs})
		require.Equal(t, 1, r.Totals.Different)
		require.Equal(t, says, strings.Contains(text(t, r, true), "orders of calls that overlap were tried, and not all"), runs)
	}
}

// -e trace=desc,network leaves out the calls that make processes.
func TestWhatProcessesShareIsNotComparedIfNothingMakesThem(t *testing.T) {
	r := equals(t, `
		7 pipe2([3, 4], O_CLOEXEC) = 0
		8 write(4, "from 7's pipe", 13) = 13
		7 read(3, "from 7's pipe", 20) = 13
		8 close(4) = -1 EBADF (Bad file descriptor)
		`)
	require.Equal(t, 3, r.Totals.Skipped)
	require.Contains(t, text(t, r, false), blindNote)
	r = equals(t, `
		7 pipe([3, 4]) = 0
		8 pipe([3, 4]) = 0
		8 write(4, "8", 1) = 1
		7 write(4, "7", 1) = 1
		8 read(3, "8", 20) = 1
		`)
	require.Equal(t, 5, r.Totals.Equal, "who uses nothing that it has not opened shares nothing")
}
