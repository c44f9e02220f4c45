package replay

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/strace"
)

func TestALineWithoutAResultIsRunAndPrinted(t *testing.T) {
	r := play(t, `
		socketpair(AF_UNIX, SOCK_STREAM, 0)
		write(3, "hello")
		getsockopt(3, SOL_SOCKET, SO_SNDBUF)
		read(4, 10)
		recvfrom(4, "", 10, MSG_DONTWAIT, NULL, NULL)
		poll([{fd=4, events=POLLIN|POLLOUT}], 1, 5)
		fcntl(4, F_GETFL)
		getsockname(3)
		send(3, "x", 1)
		recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0)
		close(5)
		`)
	require.Equal(t, unindent(`
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		write(3, "hello")                       = 5
		getsockopt(3, SOL_SOCKET, SO_SNDBUF, [212992], [4]) = 0
		read(4, "hello", 10)                    = 5
		recvfrom(4, "", 10, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
		poll([{fd=4, events=POLLIN|POLLOUT}], 1, 5) = 1 ([{fd=4, revents=POLLOUT}])
		fcntl(4, F_GETFL)                       = 0x2 (flags O_RDWR)
		getsockname(3, {sa_family=AF_UNIX}, [2]) = 0
		send(3, "x", 1, 0)                      = 1
		recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 1
		close(5)                                = -1 EBADF (Bad file descriptor)
		calls 11  compared 0  different 0  skipped 0  run 11
		`), text(t, r, false))
}

func TestADifferenceShowsTheRecordedAndTheEmulatedLine(t *testing.T) {
	r := play(t, `
		7 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		7 write(3, "abc", 3) = 2
		7 read(4, "abd", 3) = 3
		7 read(4, "", 3) = 0
		7 getsockname(3, {sa_family=AF_UNIX}, [110 => 3]) = 0
		7 write(3, "x", 1) = -1 EAGAIN (Resource temporarily unavailable)
		7 write(9, "x", 1) = 1
		`)
	require.Equal(t, []Verdict{Equal, Different, Different, Different, Different, Different, Skipped}, verdicts(r))
	require.Equal(t, 1, r.Hung)
	require.True(t, r.Different())
	require.Contains(t, text(t, r, true), "-7 read(4, \"abd\", 3) = 3\n+7 read(4, \"abc\", 3)                     = 3\n")
	require.Contains(t, text(t, r, true), "+7 read(4, \"\", 3)                        = ? (still blocked)\n")
}

func TestDescriptorsKeepStepWithWhatIsNotUnderTest(t *testing.T) {
	equals(t, `
		openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3
		pipe2([4, 5], 0) = 0
		socketpair(AF_UNIX, SOCK_DGRAM, 0, [6, 7]) = 0
		close(4) = 0
		socketpair(AF_UNIX, SOCK_DGRAM|SOCK_CLOEXEC, 0, [4, 8]) = 0
		dup(5) = 9
		fcntl(6, F_DUPFD, 20) = 20
		dup2(3, 20) = 20
		close(20) = 0
		fcntl(20, F_GETFD) = -1 EBADF (Bad file descriptor)
		execve("/bin/true", ["true"], 0x1 /* 0 vars */) = 0
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		close_range(3, 4294967295, 0) = 0
		socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3
		epoll_create1(EPOLL_CLOEXEC) = 4
		accept4(3, NULL, NULL, SOCK_CLOEXEC) = 5
		eventfd2(0, 0) = 6
		socketpair(AF_UNIX, SOCK_STREAM, 0, [7, 8]) = 0
		`)
}

func TestANumberThatTheLogNeverMentionsMayHaveBeenOpenFromTheBeginning(t *testing.T) {
	r := equals(t, `
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		socketpair(AF_UNIX, SOCK_STREAM, 0, [6, 7]) = 0
		close(6) = 0
		dup(3) = 6
		dup(3) = 9
		close(8) = 0
		`)
	require.Equal(t, []int{5, 8}, r.Began)
	require.Contains(t, text(t, r, true), "# descriptor 5 was open when the program began\n")
}

func TestANumberThatWasClosedWasNotOpenFromTheBeginning(t *testing.T) {
	r := play(t, `
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		close(3) = 0
		socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0
		write(5, "x", 1) = 1
		read(6, "x", 1) = 1
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 7]) = 0
		`)
	require.Equal(t, []Verdict{Equal, Equal, Different, Equal, Equal, Equal}, verdicts(r), "after a difference the numbers are the recorded ones")
	require.Empty(t, r.Began)
}

func TestADescriptorOfUnknownOriginIsNotUnderTest(t *testing.T) {
	r := equals(t, `
		read(7, "data", 4) = 4
		close(7) = 0
		read(7, 0x7ffe, 4) = -1 EBADF (Bad file descriptor)
		write(2, "to the terminal", 15) = 15
		mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 2, 0) = 0x7f00
		getuid() = 0
		`)
	require.Equal(t, []Verdict{Skipped, Skipped, Equal, Skipped, Skipped, Skipped}, verdicts(r))
	require.Equal(t, map[Reason]int{Foreign: 4, NotSockets: 1}, r.Totals.Reasons)
}

func TestEverySpellingOfAConstantIsUnderstood(t *testing.T) {
	equals(t, `
		2680  socketpair(0x1, 0x1|0x800, 0, [3, 4]) = 0
		2680  socketpair(0x1 /* AF_UNIX */, 0x2 /* SOCK_DGRAM */|0x80000 /* SOCK_CLOEXEC */, 0, [5, 6]) = 0
		2680  socketpair(AF_UNIX, SOCK_STREAM, 0, [7<UNIX-STREAM:[1->2]>, 8<UNIX-STREAM:[2->1]>]) = 0
		2680  sendto(3<socket:[1]>, "\x61\142c", 3, 0x4000 /* MSG_NOSIGNAL */, NULL, 0) = 3
		2680  ioctl(4, 0x541b, [3]) = 0
		2680  poll([{fd=4, events=0x1}], 1, 0) = 1 ([{fd=4, revents=0x1}])
		2680  recvfrom(4, "abc", 3, 0x2 /* MSG_PEEK */, NULL, NULL) = 3
		2680  read(4, "a"..., 10) = 3
		2680  getsockopt(3, 0x1, 0x3, [1], [4]) = 0
		2680  fcntl(3, 0x3) = 0x802
		2680  shutdown(3, 0x1 /* SHUT_WR */) = 0
		2680  07:21:01.242359 read(4, "", 1) = 0 <0.000010>
		`)
}

func TestACutStringIsComparedAsFarAsItIsShown(t *testing.T) {
	r := play(t, `
		socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
		write(3, "0123456789"..., 100) = 100
		read(4, "0123456789"..., 200) = 100
		write(3, "0123456789"..., 100) = 100
		read(4, "0123456788"..., 200) = 100
		write(3, "0123456789"..., 100) = 100
		read(4, "0123456789abc"..., 200) = 99
		`)
	require.Equal(t, []Verdict{Equal, Equal, Equal, Equal, Different, Equal, Different}, verdicts(r))
}

func TestAncillaryDataIsCompared(t *testing.T) {
	const send = `sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=24, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[1, 3]}], msg_controllen=24, msg_flags=0}, 0) = 1` + "\n"
	const recv = `recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=9}], msg_iovlen=1, msg_control=[{cmsg_len=24, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[5, 6]}], msg_controllen=24, msg_flags=0}, 0) = 1` + "\n"
	const pair = "socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0\n"
	r := equals(t, pair+send+recv+`
		write(5, "terminal", 8) = 8
		close(3) = 0
		write(6, "by the copy", 11) = 11
		read(4, "by the copy", 20) = 11
		close(6) = 0
		read(4, "", 20) = 0
		`)
	require.Equal(t, 1, r.Totals.Reasons[Foreign])
	require.Equal(t, Different, verdicts(play(t, pair+send+strings.Replace(recv, "[5, 6]", "[6, 5]", 1)))[2])
	require.Equal(t, Different, verdicts(play(t, pair+send+strings.Replace(recv, "SCM_RIGHTS", "SCM_CREDENTIALS", 1)))[2])
	require.Equal(t, Different, verdicts(play(t, pair+recv))[1])
	// MSG_CTRUNC shows how much room there was.
	equals(t, pair+send+`recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=9}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[5]}], msg_controllen=20, msg_flags=MSG_CTRUNC}, 0) = 1`)
	equals(t, pair+send+`recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=9}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_CTRUNC}, 0) = 1`)
	// A script may say what room there was, and that it was bad memory.
	const head = `recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=9}], msg_iovlen=1, `
	equals(t, pair+send+head+`msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[5]}], msg_controllen=20 => 20, msg_flags=MSG_CTRUNC}, 0) = 1`)
	equals(t, pair+send+head+`msg_control=[{cmsg_len=24, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[5, 6]}], msg_controllen=64 => 24, msg_flags=0}, 0) = 1`)
	equals(t, pair+send+head+`msg_control=[], msg_controllen=15 => 0, msg_flags=MSG_CTRUNC}, 0) = 1`)
	equals(t, pair+send+head+`msg_control=0x1, msg_controllen=64 => 0, msg_flags=MSG_CTRUNC}, 0) = 1`)
	require.True(t, play(t, pair+send+head+`msg_control=[], msg_controllen=64 => 0, msg_flags=MSG_CTRUNC}, 0) = 1`).Different())
}

func TestCredentialsAreMapped(t *testing.T) {
	equals(t, `
		500 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		500 setsockopt(4, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
		500 write(3, "x", 1) = 1
		500 recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=9}], msg_iovlen=1, msg_control=[{cmsg_len=28, cmsg_level=SOL_SOCKET, cmsg_type=SCM_CREDENTIALS, cmsg_data={pid=500, uid=0, gid=0}}], msg_controllen=32, msg_flags=0}, 0) = 1
		500 getsockopt(3, SOL_SOCKET, SO_PEERCRED, {pid=500, uid=0, gid=0}, [12]) = 0
		`)
}

func TestWhatTheMachineHasNotTaintsWhatItMayHaveChanged(t *testing.T) {
	r := play(t, `
		socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
		connect(3, {sa_family=AF_UNIX, sun_path="/dev/log"}, 110) = 0
		write(3, "x", 1) = 1
		getsockname(4, {sa_family=AF_UNIX}, [110 => 2]) = 0
		fcntl(4, F_GETFD) = 0
		close(3) = 0
		`)
	require.Equal(t, []Verdict{Equal, Skipped, Skipped, Tainted, Equal, Skipped}, verdicts(r))
	require.Equal(t, map[Reason]int{OutsidePeer: 1}, r.Pairs.Reasons)
	require.Equal(t, 3, r.Totals.Reasons[OutsidePeer])
}

func TestAFailedCallThatTheMachineHasNotTaintsNothing(t *testing.T) {
	r := equals(t, `
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		connect(3, {sa_family=AF_UNIX, sun_path="/x"}, 110) = -1 EISCONN (Transport endpoint is already connected)
		listen(3, 5) = -1 EINVAL (Invalid argument)
		write(3, "x", 1) = 1
		read(4, "x", 1) = 1
		`)
	require.Equal(t, 1, r.Pairs.Reasons[OutsidePeer])
}

func TestCopiesBetweenDescriptorsMoveUnknownBytes(t *testing.T) {
	equals(t, `
		openat(AT_FDCWD, "/file", O_RDONLY) = 3
		socketpair(AF_UNIX, SOCK_STREAM, 0, [4, 5]) = 0
		sendfile(4, 3, [0] => [300000], 300000) = 300000
		ioctl(5, FIONREAD, [300000]) = 0
		read(5, "what the file has"..., 200000) = 200000
		splice(5, NULL, 3, NULL, 4096, 0) = 4096
		ioctl(5, FIONREAD, [95904]) = 0
		`)
}

func TestOtherSocketsCarryDescriptorsOfPairs(t *testing.T) {
	r := play(t, `
		socket(AF_UNIX, SOCK_STREAM, 0) = 3
		connect(3, {sa_family=AF_UNIX, sun_path=@"outside"}, 10) = 0
		socketpair(AF_UNIX, SOCK_STREAM, 0, [4, 5]) = 0
		sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[5]}], msg_controllen=24, msg_flags=0}, 0) = 1
		recvmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[6]}], msg_controllen=24, msg_flags=MSG_CMSG_CLOEXEC}, MSG_CMSG_CLOEXEC) = 1
		fcntl(6, F_GETFD) = 0x1 (flags FD_CLOEXEC)
		close(5) = 0
		write(6, "same", 4) = 4
		read(4, "same", 4) = 4
		recvmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[5]}], msg_controllen=24, msg_flags=0}, 0) = 1
		write(5, "?", 1) = 1
		`)
	require.Equal(t, []Verdict{Equal, Skipped, Equal, Skipped, Skipped, Equal, Equal, Equal, Equal, Skipped, Skipped}, verdicts(r))
	require.Equal(t, 1, r.Totals.Reasons[Received])
}

func TestBadInputIsReportedWithItsPlace(t *testing.T) {
	for _, row := range []struct{ log, want string }{
		{"read(3, \n", "log:1:8: expected"},
		{"close(3) = 0\n<<<\n", "log:2:"},
		{"# machine: MaxFiles=x\n", `log:1:12: expected MaxFiles=number, found "MaxFiles=x"`},
		{"# machine: Authorize=maybe\n", "expected Authorize=yes or Authorize=no"},
		{"# machine: Personality=bsd\n", "expected Personality=linux or Personality=posix"},
		{"# machine:  Colour=1\n", "log:1:13: expected a field of the machine"},
		{"# machine: UID=-1\n", "expected UID=number"},
		{"close(3) = 0\n# machine: UID=1\n", "log:2:1: expected no directive after the first call"},
	} {
		_, err := Run(Emulate(emu.Config{}), strings.NewReader(row.log), Options{File: "log"})
		require.ErrorContains(t, err, row.want, "Run(%q)", row.log)
		require.ErrorAs(t, err, new(*strace.SyntaxError))
	}
}

func TestADirectiveConfiguresTheMachine(t *testing.T) {
	equals(t, `
		# machine: MaxFiles=5 UID=7 GID=8 SoftFiles=9 HardFiles=9 FirstPid=5 MaxSockets=2 MaxMemory=1000000
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = -1 ENOBUFS (No buffer space available)
		getsockopt(3, SOL_SOCKET, SO_PEERCRED, {pid=1, uid=7, gid=8}, [12]) = 0
		prlimit64(0, RLIMIT_NOFILE, NULL, {rlim_cur=9, rlim_max=9}) = 0
		`)
	equals(t, `
		# machine: Authorize=no
		# machine: Personality=posix
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = -1 EACCES (Permission denied)
		`)
	equals(t, "# machine: Authorize=yes Personality=linux\nsocketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0\n")
}

func TestAMachineThatCannotBeMadeIsAnError(t *testing.T) {
	refuse := errors.New("no such machine")
	_, err := Run(func(func(*emu.Config), string) (Machine, error) { return nil, refuse }, strings.NewReader("close(3) = 0\n"), Options{})
	require.ErrorIs(t, err, refuse)
	_, err = NewEmulator(emu.Config{MaxFiles: -1})
	require.ErrorContains(t, err, "MaxFiles")
}

func TestUsersOfTheLogAreUsersOfTheMachine(t *testing.T) {
	equals(t, `
		10 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		10 setsockopt(3, SOL_SOCKET, SO_SNDBUFFORCE, [100000], 4) = -1 EPERM (Operation not permitted)
		10 clone(child_stack=NULL, flags=SIGCHLD) = 11
		11 exit_group(0) = ?
		11 +++ exited with 0 +++
		10 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=11, si_uid=1000, si_status=0} ---
		10 getsockopt(3, SOL_SOCKET, SO_PEERCRED, {pid=10, uid=1000, gid=1000}, [12]) = 0
		`)
}

func TestCapabilitiesAreNotUnderTest(t *testing.T) {
	r := equals(t, `
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		setsockopt(3, SOL_SOCKET, SO_SNDBUFFORCE, [100000], 4) = -1 EPERM (Operation not permitted)
		capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=0, permitted=0, inheritable=0}) = 0
		sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=28, cmsg_level=SOL_SOCKET, cmsg_type=SCM_CREDENTIALS, cmsg_data={pid=1, uid=0, gid=0}}], msg_controllen=32, msg_flags=0}, 0) = -1 EPERM (Operation not permitted)
		`)
	require.Equal(t, map[Reason]int{Capabilities: 2}, r.Pairs.Reasons)
}

func TestWhatStraceInjectedIsNotCompared(t *testing.T) {
	r := equals(t, `
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		write(3, "x", 1) = -1 ENOSPC (No space left on device) (INJECTED)
		`)
	require.Equal(t, 1, r.Totals.Reasons[Injected])
}

func TestTotalsAddUp(t *testing.T) {
	a := Totals{Calls: 6, Compared: 2, Equal: 1, Different: 1, Skipped: 2, Tainted: 1, Ran: 1, Partly: 1, Reasons: map[Reason]int{Epoll: 2}}
	b := a
	b.Reasons = nil
	b.Add(a)
	require.Equal(t, "calls 12  compared 4  different 2  skipped 4  tainted 2  run 2", b.String())
	b.reason(Select, 1)
	b.reason(Received, 1)
	require.Equal(t, "epoll 2, received descriptor 1, select 1", b.Why())
	require.Equal(t, 2, a.Reasons[Epoll], "the sum has reasons of its own")
}

// -s 0 leaves the numbers out.
func TestNumbersThatWereLeftOutAreTheMachines(t *testing.T) {
	equals(t, `
		socketpair(AF_UNIX, SOCK_STREAM, 0, [...]) = 0
		pipe2([...], O_CLOEXEC) = 0
		write(3, ""..., 3) = 3
		read(4, ""..., 8) = 3
		write(6, ""..., 3) = 3
		read(5, ""..., 8) = 3
		`)
}
