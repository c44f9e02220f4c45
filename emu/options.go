package emu

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"time"

	"sockpair/errno"
)

// OptionTable are the socket options of level SOL_SOCKET, by number: a
// personality's answer to getsockopt and setsockopt. A number without a row is
// unknown: ENOPROTOOPT. The row OtherLevel stands for every option of every
// other level.
type OptionTable map[int]Option

// OtherLevel is the number of the row whose NoGet and NoSet answer for all
// levels but SOL_SOCKET: sockets of AF_UNIX have no options of their own.
const OtherLevel = math.MinInt

// SO_DEVMEM_DONTNEED is an option that is refused with an errno of its own.
const SO_DEVMEM_DONTNEED = 80

// OptionKind says how a value lies in memory.
type OptionKind uint8

// The kinds of option.
const (
	OptionNumber OptionKind = iota // an int
	OptionFlag                     // an int; what is not 0 is stored as 1
	OptionRecord                   // a struct or a string, which the row takes apart
)

// Option is one row of an OptionTable. A row with a name and nothing else is a
// number that can be set to anything, is read back and has no effect.
type Option struct {
	Name    string // as strace writes it
	Kind    OptionKind
	Default int // what a fresh socket has; with NoSet what every socket has

	// NoGet and NoSet say why the option cannot be read or set; 0: it can.
	NoGet, NoSet errno.Errno
	// Allow may refuse to change a number or a flag. nil allows everything.
	Allow func(OptionChange) errno.Errno

	value func(*end) int        // the number, where it is not simply stored
	store func(*end, int)       // what setting it does, where that is more than storing
	get   func(*end, int) reply // an OptionRecord, for room for so many bytes
	set   func(*setting) errno.Errno
	early bool // set looks at the length and the memory itself
}

// named is the row under another name, with the same storage.
func (o Option) named(name string) Option {
	o.Name = name
	return o
}

// OptionChange is a new number for an option, on the way to being stored.
type OptionChange struct {
	Root     bool // the caller is user 0
	Old, New int
}

// reply is what getsockopt hands out: bytes, and the length that it reports.
type reply struct {
	val    []byte
	length int
	err    errno.Errno // ERANGE still reports length
}

// cut is the reply with as much of val as there is room for.
func cut(val []byte, room int) reply {
	n := min(len(val), room)
	return reply{val: val[:n], length: n}
}

// words are numbers as they lie in the memory of Linux x86-64.
func words(numbers ...int) []byte {
	var b []byte
	for _, n := range numbers {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return b
}

// word is the int that b begins with.
func word(b []byte) int { return int(int32(binary.LittleEndian.Uint32(b))) }

// options are the values that have been set on one end, by any of its
// descriptors. Guarded by the link's lock; an end has none until the first is set.
type options struct {
	numbers map[int]int // by option; those that are not here have their default

	rcvlowat   int
	peekOffset int
	recv, send timeout
	linger     [2]int // on, seconds
	bufLock    int    // bit 0: SO_SNDBUF was set; bit 1: SO_RCVBUF
	stamp      stamps
	stamping   int    // flags of SO_TIMESTAMPING
	txtime     [2]int // clock, flags
	pacing     uint64
	filter     []SockFilter
	cookie     uint64
	owner      int    // as F_SETOWN has it; negative: a group
	signal     Signal // F_SETSIG; 0: SIGIO
	noRoom     bool   // a send has found no room since the last signal for room
}

// opts are the end's values, to be changed.
func (e *end) opts() *options {
	if e.options == nil {
		e.options = &options{numbers: map[int]int{}, rcvlowat: 1, peekOffset: -1, pacing: math.MaxUint64}
	}
	return e.options
}

// view are the end's values, to be looked at.
func (e *end) view() options {
	if e.options == nil {
		return options{rcvlowat: 1, pacing: math.MaxUint64}
	}
	return *e.options
}

// number is the value of an OptionNumber or an OptionFlag.
func (e *end) number(name int) int {
	row := e.rules().Options[name]
	if row.value != nil {
		return row.value(e)
	}
	if v, ok := e.view().numbers[name]; ok {
		return v
	}
	return row.Default
}

// setNumber is a setsockopt that has passed all tests but the row's own.
func (s *setting) setNumber(row *Option) errno.Errno {
	v := s.first
	if row.Kind == OptionFlag {
		v = asFlag(v)
	}
	if row.Allow != nil {
		if err := row.Allow(OptionChange{Root: s.root, Old: s.end.number(s.name), New: v}); err != 0 {
			return err
		}
	}
	if row.store != nil {
		row.store(s.end, v)
	} else {
		s.end.opts().numbers[s.name] = v
	}
	return 0
}

func asFlag(v int) int {
	if v != 0 {
		return 1
	}
	return 0
}

// rcvlowat is SO_RCVLOWAT: how many bytes a receive waits for.
func (e *end) rcvlowat() int {
	if e.options == nil {
		return 1
	}
	return e.options.rcvlowat
}

// The rules of Option.Allow.

// all applies rules in turn; the first that refuses decides.
func all(rules ...func(OptionChange) errno.Errno) func(OptionChange) errno.Errno {
	return func(c OptionChange) errno.Errno {
		for _, rule := range rules {
			if err := rule(c); err != 0 {
				return err
			}
		}
		return 0
	}
}

// rootOnly refuses other users than 0.
func rootOnly(c OptionChange) errno.Errno {
	if !c.Root {
		return errno.EPERM
	}
	return 0
}

// only refuses with err what ok does not accept.
func only(err errno.Errno, ok func(OptionChange) bool) func(OptionChange) errno.Errno {
	return func(c OptionChange) errno.Errno {
		if !ok(c) {
			return err
		}
		return 0
	}
}

// within refuses numbers outside [low, high] with EINVAL.
func within(low, high int) func(OptionChange) errno.Errno {
	return only(errno.EINVAL, func(c OptionChange) bool { return c.New >= low && c.New <= high })
}

// rootOr refuses with err what ok does not accept, unless the caller is user 0.
func rootOr(err errno.Errno, ok func(OptionChange) bool) func(OptionChange) errno.Errno {
	return only(err, func(c OptionChange) bool { return c.Root || ok(c) })
}

func off(c OptionChange) bool { return c.New == 0 }

// linuxOptions are the options of Linux 6.18 on a member of a pair, as
// measured for each number from 0 to 100 and each type.
// Linux net/core/sock.c sk_setsockopt, sk_getsockopt; net/unix/af_unix.c unix_setsockopt.
func linuxOptions() OptionTable {
	const none, notsup = errno.ENOPROTOOPT, errno.EOPNOTSUPP
	rcvtimeo := timeoutOption("SO_RCVTIMEO", receiving, linuxTimeouts)
	sndtimeo := timeoutOption("SO_SNDTIMEO", sending, linuxTimeouts)
	return OptionTable{
		OtherLevel: {NoGet: notsup, NoSet: notsup},

		SO_DEBUG:         {Name: "SO_DEBUG", Kind: OptionFlag, Allow: rootOr(errno.EACCES, off)},
		SO_REUSEADDR:     {Name: "SO_REUSEADDR", Kind: OptionFlag},
		SO_TYPE:          {Name: "SO_TYPE", NoSet: none, value: func(e *end) int { return e.typ }},
		SO_ERROR:         {Name: "SO_ERROR", NoSet: none, value: takePending},
		SO_DONTROUTE:     {Name: "SO_DONTROUTE", Kind: OptionFlag},
		SO_BROADCAST:     {Name: "SO_BROADCAST", Kind: OptionFlag},
		SO_SNDBUF:        {Name: "SO_SNDBUF", value: sndbuf, store: setSndbuf},
		SO_RCVBUF:        {Name: "SO_RCVBUF", value: rcvbuf, store: setRcvbuf},
		SO_KEEPALIVE:     {Name: "SO_KEEPALIVE", Kind: OptionFlag}, // [ST-07]
		SO_OOBINLINE:     {Name: "SO_OOBINLINE", Kind: OptionFlag},
		SO_NO_CHECK:      {Name: "SO_NO_CHECK", Kind: OptionFlag},
		SO_PRIORITY:      {Name: "SO_PRIORITY", Allow: rootOr(errno.EPERM, func(c OptionChange) bool { return c.New >= 0 && c.New <= 6 })},
		SO_LINGER:        lingerOption(linuxLinger),
		SO_BSDCOMPAT:     {Name: "SO_BSDCOMPAT", store: func(*end, int) {}},
		SO_REUSEPORT:     {Name: "SO_REUSEPORT", Kind: OptionFlag, Allow: only(notsup, off)},
		SO_PASSCRED:      passOption("SO_PASSCRED", passCred),
		SO_PEERCRED:      {Name: "SO_PEERCRED", Kind: OptionRecord, NoSet: none, get: getPeercred},
		SO_RCVLOWAT:      {Name: "SO_RCVLOWAT", value: (*end).rcvlowat, store: setRcvlowat},
		SO_SNDLOWAT:      {Name: "SO_SNDLOWAT", NoSet: none, Default: 1},
		SO_RCVTIMEO:      rcvtimeo.named("SO_RCVTIMEO_OLD"),
		SO_SNDTIMEO:      sndtimeo.named("SO_SNDTIMEO_OLD"),
		SO_BINDTODEVICE:  {Name: "SO_BINDTODEVICE", Kind: OptionRecord, get: getDevice, set: setDevice, early: true},
		SO_ATTACH_FILTER: {Name: "SO_ATTACH_FILTER", Kind: OptionRecord, get: getFilter, set: setFilter},
		SO_DETACH_FILTER: {Name: "SO_DETACH_FILTER", Kind: OptionRecord, NoGet: none, set: detachFilter},
		SO_PEERNAME:      {Name: "SO_PEERNAME", Kind: OptionRecord, NoSet: none, get: getPeername},
		SO_TIMESTAMP:     stampOption("SO_TIMESTAMP_OLD", stampOn),
		SO_ACCEPTCONN:    {Name: "SO_ACCEPTCONN", NoSet: none},
		SO_PEERSEC:       {Name: "SO_PEERSEC", NoGet: none, NoSet: none},
		SO_SNDBUFFORCE:   {Name: "SO_SNDBUFFORCE", NoGet: none, Allow: rootOnly, store: forceSndbuf},
		SO_RCVBUFFORCE:   {Name: "SO_RCVBUFFORCE", NoGet: none, Allow: rootOnly, store: forceRcvbuf},
		SO_PASSSEC:       {Name: "SO_PASSSEC", Kind: OptionFlag},
		SO_TIMESTAMPNS:   stampOption("SO_TIMESTAMPNS_OLD", stampOn|stampNano),
		SO_MARK:          {Name: "SO_MARK", Allow: rootOnly},
		SO_TIMESTAMPING:  stampingOption("SO_TIMESTAMPING_OLD", 0),
		SO_PROTOCOL:      {Name: "SO_PROTOCOL", NoSet: none},
		SO_DOMAIN:        {Name: "SO_DOMAIN", NoSet: none, Default: AF_UNIX},
		SO_RXQ_OVFL:      {Name: "SO_RXQ_OVFL", Kind: OptionFlag},
		SO_WIFI_STATUS:   {Name: "SO_WIFI_STATUS", Kind: OptionFlag},
		SO_PEEK_OFF:      {Name: "SO_PEEK_OFF", value: (*end).peekOffset, store: setPeekOffset},
		SO_NOFCS:         {Name: "SO_NOFCS", Kind: OptionFlag},
		SO_LOCK_FILTER: {Name: "SO_LOCK_FILTER", Kind: OptionFlag,
			Allow: only(errno.EPERM, func(c OptionChange) bool { return c.New >= c.Old })},
		SO_SELECT_ERR_QUEUE:      {Name: "SO_SELECT_ERR_QUEUE", Kind: OptionFlag},
		SO_BUSY_POLL:             {Name: "SO_BUSY_POLL", Allow: within(0, math.MaxInt32)},
		SO_MAX_PACING_RATE:       {Name: "SO_MAX_PACING_RATE", Kind: OptionRecord, get: getPacing, set: setPacing},
		SO_BPF_EXTENSIONS:        {Name: "SO_BPF_EXTENSIONS", NoSet: none, Default: 64},
		SO_INCOMING_CPU:          {Name: "SO_INCOMING_CPU", Default: -1},
		SO_ATTACH_BPF:            {Name: "SO_ATTACH_BPF", Kind: OptionRecord, NoGet: none, set: attachBPF},
		SO_ATTACH_REUSEPORT_CBPF: {Name: "SO_ATTACH_REUSEPORT_CBPF", Kind: OptionRecord, NoGet: none, set: setReuseportFilter},
		SO_ATTACH_REUSEPORT_EBPF: {Name: "SO_ATTACH_REUSEPORT_EBPF", Kind: OptionRecord, NoGet: none, set: attachBPF},
		SO_CNX_ADVICE:            {Name: "SO_CNX_ADVICE", NoGet: none},
		SO_MEMINFO:               {Name: "SO_MEMINFO", Kind: OptionRecord, NoSet: none, get: getMeminfo},
		SO_INCOMING_NAPI_ID:      {Name: "SO_INCOMING_NAPI_ID", NoSet: none},
		SO_COOKIE:                {Name: "SO_COOKIE", Kind: OptionRecord, NoSet: none, get: getCookie},
		SO_PEERGROUPS:            {Name: "SO_PEERGROUPS", Kind: OptionRecord, NoSet: none, get: getPeergroups},
		SO_ZEROCOPY:              {Name: "SO_ZEROCOPY", NoSet: notsup},
		SO_TXTIME:                {Name: "SO_TXTIME", Kind: OptionRecord, get: getTxtime, set: setTxtime},
		SO_BINDTOIFINDEX:         {Name: "SO_BINDTOIFINDEX", Allow: all(rebinding, within(0, math.MaxInt32))},
		SO_TIMESTAMP_NEW:         stampOption("SO_TIMESTAMP_NEW", stampOn|stampNew),
		SO_TIMESTAMPNS_NEW:       stampOption("SO_TIMESTAMPNS_NEW", stampOn|stampNew|stampNano),
		SO_TIMESTAMPING_NEW:      stampingOption("SO_TIMESTAMPING_NEW", stampNew),
		SO_RCVTIMEO_NEW:          rcvtimeo.named("SO_RCVTIMEO_NEW"),
		SO_SNDTIMEO_NEW:          sndtimeo.named("SO_SNDTIMEO_NEW"),
		SO_DETACH_REUSEPORT_BPF:  {Name: "SO_DETACH_REUSEPORT_BPF", NoGet: none, NoSet: errno.EINVAL},
		SO_PREFER_BUSY_POLL:      {Name: "SO_PREFER_BUSY_POLL", Kind: OptionFlag, Allow: rootOr(errno.EPERM, off)},
		SO_BUSY_POLL_BUDGET: {Name: "SO_BUSY_POLL_BUDGET", NoGet: none,
			Allow: all(rootOr(errno.EPERM, func(c OptionChange) bool { return c.New <= c.Old }), within(0, math.MaxUint16))},
		SO_NETNS_COOKIE: {Name: "SO_NETNS_COOKIE", Kind: OptionRecord, NoSet: none, get: getNetnsCookie},
		SO_BUF_LOCK:     {Name: "SO_BUF_LOCK", Allow: within(0, 3), value: bufLock, store: setBufLock},
		SO_RESERVE_MEM: {Name: "SO_RESERVE_MEM",
			Allow: all(within(0, math.MaxInt32), func(OptionChange) errno.Errno { return notsup })},
		SO_TXREHASH:        {Name: "SO_TXREHASH", NoGet: notsup, NoSet: notsup},
		SO_RCVMARK:         {Name: "SO_RCVMARK", Kind: OptionFlag},
		SO_PASSPIDFD:       passOption("SO_PASSPIDFD", passPidfd),
		SO_PEERPIDFD:       {Name: "SO_PEERPIDFD", NoGet: none, NoSet: none}, // there are no pidfds
		SO_DEVMEM_DONTNEED: {Name: "SO_DEVMEM_DONTNEED", NoGet: none, NoSet: errno.EBADF},
		SO_RCVPRIORITY:     {Name: "SO_RCVPRIORITY", Kind: OptionFlag},
		SO_PASSRIGHTS: {Name: "SO_PASSRIGHTS", Kind: OptionFlag,
			value: func(e *end) int { return 1 - e.passing(refuseRights) },
			store: func(e *end, v int) { e.setPassing(refuseRights, 1-v) }},
		SO_INQ: {Name: "SO_INQ", Kind: OptionRecord, NoGet: none, set: setInq, early: true},
	}
}

// passOption is a flag about ancillary data.
func passOption(name string, bit passState) Option {
	return Option{Name: name, Kind: OptionFlag,
		value: func(e *end) int { return e.passing(bit) },
		store: func(e *end, v int) { e.setPassing(bit, v) }}
}

// peekOffset is SO_PEEK_OFF: where the next peek begins; negative: at the
// head, and it stays there.
func (e *end) peekOffset() int {
	if e.options == nil {
		return -1
	}
	return e.options.peekOffset
}

func setPeekOffset(e *end, v int) { e.opts().peekOffset = v }

// peeked moves the peek offset over n bytes that a peek has shown; taken
// moves it back over n that are gone.
func (e *end) peekedBytes(n int) {
	if e.peekOffset() >= 0 {
		e.options.peekOffset += n
	}
}

func (e *end) takenBytes(n int) {
	if e.peekOffset() >= 0 {
		e.options.peekOffset = max(0, e.options.peekOffset-n)
	}
}

func (e *end) passing(bit passState) int {
	if e.pass&bit != 0 {
		return 1
	}
	return 0
}

func (e *end) setPassing(bit passState, v int) {
	e.pass &^= bit
	if v != 0 {
		e.pass |= bit
	}
}

// posixOptions are the options of POSIX.1-2024 <sys/socket.h>. What a program
// finds where POSIX leaves a choice: SO_SNDLOWAT cannot be set, a negative size
// is EINVAL, and a time that is negative or too long EDOM.
func posixOptions() OptionTable {
	const none = errno.ENOPROTOOPT
	size := within(0, math.MaxInt32)
	return OptionTable{
		OtherLevel: {NoGet: none, NoSet: none},

		SO_ACCEPTCONN: {Name: "SO_ACCEPTCONN", NoSet: none},
		SO_BROADCAST:  {Name: "SO_BROADCAST", Kind: OptionFlag},
		SO_DEBUG:      {Name: "SO_DEBUG", Kind: OptionFlag},
		SO_DOMAIN:     {Name: "SO_DOMAIN", NoSet: none, Default: AF_UNIX},
		SO_DONTROUTE:  {Name: "SO_DONTROUTE", Kind: OptionFlag},
		SO_ERROR:      {Name: "SO_ERROR", NoSet: none, value: takePending},
		SO_KEEPALIVE:  {Name: "SO_KEEPALIVE", Kind: OptionFlag}, // [ST-07]
		SO_LINGER:     lingerOption(posixLinger),
		SO_OOBINLINE:  {Name: "SO_OOBINLINE", Kind: OptionFlag},
		SO_PROTOCOL:   {Name: "SO_PROTOCOL", NoSet: none},
		SO_RCVBUF:     {Name: "SO_RCVBUF", Allow: size, value: rcvbuf, store: setRcvbuf},
		SO_RCVLOWAT:   {Name: "SO_RCVLOWAT", Allow: size, value: (*end).rcvlowat, store: setRcvlowat},
		SO_RCVTIMEO:   timeoutOption("SO_RCVTIMEO", receiving, posixTimeouts),
		SO_REUSEADDR:  {Name: "SO_REUSEADDR", Kind: OptionFlag},
		SO_SNDBUF:     {Name: "SO_SNDBUF", Allow: size, value: sndbuf, store: setSndbuf},
		SO_SNDLOWAT:   {Name: "SO_SNDLOWAT", NoSet: none, Default: 1},
		SO_SNDTIMEO:   timeoutOption("SO_SNDTIMEO", sending, posixTimeouts),
		SO_TYPE:       {Name: "SO_TYPE", NoSet: none, value: func(e *end) int { return e.typ }},
	}
}

// Numbers that are more than stored.

// takePending is SO_ERROR: the pending error is taken, not read.
func takePending(e *end) int {
	err := e.pending
	e.pending = 0
	return int(err)
}

func sndbuf(e *end) int { return e.sndbuf }
func rcvbuf(e *end) int { return e.rcvbuf }

// The bits of SO_BUF_LOCK: which sizes were set by the program.
const (
	sndbufSet = 1 << iota
	rcvbufSet
)

func bufLock(e *end) int       { return e.view().bufLock }
func setBufLock(e *end, v int) { e.opts().bufLock = v }

// sized is the size that is stored for one that was asked for. A negative
// number is a large one: Linux takes it for unsigned.
func (b BufferSizes) sized(asked, least int) int {
	if asked < 0 || asked > b.Max {
		asked = b.Max
	}
	return max(asked*b.Factor, least)
}

// forced is sized for the FORCE options, which only int bounds.
func (b BufferSizes) forced(asked, least int) int {
	return max(min(max(asked, 0), math.MaxInt32/b.Factor)*b.Factor, least)
}

func setSndbuf(e *end, v int)   { e.storeSndbuf(e.sizes().sized(v, e.sizes().MinSend)) }
func forceSndbuf(e *end, v int) { e.storeSndbuf(e.sizes().forced(v, e.sizes().MinSend)) }
func setRcvbuf(e *end, v int)   { e.storeRcvbuf(e.sizes().sized(v, e.sizes().MinRecv)) }
func forceRcvbuf(e *end, v int) { e.storeRcvbuf(e.sizes().forced(v, e.sizes().MinRecv)) }

func (e *end) sizes() BufferSizes { return e.rules().Buffers }

// storeSndbuf tries the senders that wait as if something had been read
// (sk_write_space).
func (e *end) storeSndbuf(size int) {
	e.sndbuf = size
	e.opts().bufLock |= sndbufSet
	if e.rules().Admission.Wake(e.charged, e.sndbuf) {
		e.events |= spaceFreed
	}
}

func (e *end) storeRcvbuf(size int) {
	e.rcvbuf = size
	e.opts().bufLock |= rcvbufSet
}

// setRcvlowat: 0 is 1, and a negative number all there can be.
func setRcvlowat(e *end, v int) {
	switch {
	case v < 0:
		v = math.MaxInt32
	case v == 0:
		v = 1
	}
	e.opts().rcvlowat = v
}

// rebinding: only user 0 binds a socket that is bound to a device.
func rebinding(c OptionChange) errno.Errno {
	if c.Old != 0 && !c.Root {
		return errno.EPERM
	}
	return 0
}

// SO_LINGER is struct linger {int l_onoff, l_linger}. It is kept; close never
// waits, as what was sent is with the other end already.
func lingerOption(rule func(seconds int) (int, errno.Errno)) Option {
	return Option{Name: "SO_LINGER", Kind: OptionRecord,
		get: func(e *end, room int) reply {
			linger := e.view().linger
			return cut(words(linger[:]...), room)
		},
		set: func(s *setting) errno.Errno {
			b, err := s.atLeast(8)
			if err != 0 {
				return err
			}
			linger := &s.end.opts().linger
			if word(b) == 0 {
				linger[0] = 0 // the time stays what it was
				return 0
			}
			seconds, err := rule(word(b[4:]))
			if err == 0 {
				*linger = [2]int{1, seconds}
			}
			return err
		}}
}

// linuxTick is how often a second Linux counts time (CONFIG_HZ).
const linuxTick = 250

// linuxLinger: a negative time is the longest, and what is read back is the
// part of it that fits into an int.
func linuxLinger(seconds int) (int, errno.Errno) {
	if seconds < 0 {
		longest := uint64(math.MaxInt64 / linuxTick)
		return int(int32(longest)), 0
	}
	return seconds, 0
}

func posixLinger(seconds int) (int, errno.Errno) {
	if seconds < 0 {
		return 0, errno.EDOM
	}
	return seconds, 0
}

// timeout is SO_RCVTIMEO or SO_SNDTIMEO, struct timeval {long tv_sec, tv_usec}.
// The zero value is none.
type timeout struct {
	sec, usec int64
	nowait    bool // the time was negative: the calls do not wait; it reads as 0
}

// timeoutRules are how a personality takes a struct timeval.
type timeoutRules struct {
	tick     int64       // microseconds; a time is rounded up to a multiple
	most     int64       // from so many seconds on it is too long
	tooLong  errno.Errno // the answer to that; 0: there is no time-out
	negative errno.Errno // the answer to tv_sec < 0; 0: the calls do not wait
}

// linuxTimeouts: Linux net/core/sock.c sock_set_timeout.
var linuxTimeouts = timeoutRules{tick: 1e6 / linuxTick, most: math.MaxInt64/linuxTick - 1}

// posixTimeouts: POSIX wants 31 days at least and EDOM for what is too long.
var posixTimeouts = timeoutRules{tick: 1, most: math.MaxInt64 / int64(time.Second), tooLong: errno.EDOM, negative: errno.EDOM}

// take makes a time-out of a struct timeval.
func (r timeoutRules) take(sec, usec int64) (timeout, errno.Errno) {
	const second = 1e6
	switch {
	case usec < 0 || usec >= second:
		return timeout{}, errno.EDOM
	case sec < 0:
		return timeout{nowait: true}, r.negative
	case sec >= r.most:
		return timeout{}, r.tooLong
	}
	usec = (usec + r.tick - 1) / r.tick * r.tick
	return timeout{sec: sec + usec/second, usec: usec % second}, 0
}

// duration is the time to wait; 0 for no time-out.
func (t timeout) duration() time.Duration {
	if t.sec >= math.MaxInt64/int64(time.Second) {
		return math.MaxInt64
	}
	return time.Duration(t.sec)*time.Second + time.Duration(t.usec)*time.Microsecond
}

func receiving(o *options) *timeout { return &o.recv }
func sending(o *options) *timeout   { return &o.send }

func timeoutOption(name string, side func(*options) *timeout, rules timeoutRules) Option {
	return Option{Name: name, Kind: OptionRecord,
		get: func(e *end, room int) reply {
			o := e.view()
			t := side(&o)
			b := binary.LittleEndian.AppendUint64(nil, uint64(t.sec))
			return cut(binary.LittleEndian.AppendUint64(b, uint64(t.usec)), room)
		},
		set: func(s *setting) errno.Errno {
			b, err := s.atLeast(16)
			if err != 0 {
				return err
			}
			t, err := rules.take(int64(binary.LittleEndian.Uint64(b)), int64(binary.LittleEndian.Uint64(b[8:])))
			if err == 0 {
				*side(s.end.opts()) = t
			}
			return err
		}}
}

// recvTimeout is how long a receive waits; 0 is for ever.
func (e *end) recvTimeout() time.Duration {
	if e.options == nil {
		return 0
	}
	return e.options.recv.duration()
}

// sendTimeout is how long a send waits; 0 is for ever.
func (e *end) sendTimeout() time.Duration {
	if e.options == nil {
		return 0
	}
	return e.options.send.duration()
}

// recvNonblock: a negative SO_RCVTIMEO acts as O_NONBLOCK does.
func (e *end) recvNonblock() bool { return e.options != nil && e.options.recv.nowait }

// sendNonblock: a negative SO_SNDTIMEO acts as O_NONBLOCK does.
func (e *end) sendNonblock() bool { return e.options != nil && e.options.send.nowait }

// stamps is the state that the options for time stamps share.
type stamps uint8

const (
	stampOn   stamps = 1 << iota
	stampNano        // struct timespec, not timeval
	stampNew         // the layout of the NEW options
)

// stampOption is one of the four SO_TIMESTAMP options: setting one sets the
// whole state, clearing any clears it. Of the NEW ones SO_TIMESTAMP_NEW does
// not tell whether it was SO_TIMESTAMPNS_NEW.
func stampOption(name string, state stamps) Option {
	told := state | stampNew | stampNano
	if state == stampOn|stampNew {
		told = stampOn | stampNew
	}
	return Option{Name: name, Kind: OptionFlag,
		value: func(e *end) int {
			if e.view().stamp&told == state {
				return 1
			}
			return 0
		},
		store: func(e *end, v int) {
			if v != 0 {
				e.opts().stamp = state
			} else {
				e.opts().stamp &^= stampOn | stampNano
			}
		}}
}

// stampingOption is SO_TIMESTAMPING, struct so_timestamping {int flags,
// bind_phc}. The NEW one shows the flags only while the layout is new.
// Linux net/core/sock.c sock_set_timestamping.
func stampingOption(name string, layout stamps) Option {
	return Option{Name: name, Kind: OptionRecord,
		get: func(e *end, room int) reply {
			o := e.view()
			if layout == stampNew && o.stamp&stampNew == 0 {
				return cut(words(0, 0), room)
			}
			return cut(words(o.stamping, 0), room)
		},
		set: func(s *setting) errno.Errno {
			const optID, tsOnly, optStats, bindPHC, optIDTCP, known = 1 << 7, 1 << 11, 1 << 12, 1 << 15, 1 << 16, 1<<19 - 1
			if s.n == 8 { // the struct; else the flags alone count
				if _, err := s.mem.first(8); err != 0 {
					return err
				}
			}
			o, flags := s.end.opts(), s.first
			switch {
			case flags&^known != 0,
				flags&optIDTCP != 0 && flags&optID == 0,
				flags&optStats != 0 && flags&tsOnly == 0:
				return errno.EINVAL
			case flags&bindPHC != 0 && !deviceExists(s.end.number(SO_BINDTOIFINDEX)):
				return errno.EOPNOTSUPP
			case flags&bindPHC != 0: // and the loopback device has no such clock
				return errno.EINVAL
			}
			o.stamping = flags
			o.stamp = o.stamp&^stampNew | layout
			return 0
		}}
}

// Records that are the same in every personality that has them.

func getPeercred(e *end, room int) reply {
	c := e.peer.cred
	return cut(words(c.Pid, c.Uid, c.Gid), room)
}

// getPeername: the address of the other end, which must not be shorter than the room.
func getPeername(e *end, room int) reply {
	name := e.peer.sockaddr()
	switch {
	case e.gone:
		return reply{err: errno.ENOTCONN}
	case room > len(name):
		return reply{err: errno.EINVAL}
	}
	return cut(name, room)
}

// getPeergroups: the groups of the creator, of which a process has one.
func getPeergroups(e *end, room int) reply {
	groups := words(e.peer.cred.Gid)
	if room < len(groups) {
		return reply{length: len(groups), err: errno.ERANGE}
	}
	return cut(groups, room)
}

// getMeminfo: of nine numbers, those for receiving that AF_UNIX never charges are 0.
func getMeminfo(e *end, room int) reply {
	return cut(words(0, e.rcvbuf, e.charged, e.sndbuf, 0, 0, 0, 0, 0), room)
}

// getCookie: a number that no other socket of the machine has, given at the first call.
func getCookie(e *end, room int) reply {
	if room < 8 {
		return reply{err: errno.EINVAL}
	}
	o := e.opts()
	if o.cookie == 0 {
		o.cookie = e.sys.cookies.Add(1)
	}
	return cut(binary.LittleEndian.AppendUint64(nil, o.cookie), room)
}

// getNetnsCookie: the machine has one network name space, number 1.
func getNetnsCookie(_ *end, room int) reply {
	if room != 8 {
		return reply{err: errno.EINVAL}
	}
	return cut(words(1, 0), room)
}

// getPacing: 8 bytes, or where there is no room for them 4 with what fits.
func getPacing(e *end, room int) reply {
	rate := e.view().pacing
	if room >= 8 {
		return cut(binary.LittleEndian.AppendUint64(nil, rate), room)
	}
	return cut(binary.LittleEndian.AppendUint32(nil, uint32(min(rate, math.MaxUint32))), room)
}

func setPacing(s *setting) errno.Errno {
	rate := uint64(uint32(s.first))
	if rate == math.MaxUint32 {
		rate = math.MaxUint64
	}
	if s.n >= 8 {
		b, err := s.atLeast(8)
		if err != 0 {
			return err
		}
		rate = binary.LittleEndian.Uint64(b)
	}
	s.end.opts().pacing = rate
	return 0
}

func getTxtime(e *end, room int) reply {
	txtime := e.view().txtime
	return cut(words(txtime[:]...), room)
}

// setTxtime: struct sock_txtime {int clockid, flags}.
func setTxtime(s *setting) errno.Errno {
	const realtime, monotonic, tai = 0, 1, 11
	b, err := s.exactly(8)
	if err != 0 {
		return err
	}
	clock, flags := word(b), word(b[4:])
	switch {
	case flags&^3 != 0:
		return errno.EINVAL
	case clock != monotonic && !s.root:
		return errno.EPERM
	case clock != realtime && clock != monotonic && clock != tai:
		return errno.EINVAL
	}
	s.end.opts().txtime = [2]int{clock, flags}
	return 0
}

// setInq: SO_INQ exists on SOCK_STREAM, with a check of its own.
// Linux net/unix/af_unix.c unix_setsockopt.
func setInq(s *setting) errno.Errno {
	if s.end.typ != SOCK_STREAM {
		if _, err := s.atLeast(4); err != 0 {
			return err
		}
		return errno.ENOPROTOOPT
	}
	b, err := s.exactly(4)
	if err != 0 {
		return err
	}
	if v := word(b); v != 0 && v != 1 {
		return errno.EINVAL
	}
	s.end.setPassing(passInq, word(b))
	return 0
}

// getDevice: the name of the device that the socket is bound to; nothing without one.
func getDevice(e *end, room int) reply {
	index := e.number(SO_BINDTOIFINDEX)
	switch {
	case index == 0:
		return reply{}
	case room < sizeofIfname:
		return reply{err: errno.EINVAL}
	case !deviceExists(index):
		return reply{err: errno.ENODEV}
	}
	return cut([]byte(loopback+"\x00"), room)
}

// setDevice: a name of any length, of which 15 bytes count; an empty one unbinds.
// Linux net/core/sock.c sock_setbindtodevice.
func setDevice(s *setting) errno.Errno {
	b, err := s.atLeast(min(s.n, sizeofIfname-1))
	if err != 0 {
		return err
	}
	name, _, _ := strings.Cut(string(b), "\x00")
	index, ok := deviceIndex(name)
	if name != "" && !ok {
		return errno.ENODEV
	}
	s.name, s.first = SO_BINDTOIFINDEX, index
	row := s.end.rules().Options[SO_BINDTOIFINDEX]
	return s.setNumber(&row)
}

// SockFilter is one instruction of a classic packet filter (struct sock_filter).
type SockFilter struct {
	Code   uint16
	Jt, Jf uint8
	K      uint32
}

// maxFilter is the greatest number of instructions (BPF_MAXINSNS).
const maxFilter = 4096

// filterLocked: SO_LOCK_FILTER is on.
func (e *end) filterLocked() bool { return e.number(SO_LOCK_FILTER) != 0 }

// getFilter reports the number of instructions, and with any room for them
// also the instructions, 8 bytes each.
// Linux net/core/filter.c sk_get_filter.
func getFilter(e *end, room int) reply {
	prog := e.view().filter
	if room == 0 {
		return reply{length: len(prog)}
	}
	if room < len(prog) {
		return reply{err: errno.EINVAL}
	}
	var b []byte
	for _, f := range prog {
		b = binary.LittleEndian.AppendUint16(b, f.Code)
		b = append(b, f.Jt, f.Jf)
		b = binary.LittleEndian.AppendUint32(b, f.K)
	}
	return reply{val: b, length: len(prog)}
}

// program is the value of an option that is a struct sock_fprog {unsigned
// short len; struct sock_filter *filter}. The pointer cannot be followed: with
// SetsockoptSockFprog the program comes along, without it a pointer that is not
// null points nowhere.
func (s *setting) program() ([]SockFilter, errno.Errno) {
	b, err := s.exactly(16)
	if err != 0 {
		return nil, err
	}
	n := int(binary.LittleEndian.Uint16(b))
	switch {
	case s.end.filterLocked():
		return nil, errno.EPERM
	case n == 0 || n > maxFilter || binary.LittleEndian.Uint64(b[8:]) == 0:
		return nil, errno.EINVAL
	case s.prog == nil:
		return nil, errno.EFAULT
	}
	return s.prog, 0
}

func setFilter(s *setting) errno.Errno {
	prog, err := s.program()
	if err == 0 {
		s.end.opts().filter = slices.Clone(prog)
	}
	return err
}

// setReuseportFilter: AF_UNIX has no groups of sockets that share a port.
func setReuseportFilter(s *setting) errno.Errno {
	if _, err := s.program(); err != 0 {
		return err
	}
	return errno.EINVAL
}

func detachFilter(s *setting) errno.Errno {
	o := s.end.opts()
	switch {
	case s.end.filterLocked():
		return errno.EPERM
	case o.filter == nil:
		return errno.ENOENT
	}
	o.filter = nil
	return 0
}

// attachBPF: no descriptor of this machine is a BPF program.
func attachBPF(s *setting) errno.Errno {
	switch {
	case s.n != 4:
		return errno.EINVAL
	case s.end.filterLocked():
		return errno.EPERM
	case s.p.proc.files.Get(s.first) == nil:
		return errno.EBADF
	}
	return errno.EINVAL
}
