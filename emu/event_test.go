package emu

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sockpair/errno"
)

// journal is an observer that writes events down.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) note(ev Event) {
	var s string
	switch ev.Kind {
	case EventEnter:
		s = ev.Call
	case EventExit:
		s = fmt.Sprintf("%s=%s", ev.Call, outcome(ev.Ret, ev.Err.Err()))
		if ev.Unknown {
			s = ev.Call + "=?"
		}
	case EventFork:
		s = fmt.Sprintf("forked %d", ev.Ret)
	case EventSignal:
		s = ev.Signal.String()
	case EventExited:
		s = fmt.Sprintf("exited with %d", ev.Ret)
	case EventKilled:
		s = "killed by " + ev.Signal.String()
	}
	j.mu.Lock()
	j.lines = append(j.lines, fmt.Sprintf("%d:%s", ev.Tid, s))
	j.mu.Unlock()
}

// take returns what was noted since the last time.
func (j *journal) take() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := strings.Join(j.lines, ", ")
	j.lines = nil
	return s
}

// watched is a process whose events are written down.
func watched(t *testing.T) (prog, *journal) {
	j := new(journal)
	return newProg(t, Config{Observer: j.note, FirstPid: 1}), j
}

// Each call is told of twice: when it begins and when it has its result.
func TestObserverIsToldOfEachCall(t *testing.T) {
	p, j := watched(t)
	a, b := p.pair(SOCK_STREAM)
	equal(t, "events", j.take(), "1:socketpair, 1:socketpair=0")
	p.send(a, "x")
	p.recv(b, "x")
	equal(t, "events", j.take(), "1:sendto, 1:sendto=1, 1:recvfrom, 1:recvfrom=1")
	p.recvFails(b, errno.EAGAIN)
	equal(t, "events", j.take(), "1:recvfrom, 1:recvfrom=-1 EAGAIN")
	p.Close(99)
	equal(t, "events", j.take(), "1:close, 1:close=-1 EBADF")
}

// The names and the arguments of the calls, in the order of the system calls.
func TestObserverIsToldNamesAndArguments(t *testing.T) {
	one, hour, none := []byte("x"), time.Hour, Sigset(0)
	length := 1
	m, many, fds, sv := &Msghdr{}, []Mmsghdr{}, []PollFd{}, &[2]int{}
	limit := &Rlimit{1, 2}
	rows := []struct {
		call string
		do   func(p *Process)
		want string
	}{
		{"socketpair", func(p *Process) { p.Socketpair(200, SOCK_STREAM, 3, sv) }, "[emu.Domain 200 emu.SockType 1 int 3 *[2]int]"},
		{"read", func(p *Process) { p.Read(99, one) }, "[emu.Fd 99 emu.In 1 int 1]"},
		{"readv", func(p *Process) { p.Readv(99, [][]byte{one}) }, "[emu.Fd 99 emu.InVec int 1]"},
		{"write", func(p *Process) { p.Write(99, one) }, "[emu.Fd 99 emu.Out 1 int 1]"},
		{"writev", func(p *Process) { p.Writev(99, [][]byte{one}) }, "[emu.Fd 99 emu.OutVec int 1]"},
		{"sendto", func(p *Process) { p.Send(99, one, MSG_EOR) }, "[emu.Fd 99 emu.Out 1 int 1 emu.MsgFlags 128 emu.Null int 0]"},
		{"sendto", func(p *Process) { p.Sendto(99, one, 0, one) }, "[emu.Fd 99 emu.Out 1 int 1 emu.MsgFlags 0 emu.Sockaddr 1 int 1]"},
		{"sendmsg", func(p *Process) { p.Sendmsg(99, m, 1) }, "[emu.Fd 99 *emu.Msghdr emu.MsgFlags 1]"},
		{"sendmmsg", func(p *Process) { p.Sendmmsg(99, many, 1) }, "[emu.Fd 99 []emu.Mmsghdr int 0 emu.MsgFlags 1]"},
		{"recvfrom", func(p *Process) { p.Recv(99, one, 2) }, "[emu.Fd 99 emu.In 1 int 1 emu.MsgFlags 2 emu.Null *int]"},
		{"recvfrom", func(p *Process) { p.Recvfrom(99, one, 2, one, &length) }, "[emu.Fd 99 emu.In 1 int 1 emu.MsgFlags 2 emu.Sockaddr 1 *int]"},
		{"recvmsg", func(p *Process) { p.Recvmsg(99, m, 1) }, "[emu.Fd 99 *emu.Msghdr emu.MsgFlags 1]"},
		{"recvmmsg", func(p *Process) { p.Recvmmsg(99, many, 1, &hour) }, "[emu.Fd 99 []emu.Mmsghdr int 0 emu.MsgFlags 1 *time.Duration]"},
		{"shutdown", func(p *Process) { p.Shutdown(99, 2) }, "[emu.Fd 99 emu.ShutHow 2]"},
		{"close", func(p *Process) { p.Close(99) }, "[emu.Fd 99]"},
		{"close_range", func(p *Process) { p.CloseRange(90, 99, 4) }, "[uint 90 uint 99 emu.CloseRange 4]"},
		{"dup", func(p *Process) { p.Dup(99) }, "[emu.Fd 99]"},
		{"dup2", func(p *Process) { p.Dup2(99, 98) }, "[emu.Fd 99 emu.Fd 98]"},
		{"dup3", func(p *Process) { p.Dup3(99, 98, 0) }, "[emu.Fd 99 emu.Fd 98 emu.OpenFlags 0]"},
		{"fcntl", func(p *Process) { p.Fcntl(99, 1, 2) }, "[emu.Fd 99 emu.FcntlCmd 1 int 2]"},
		{"getsockname", func(p *Process) { p.Getsockname(99, one, &length) }, "[emu.Fd 99 emu.Sockaddr 1 *int]"},
		{"getpeername", func(p *Process) { p.Getpeername(99, one, &length) }, "[emu.Fd 99 emu.Sockaddr 1 *int]"},
		{"lseek", func(p *Process) { p.Lseek(99, 5, 1) }, "[emu.Fd 99 int 5 emu.Whence 1]"},
		{"pread64", func(p *Process) { p.Pread(99, one, 5) }, "[emu.Fd 99 emu.In 1 int 1 int 5]"},
		{"pwrite64", func(p *Process) { p.Pwrite(99, one, 5) }, "[emu.Fd 99 emu.Out 1 int 1 int 5]"},
		{"ftruncate", func(p *Process) { p.Ftruncate(99, 5) }, "[emu.Fd 99 int 5]"},
		{"fsync", func(p *Process) { p.Fsync(99) }, "[emu.Fd 99]"},
		{"poll", func(p *Process) { p.Poll(fds, 0) }, "[[]emu.PollFd int 0 int 0]"},
		{"ppoll", func(p *Process) { p.Ppoll([]PollFd{{Fd: 99}}, &hour, &none) }, "[[]emu.PollFd int 1 *time.Duration *emu.Sigset]"},
		{"kill", func(p *Process) { p.Kill(99, SIGTERM) }, "[emu.Pid 99 emu.Signal SIGTERM]"},
		{"tgkill", func(p *Process) { p.Tgkill(98, 99, 0) }, "[emu.Pid 98 emu.Pid 99 emu.Signal signal 0]"},
		{"rt_sigaction", func(p *Process) { p.Sigaction(SIGTERM, nil, &SigAction{}) }, "[emu.Signal SIGTERM *emu.SigAction *emu.SigAction]"},
		{"rt_sigprocmask", func(p *Process) { p.Sigprocmask(1, &none, nil) }, "[emu.MaskHow 1 *emu.Sigset *emu.Sigset]"},
		{"wait4", func(p *Process) { p.Wait4(99, 1) }, "[emu.Pid 99 *emu.WaitStatus emu.WaitOptions 1]"},
		{"prlimit64", func(p *Process) { p.Prlimit(9, 7, limit, nil) }, "[emu.Pid 9 emu.Resource 7 *emu.Rlimit *emu.Rlimit]"},
		{"execve", func(p *Process) { p.Exec() }, "[]"},
		{"mkdir", func(p *Process) { p.Mkdir("d", 493) }, "[emu.Path d emu.FileMode 493]"},
		{"mkdirat", func(p *Process) { p.Mkdirat(AT_FDCWD, "d", 493) }, "[emu.Fd -100 emu.Path d emu.FileMode 493]"},
		{"mknod", func(p *Process) { p.Mknod("d", 493, 5) }, "[emu.Path d emu.FileMode 493 int 5]"},
		{"mknodat", func(p *Process) { p.Mknodat(AT_FDCWD, "d", 493, 5) }, "[emu.Fd -100 emu.Path d emu.FileMode 493 int 5]"},
		{"symlink", func(p *Process) { p.Symlink("t", "d") }, "[emu.Path t emu.Path d]"},
		{"symlinkat", func(p *Process) { p.Symlinkat("t", AT_FDCWD, "d") }, "[emu.Path t emu.Fd -100 emu.Path d]"},
		{"link", func(p *Process) { p.Link("t", "d") }, "[emu.Path t emu.Path d]"},
		{"linkat", func(p *Process) { p.Linkat(98, "t", 99, "d", 1024) }, "[emu.Fd 98 emu.Path t emu.Fd 99 emu.Path d emu.AtFlags 1024]"},
		{"rename", func(p *Process) { p.Rename("t", "d") }, "[emu.Path t emu.Path d]"},
		{"renameat", func(p *Process) { p.Renameat(98, "t", 99, "d") }, "[emu.Fd 98 emu.Path t emu.Fd 99 emu.Path d]"},
		{"unlink", func(p *Process) { p.Unlink("d") }, "[emu.Path d]"},
		{"rmdir", func(p *Process) { p.Rmdir("d") }, "[emu.Path d]"},
		{"unlinkat", func(p *Process) { p.Unlinkat(99, "d", 512) }, "[emu.Fd 99 emu.Path d emu.AtFlags 512]"},
		{"stat", func(p *Process) { p.Stat("d", new(Stat)) }, "[emu.Path d *emu.Stat]"},
		{"lstat", func(p *Process) { p.Lstat("d", new(Stat)) }, "[emu.Path d *emu.Stat]"},
		{"newfstatat", func(p *Process) { p.Fstatat(99, "", new(Stat), AT_EMPTY_PATH) }, "[emu.Fd 99 emu.Path  *emu.Stat emu.AtFlags 4096]"},
		{"newfstatat", func(p *Process) { p.Fstatat(99, "d", new(Stat), 1) }, "[emu.Fd 99 emu.Path d *emu.Stat emu.AtFlags 1]"},
		{"access", func(p *Process) { p.Access("d", 4) }, "[emu.Path d emu.AccessMode 4]"},
		{"faccessat2", func(p *Process) { p.Faccessat(99, "d", 4, 1) }, "[emu.Fd 99 emu.Path d emu.AccessMode 4 emu.AtFlags 1]"},
		{"readlink", func(p *Process) { p.Readlink("d", one) }, "[emu.Path d emu.In 1 int 1]"},
		{"readlinkat", func(p *Process) { p.Readlinkat(99, "d", one) }, "[emu.Fd 99 emu.Path d emu.In 1 int 1]"},
		{"chmod", func(p *Process) { p.Chmod("d", 493) }, "[emu.Path d emu.FileMode 493]"},
		{"fchmodat2", func(p *Process) { p.Fchmodat(99, "d", 493, 1) }, "[emu.Fd 99 emu.Path d emu.FileMode 493 emu.AtFlags 1]"},
		{"chown", func(p *Process) { p.Chown("d", 7, -1) }, "[emu.Path d int 7 int -1]"},
		{"lchown", func(p *Process) { p.Lchown("d", 7, -1) }, "[emu.Path d int 7 int -1]"},
		{"fchownat", func(p *Process) { p.Fchownat(99, "d", 7, -1, 1) }, "[emu.Fd 99 emu.Path d int 7 int -1 emu.AtFlags 1]"},
		{"umask", func(p *Process) { p.Umask(18) }, "[emu.FileMode 18]"},
		{"chdir", func(p *Process) { p.Chdir("d") }, "[emu.Path d]"},
		{"fchdir", func(p *Process) { p.Fchdir(99) }, "[emu.Fd 99]"},
		{"getcwd", func(p *Process) { p.Getcwd(one) }, "[emu.In 1 int 1]"},
	}
	for _, r := range rows {
		var got []Event
		p := newProg(t, Config{Observer: func(ev Event) { got = append(got, ev) }})
		r.do(p.Process)
		if len(got) != 2 || got[0].Kind != EventEnter || got[1].Kind != EventExit || got[0].Call != r.call || got[1].Call != r.call {
			t.Errorf("%s: events = %v, want an enter and an exit", r.call, got)
			continue
		}
		equal(t, r.call+": arguments", argumentTypes(got[0].Args), r.want)
		equal(t, r.call+": arguments at the exit", argumentTypes(got[1].Args), r.want)
		equal(t, r.call+": pid and tid", [2]int{got[0].Pid, got[1].Tid}, [2]int{p.Getpid(), p.Getpid()})
	}
}

// argumentTypes are the types of arguments, with the values of the scalars and
// the lengths of the slices of bytes.
func argumentTypes(args []any) string {
	var all []string
	for _, a := range args {
		s := fmt.Sprintf("%T", a)
		switch v := a.(type) {
		case In:
			s += fmt.Sprint(" ", len(v))
		case Out:
			s += fmt.Sprint(" ", len(v))
		case Sockaddr:
			s += fmt.Sprint(" ", len(v))
		case Null, InVec, OutVec, []Mmsghdr, []PollFd:
		default:
			if !strings.HasPrefix(s, "*") {
				s += fmt.Sprintf(" %v", v)
			}
		}
		all = append(all, s)
	}
	return "[" + strings.Join(all, " ") + "]"
}

// At the exit the arguments hold what the call has filled in.
func TestObserverSeesWhatACallFilledIn(t *testing.T) {
	var got string
	p := newProg(t, Config{Observer: func(ev Event) {
		if ev.Kind == EventExit && ev.Call == "recvfrom" {
			got = string(ev.Args[1].(In)[:ev.Ret])
		}
		if ev.Kind == EventExit && ev.Call == "wait4" {
			got = fmt.Sprint(ev.Args[1].(*WaitStatus).ExitStatus())
		}
	}})
	a, b := p.pair(SOCK_STREAM)
	p.send(a, "filled in")
	p.recv(b, "filled in")
	equal(t, "bytes at the exit", got, "filled in")
	child := p.fork()
	child.Exit(9)
	p.exits(child, 9)
	equal(t, "status at the exit", got, "9")
}

// A call that sleeps is told of when it begins; what others do comes between.
func TestObserverSeesOthersBetweenEnterAndExit(t *testing.T) {
	p, j := watched(t)
	synctest.Test(t, func(t *testing.T) {
		a, b := p.pair(SOCK_STREAM)
		other := p.as(p.Thread())
		j.take()
		f, _ := p.flyRead(b, 9)
		equal(t, "events", j.take(), "1:read")
		other.Write(a, []byte("x"))
		f.lands(t, 1, 0)
		got := j.take()
		if want := []string{"2:write, 2:write=1, 1:read=1", "2:write, 1:read=1, 2:write=1"}; got != want[0] && got != want[1] {
			t.Errorf("events = %q, want one of %q", got, want)
		}
	})
}

// Processes come and go by events of their own.
func TestObserverIsToldOfProcesses(t *testing.T) {
	p, j := watched(t)
	child := p.fork()
	equal(t, "events", j.take(), "1:forked 2")
	child.Exit(7)
	equal(t, "events", j.take(), "2:exited with 7")
	p.exits(child, 7)
	equal(t, "events", j.take(), "1:wait4, 1:wait4=2")
	child = p.fork()
	j.take()
	says(t, "Kill", 0)(p.Kill(child.Getpid(), SIGTERM))
	equal(t, "events", j.take(), "1:kill, 3:killed by SIGTERM, 1:kill=0")
	thread := p.Thread()
	equal(t, "events", j.take(), "1:forked 4")
	thread.ExitThread()
	equal(t, "events", j.take(), "4:exited with 0")
	a, b := p.pair(SOCK_STREAM)
	p.close(b)
	j.take()
	p.Write(a, []byte("x"))
	equal(t, "events", j.take(), "1:write, 1:killed by SIGPIPE, 1:write=?")
	p.Write(a, []byte("x"))
	equal(t, "events", j.take(), "1:write, 1:write=?")
}

// A handler is told of before it runs; its own calls come after that.
func TestObserverIsToldOfHandlers(t *testing.T) {
	p, j := watched(t)
	p.handler(SIGUSR1, 0, 0, func(Signal) { p.Fsync(99) })
	j.take()
	p.raise(SIGUSR1)
	equal(t, "events", j.take(), "1:kill, 1:kill=0, 1:SIGUSR1, 1:fsync, 1:fsync=-1 EBADF")
	synctest.Test(t, func(t *testing.T) {
		killer := p.sys.NewProcess()
		f := fly("Poll", func() (int, error) { return p.Poll(nil, -1) })
		j.take()
		killer.Kill(p.Getpid(), SIGUSR1)
		f.lands(t, -1, errno.EINTR)
		got := j.take()
		for _, want := range []string{"1:SIGUSR1, 1:fsync", "1:poll=-1 EINTR"} {
			if !strings.Contains(got, want) {
				t.Errorf("events = %q, want %q among them", got, want)
			}
		}
	})
}

// Events come one at a time.
func TestObserverIsToldOneEventAtATime(t *testing.T) {
	inside, worst, events := 0, 0, 0
	p := newProg(t, Config{Observer: func(Event) { // no lock: the race detector would see two at once
		inside++
		worst = max(worst, inside)
		events++
		inside--
	}})
	var tasks sync.WaitGroup
	for range 4 {
		tasks.Go(func() {
			for range 50 {
				a, b, _ := p.Pair(SOCK_DGRAM)
				p.CloseRange(uint(a), uint(a), 0)
				p.Close(b)
			}
		})
	}
	tasks.Wait()
	equal(t, "most events at once", worst, 1)
	equal(t, "events", events, 4*50*3*2)
}
