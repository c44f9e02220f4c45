package judge

import (
	"hash/fnv"
	"math/rand/v2"

	"sockpair/emu"
	"sockpair/fuzz/program"
)

// Profile is a kind of programs at random.
type Profile struct {
	Name   string
	Covers string // one line: what its programs are about
	Family bool   // they are of several tasks
	Calls  int    // the longest has about so many; 0 is 65, or of a family 55

	// How rare some settings of the generator are.
	ByCall, Blocking, Large, Deadly, Ancillary, Readiness, Objects, Waitables Odds
	// Generator has the settings that are the same in all.
	Generator program.Generator
}

// Odds is how rare something is: once in so many programs; 0 is never.
type Odds int

func (o Odds) happens(c program.Choices) bool { return o > 0 && c.Intn(int(o)) == 0 }

// The types, and buffers that are soon full.
var (
	streams  = []int{emu.SOCK_STREAM}
	mostly   = []int{emu.SOCK_STREAM, emu.SOCK_STREAM, emu.SOCK_STREAM, emu.SOCK_DGRAM, emu.SOCK_SEQPACKET}
	smallest = []int{0, 1, 1000, 2304, 2305, 3000, 4608, 5000}
	soonFull = []int{2304, 4608, 10000, 30000}
	aroundMe = []int{0, 1, 2, 3, 7, 64, 100, 192, 193, 500, 704, 705, 1000, 1728, 1729, 2240, 2241}
)

// Profiles is every profile, in the order in which they are run.
func Profiles() []Profile {
	return []Profile{
		{Name: "stream", Covers: "SOCK_STREAM: sends, receives and closes of byte streams",
			ByCall: 4, Large: 4, Deadly: 8, Generator: program.Generator{Types: streams}},
		{Name: "dgram", Covers: "SOCK_DGRAM (and SOCK_RAW, which is one): queues of datagrams",
			ByCall: 4, Large: 4, Deadly: 8, Generator: program.Generator{Types: []int{emu.SOCK_DGRAM, emu.SOCK_DGRAM, emu.SOCK_DGRAM, emu.SOCK_RAW}}},
		{Name: "seqpacket", Covers: "SOCK_SEQPACKET: records over a connection",
			ByCall: 4, Large: 4, Deadly: 8, Generator: program.Generator{Types: []int{emu.SOCK_SEQPACKET}}},
		{Name: "small-buffers", Covers: "SO_SNDBUF near its minimum: what a message costs, where EAGAIN begins",
			ByCall: 4, Generator: program.Generator{Buffers: smallest, Sizes: aroundMe}},
		{Name: "full-buffers", Covers: "many sends and few receives: partial writes, POLLOUT, SIOCOUTQ, EMSGSIZE",
			ByCall: 4, Large: 2, Generator: program.Generator{Buffers: soonFull, Mix: program.DefaultMix.With(program.Mix{
				program.Send: 60, program.Receive: 14, program.Poll: 14, program.Ioctl: 10, program.Close: 2, program.Shutdown: 2})}},
		{Name: "bad-arguments", Covers: "null and unmapped memory, wrong numbers: which error comes first",
			ByCall: 4, Deadly: 8, Ancillary: 2, Readiness: 4, Generator: program.Generator{Bad: 8,
				Mix: program.DefaultMix.With(program.Mix{program.Odd: 40})}},
		{Name: "ancillary", Covers: "descriptors and credentials in control messages, peeking, SO_PASSCRED, SO_PEEK_OFF",
			ByCall: 4, Ancillary: 1, Generator: program.Generator{Urgent: 40,
				Mix: program.DefaultMix.With(program.Mix{program.Send: 30, program.Receive: 34})}},
		{Name: "oob", Covers: "urgent bytes: MSG_OOB, the mark, SO_OOBINLINE, SIOCATMARK, POLLPRI",
			ByCall: 4, Ancillary: 1, Generator: program.Generator{Types: mostly, Urgent: 2}},
		{Name: "readiness", Covers: "poll, select and epoll: level, edge, one-shot, exclusive, nested",
			ByCall: 4, Ancillary: 4, Readiness: 1, Generator: program.Generator{
				Mix: program.DefaultMix.With(program.Mix{program.Poll: 20, program.Readiness: 30})}},
		{Name: "options", Covers: "getsockopt and setsockopt of every number, ioctls",
			ByCall: 4, Ancillary: 2, Generator: program.Generator{
				Mix: program.DefaultMix.With(program.Mix{program.Option: 50, program.Ioctl: 25})}},
		{Name: "descriptors", Covers: "dup, fcntl, close_range, close: numbers and flags",
			ByCall: 4, Ancillary: 4, Generator: program.Generator{
				Mix: program.DefaultMix.With(program.Mix{program.Descriptor: 40, program.Close: 15, program.Pair: 10})}},
		{Name: "limits", Covers: "RLIMIT_NOFILE: EMFILE in socketpair, dup and received descriptors",
			ByCall: 4, Ancillary: 2, Generator: program.Generator{
				Mix: program.DefaultMix.With(program.Mix{program.Limit: 8, program.Descriptor: 30, program.Pair: 20})}},
		{Name: "broken", Covers: "ends that are shut down or closed: EPIPE, SIGPIPE, ECONNRESET, end of file",
			ByCall: 4, Deadly: 2, Generator: program.Generator{
				Mix: program.DefaultMix.With(program.Mix{program.Shutdown: 20, program.Close: 16, program.Pair: 10})}},
		{Name: "pipes", Covers: "pipes, splice, tee and sendfile, between pipes and with sockets",
			ByCall: 8, Large: 4, Deadly: 8, Ancillary: 4, Readiness: 3, Objects: 1},
		{Name: "objects", Covers: "eventfd, timerfd, pidfd, waitid, SCM_PIDFD, preadv2, fstat",
			Deadly: 8, Ancillary: 2, Readiness: 2, Waitables: 1},
		{Name: "networks", Covers: "sockets with names: socket, bind, listen, connect, accept, datagrams to anyone",
			Large: 8, Ancillary: 4, Readiness: 4, Generator: program.Generator{Network: true, Mix: program.NetworkMix}},
		{Name: "everything", Covers: "one process, all of the above",
			ByCall: 4, Large: 4, Deadly: 8, Ancillary: 2, Readiness: 2, Objects: 3, Waitables: 3},
		{Name: "processes", Covers: "fork, threads, exec, exit and wait: what is shared, who ends when", Family: true,
			ByCall: 4, Ancillary: 2, Generator: program.Generator{
				Mix: program.FamilyMix.With(program.Mix{program.Fork: 8, program.Thread: 6, program.Exec: 4, program.Exit: 6, program.ExitThread: 6, program.Wait: 10})}},
		{Name: "signals", Covers: "signals between tasks: handlers, masks, restarted and interrupted calls", Family: true,
			Blocking: 2, Generator: program.Generator{
				Mix: program.FamilyMix.With(program.Mix{program.Kill: 16, program.KillThread: 12, program.Action: 12, program.Mask: 8})}},
		{Name: "blocking", Covers: "calls that fall asleep, and what wakes them", Family: true,
			Blocking: 1, Ancillary: 4, Readiness: 4},
		{Name: "pipelines", Covers: "tasks that sleep on pipes and in splice, and what wakes or interrupts them", Family: true,
			Blocking: 1, Ancillary: 6, Readiness: 4, Objects: 1},
		{Name: "waiting", Covers: "tasks that sleep on counters, timers and processes, and what wakes them", Family: true,
			Blocking: 2, Ancillary: 4, Readiness: 3, Waitables: 1},
		{Name: "servers", Covers: "tasks that accept, connect and send to names, and sleep in it", Family: true,
			Blocking: 1, Ancillary: 4, Readiness: 6, Generator: program.Generator{Network: true,
				Mix: program.FamilyMix.With(program.Mix{program.Naming: 55, program.Option: 3, program.Ioctl: 2, program.Descriptor: 4})}},
		{Name: "families", Covers: "several tasks, all of the above", Family: true,
			ByCall: 4, Blocking: 2, Ancillary: 2, Readiness: 2},
	}
}

// choices are those of the n-th program of a profile for a seed.
type choices struct{ r *rand.Rand }

func (c choices) Intn(n int) int { return c.r.IntN(n) }

func (p *Profile) choices(seed int64, n int) choices {
	name := fnv.New64a()
	name.Write([]byte(p.Name))
	return choices{rand.New(rand.NewPCG(uint64(seed)^name.Sum64(), uint64(n)))}
}

// Program is the n-th program of a seed.
func (p *Profile) Program(seed int64, n int) program.Program {
	c := p.choices(seed, n)
	g := p.Generator
	g.From = c
	g.ByCall, g.Large, g.Deadly = p.ByCall.happens(c), p.Large.happens(c), p.Deadly.happens(c)
	g.Ancillary, g.Readiness, g.Blocking = p.Ancillary.happens(c), p.Readiness.happens(c), p.Blocking.happens(c)
	g.Objects, g.Waitables = p.Objects.happens(c), p.Waitables.happens(c)
	most := p.Calls
	if most == 0 {
		most = 65
	}
	if !p.Family {
		return g.Program(5 + c.Intn(most-5))
	}
	return g.Family(5 + c.Intn(most-15))
}
