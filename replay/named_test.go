package replay

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A server and a client of which nothing is missing are compared, call by
// call, with the names that they show each other.
func TestConnectionsByNameAreCompared(t *testing.T) {
	r := equals(t, `
		500 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3
		500 bind(3, {sa_family=AF_UNIX, sun_path="/run/server"}, 14) = 0
		500 getsockname(3, {sa_family=AF_UNIX, sun_path="/run/server"}, [110 => 14]) = 0
		500 listen(3, 5) = 0
		500 fork() = 501
		500 accept4(3,  <unfinished ...>
		501 socket(AF_UNIX, SOCK_STREAM, 0) = 4
		501 connect(4, {sa_family=AF_UNIX, sun_path="/run/none"}, 110) = -1 ENOENT (No such file or directory)
		501 connect(4, {sa_family=AF_UNIX, sun_path="/run/server"}, 110) = 0
		500 <... accept4 resumed>{sa_family=AF_UNIX}, [110 => 2], SOCK_NONBLOCK) = 4
		501 getpeername(4, {sa_family=AF_UNIX, sun_path="/run/s"}, [8 => 14]) = 0
		501 write(4, "hello", 5) = 5
		500 read(4, "hello", 10) = 5
		500 close(4) = 0
		501 read(4, "", 10) = 0
		501 connect(4, {sa_family=AF_UNIX, sun_path="/run/server"}, 110) = -1 EISCONN (Transport endpoint is already connected)
		501 unlink("/run/server") = 0
		501 accept(4, NULL, NULL) = -1 EINVAL (Invalid argument)
		`)
	require.Equal(t, 17, r.Totals.Calls)
	require.Equal(t, r.Totals.Calls-1, r.Totals.Compared, "all but the fork: %s", text(t, r, false))
	require.Equal(t, r.Named.Calls, r.Named.Compared)
	require.Zero(t, r.Pairs.Calls)
}

// Names that the kernel has chosen are mapped, and hold from then on.
func TestChosenNamesAreMapped(t *testing.T) {
	log := `
		socket(AF_UNIX, SOCK_DGRAM, 0) = 3
		socket(AF_UNIX, SOCK_DGRAM, 0) = 4
		bind(3, {sa_family=AF_UNIX}, 2) = 0
		bind(4, {sa_family=AF_UNIX}, 2) = 0
		getsockname(3, {sa_family=AF_UNIX, sun_path=@"beef3"}, [110 => 8]) = 0
		getsockname(4, {sa_family=AF_UNIX, sun_path=@"00002"}, [110 => 8]) = 0
		sendto(4, "x", 1, 0, {sa_family=AF_UNIX, sun_path=@"beef3"}, 8) = 1
		recvfrom(3, "x", 9, 0, {sa_family=AF_UNIX, sun_path=@"00002"}, [110 => 8]) = 1
		`
	equals(t, log)
	r := play(t, log+`getsockname(4, {sa_family=AF_UNIX, sun_path=@"beef3"}, [110 => 8]) = 0`+"\n")
	require.Equal(t, 1, r.Totals.Different)
}

// The address of a datagram is compared, also in recvmsg.
func TestTheSenderOfADatagramIsCompared(t *testing.T) {
	log := `
		socket(AF_UNIX, SOCK_DGRAM, 0) = 3
		socket(AF_UNIX, SOCK_DGRAM, 0) = 4
		bind(3, {sa_family=AF_UNIX, sun_path=@"a\0b"}, 6) = 0
		bind(4, {sa_family=AF_UNIX, sun_path="/tmp/b"}, 110) = 0
		sendto(3, "x", 1, 0, {sa_family=AF_UNIX, sun_path="/tmp/b"}, 110) = 1
		`
	equals(t, log+`recvfrom(4, "x", 9, 0, {sa_family=AF_UNIX, sun_path=@"a\0b"}, [110 => 6]) = 1`+"\n")
	r := play(t, log+`recvfrom(4, "x", 9, 0, {sa_family=AF_UNIX, sun_path=@"a\0c"}, [110 => 6]) = 1`+"\n")
	require.Equal(t, 1, r.Totals.Different)
	r = play(t, log+`recvmsg(4, {msg_name={sa_family=AF_UNIX, sun_path=@"a\0c"}, msg_namelen=110 => 6, msg_iov=[{iov_base="x", iov_len=9}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 1`+"\n")
	require.Equal(t, 1, r.Totals.Different)
}

// What a recording takes for granted is made: directories, stale names, names
// that somebody has removed. In a script that is complete it is not.
func TestWhatWasThereBeforeFollowsFromTheResults(t *testing.T) {
	for name, log := range map[string]string{
		"a directory": `
			socket(AF_UNIX, SOCK_STREAM, 0) = 3
			bind(3, {sa_family=AF_UNIX, sun_path="/run/user/7/s"}, 110) = 0
			`,
		"a name that is taken": `
			socket(AF_UNIX, SOCK_STREAM, 0) = 3
			bind(3, {sa_family=AF_UNIX, sun_path="/run/s"}, 110) = -1 EADDRINUSE (Address already in use)
			`,
		"a stale name": `
			socket(AF_UNIX, SOCK_STREAM, 0) = 3
			connect(3, {sa_family=AF_UNIX, sun_path="/run/s"}, 110) = -1 ECONNREFUSED (Connection refused)
			unlink("/run/s") = 0
			bind(3, {sa_family=AF_UNIX, sun_path="/run/s"}, 110) = 0
			`,
		"a name that is removed unseen": `
			socket(AF_UNIX, SOCK_STREAM, 0) = 3
			bind(3, {sa_family=AF_UNIX, sun_path="/tmp/s"}, 110) = 0
			close(3) = 0
			socket(AF_UNIX, SOCK_STREAM, 0) = 3
			bind(3, {sa_family=AF_UNIX, sun_path="/tmp/s"}, 110) = 0
			`,
	} {
		t.Run(name, func(t *testing.T) {
			r := equals(t, log)
			require.Equal(t, r.Totals.Calls, r.Totals.Compared, text(t, r, false))
			r = playWith(t, log, Options{File: "log", Strict: true})
			require.Positive(t, r.Totals.Different, text(t, r, false))
		})
	}
}

// Where the log shows what becomes of files, a name that it has met is as the
// log has left it.
func TestANameThatTheLogHasMetIsNotArranged(t *testing.T) {
	r := play(t, `
		socket(AF_UNIX, SOCK_STREAM, 0) = 3
		bind(3, {sa_family=AF_UNIX, sun_path="/tmp/s"}, 110) = 0
		unlink("/tmp/s") = 0
		unlink("/tmp/s") = 0
		`)
	require.Equal(t, []Verdict{Equal, Equal, Equal, Different}, verdicts(r))
}

// Whoever is connected to somebody whom the log does not show leaves the test,
// and so does who is served by him.
func TestPeersOutsideTheLogAreLeftOut(t *testing.T) {
	r := play(t, `
		socket(AF_UNIX, SOCK_DGRAM|SOCK_CLOEXEC, 0) = 3
		sendto(3, "<5>x", 4, 0, {sa_family=AF_UNIX, sun_path="/dev/log"}, 110) = 4
		connect(3, {sa_family=AF_UNIX, sun_path="/dev/log"}, 110) = 0
		sendto(3, "<5>x", 4, MSG_NOSIGNAL, NULL, 0) = 4
		fcntl(3, F_GETFD) = 0x1 (flags FD_CLOEXEC)
		socket(AF_UNIX, SOCK_STREAM, 0) = 4
		bind(4, {sa_family=AF_UNIX, sun_path="/run/server"}, 110) = 0
		listen(4, 5) = 0
		accept(4, {sa_family=AF_UNIX}, [110 => 2]) = 5
		read(5, "hello", 10) = 5
		socket(AF_UNIX, SOCK_STREAM, 0) = 6
		`)
	require.Equal(t, []Verdict{Equal, Skipped, Skipped, Skipped, Skipped, Equal, Equal, Equal, Skipped, Skipped, Equal}, verdicts(r), text(t, r, false))
	require.Equal(t, 6, r.Totals.Reasons[OutsidePeer]+r.Totals.Reasons[Foreign])
}

// No path is a machine's that cannot be made.
func TestPathsThatNoMachineHasAreNotMade(t *testing.T) {
	play(t, `
		mkdir("/`+strings.Repeat("x", 300)+`/y", 0777) = 0
		mkdir("/a\0b/y", 0777) = 0
		chdir("/../..//.") = 0
		`)
}

// Files that are no names of sockets are no business of the test.
func TestOtherFilesAreLeftOut(t *testing.T) {
	r := play(t, `
		unlink("/var/lib/data") = 0
		mkdir("/var/lib/more", 0777) = 0
		umask(077) = 002
		umask(022) = 077
		chdir("/var/lib/more") = 0
		`)
	require.Zero(t, r.Totals.Different, text(t, r, false))
	require.Equal(t, Skipped, verdicts(r)[0])
}
