package emu

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"sockpair/errno"
	"sockpair/fdtable"
)

// System is the emulated machine: its rules, limits and processes. Systems
// share nothing; make one for each test.
type System struct {
	cfg   Config
	rules *Personality
	seam  seam
	made  time.Time

	ordinary TypeSet // of cfg

	names    namespace
	inflight inflight
	census   census
	cookies  atomic.Uint64 // SO_COOKIE numbers given out
	inodes   atomic.Uint64 // numbers of files given out
	pipes    pipes

	abstract abstractNames

	mu      sync.Mutex // before every other lock
	procs   map[int]*proc
	lastPid int

	looking sync.Mutex // before every other lock: one Blocked at a time
	looks   uint32     // how often it has looked at the links; guarded by looking

	nesting   sync.Mutex // one instance of epoll is put into another at a time
	observing sync.Mutex // serialises Config.Observer
}

// New makes a machine. The error says which field of the configuration is
// wrong and what was expected.
func New(cfg Config) (*System, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	rules := *cfg.Personality
	s := &System{cfg: cfg, rules: &rules, procs: make(map[int]*proc), lastPid: cfg.FirstPid - 1}
	s.seam.clock, s.seam.notify = cfg.Clock, cfg.OnBlock
	s.made, s.ordinary = cfg.Clock.Now(), cfg.ordinaryTypes()
	s.names.plant(s, cfg.Directories)
	return s, nil
}

// Personality returns a copy of the machine's rules.
func (s *System) Personality() Personality { return *s.rules }

// NewProcess makes a process without a parent and without descriptors, in a
// group of its own.
func (s *System) NewProcess() *Process {
	q := s.newProc(new(fdtable.Table[file]))
	q.becomes(Cred{Pid: q.pid, Uid: s.cfg.UID, Gid: s.cfg.GID})
	s.names.enter(q)
	q.softFiles.Store(int64(s.cfg.SoftFiles))
	q.hardFiles.Store(int64(s.cfg.HardFiles))
	t := newTask(q.pid, &q.life)
	q.tasks = []*task{t}
	s.mu.Lock()
	defer s.mu.Unlock()
	q.group = q.pid
	s.procs[q.pid] = q
	return &Process{sys: s, proc: q, task: t}
}

func (s *System) newProc(files *fdtable.Table[file]) *proc {
	q := &proc{sys: s, pid: s.newPid(), files: files}
	if s.cfg.Observer != nil {
		q.attention.Store(observed)
	}
	return q
}

// newPid takes the next free number.
func (s *System) newPid() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastPid++
	return s.lastPid
}

// adopt makes a child of p's process with the descriptors given.
func (s *System) adopt(p *Process, files *fdtable.Table[file]) *Process {
	parent := p.proc
	q := s.newProc(files)
	t := newTask(q.pid, &q.life)
	q.tasks = []*task{t}

	parent.mu.Lock()
	t.mask = p.task.mask
	q.actions = parent.actions
	q.attention.Or(parent.attention.Load() & catching)
	cred := parent.credentials()
	cred.Pid = q.pid
	q.becomes(cred)
	parent.mu.Unlock()
	s.names.inherit(q, parent)
	q.softFiles.Store(parent.softFiles.Load())
	q.hardFiles.Store(parent.hardFiles.Load())

	s.mu.Lock()
	defer s.mu.Unlock()
	q.group = parent.group
	if !parent.over() {
		q.parent = parent
		parent.children = append(parent.children, q)
		q.maker = p.task
	}
	s.procs[q.pid] = q
	return &Process{sys: s, proc: q, task: t}
}

// matching returns the living and the zombie processes that ok accepts, by pid.
func (s *System) matching(ok func(*proc) bool) []*proc {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*proc
	for _, q := range s.procs {
		if ok(q) {
			found = append(found, q)
		}
	}
	slices.SortFunc(found, func(a, b *proc) int { return a.pid - b.pid })
	return found
}

// census counts the open file descriptions and the sockets of a machine, in
// one word.
type census struct {
	word atomic.Int64 // files in the low half, sockets in the high one
}

// add changes both and returns what they are then.
func (c *census) add(files, sockets int) (int, int) {
	return filesAndSockets(c.word.Add(int64(files) + int64(sockets)<<32))
}

func filesAndSockets(word int64) (files, sockets int) {
	files = int(int32(word))
	return files, int((word - int64(files)) >> 32)
}

func (c *census) files() int   { files, _ := filesAndSockets(c.word.Load()); return files }
func (c *census) sockets() int { _, sockets := filesAndSockets(c.word.Load()); return sockets }

// takeFiles counts n new open file descriptions; false at Config.MaxFiles [ER-04].
func (s *System) takeFiles(n int) bool {
	if files, _ := s.census.add(n, 0); files <= s.cfg.MaxFiles {
		return true
	}
	s.census.add(-n, 0)
	return false
}

// takeSockets counts n new sockets: ENOBUFS at Config.MaxSockets [ER-09].
func (s *System) takeSockets(n int) bool {
	if _, sockets := s.census.add(0, n); sockets <= s.cfg.MaxSockets {
		return true
	}
	s.census.add(0, -n)
	return false
}

// takePair counts two of each, if there is also the memory for them: ENOMEM
// when the send buffers of all exceed Config.MaxMemory [ER-10].
func (s *System) takePair() bool {
	files, sockets := s.census.add(2, 2)
	if files <= s.cfg.MaxFiles && sockets <= s.cfg.MaxSockets && s.haveMemory(sockets) {
		return true
	}
	s.census.add(-2, -2)
	return false
}

func (s *System) haveMemory(sockets int) bool {
	return int64(sockets)*int64(s.rules.Buffers.Default) <= int64(s.cfg.MaxMemory)
}

// Files returns the number of open file descriptions.
func (s *System) Files() int { return s.census.files() }

// observe runs a call between its two events, if anybody observes.
func (p *Process) observe(name string, args func() []any, call func() (int, errno.Errno)) (int, error) {
	if p.sys.cfg.Observer == nil {
		return p.ret(p.make(call))
	}
	ev := Event{Kind: EventEnter, Pid: p.proc.pid, Tid: p.task.id(), Call: name}
	if args != nil {
		ev.Args = args()
	}
	p.sys.emit(ev)
	n, err := p.make(call)
	ev.Kind, ev.Ret, ev.Err = EventExit, n, err
	if err == errEnded || p.proc.over() {
		ev.Unknown, ev.Err = true, 0
	}
	p.sys.emit(ev)
	return p.ret(n, err)
}

// make makes a call, and makes it anew where handlers that restart calls have
// interrupted it. A task that has ended makes none: it would have an effect on
// others.
func (p *Process) make(call func() (int, errno.Errno)) (n int, err errno.Errno) {
	for {
		if p.over() {
			return -1, errEnded
		}
		if n, err = call(); err != errRestart {
			return n, err
		}
	}
}

// observe1 is observe for a call without a value.
func (p *Process) observe1(name string, args func() []any, call func() errno.Errno) error {
	_, err := p.observe(name, args, func() (int, errno.Errno) {
		if err := call(); err != 0 {
			return -1, err
		}
		return 0, 0
	})
	return err
}

// emit hands an event to the observer, one at a time.
func (s *System) emit(ev Event) {
	if s.cfg.Observer == nil {
		return
	}
	s.observing.Lock()
	defer s.observing.Unlock()
	s.cfg.Observer(ev)
}
