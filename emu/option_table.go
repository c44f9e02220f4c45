package emu

import (
	"math"

	"sockpair/errno"
)

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
		SO_TYPE:          {Name: "SO_TYPE", NoSet: none, value: func(e *end) int { return int(e.typ) }},
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
		SO_ACCEPTCONN:    {Name: "SO_ACCEPTCONN", NoSet: none, value: accepting},
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
		SO_BINDTOIFINDEX:         {Name: "SO_BINDTOIFINDEX", Allow: every(rebinding, within(0, math.MaxInt32))},
		SO_TIMESTAMP_NEW:         stampOption("SO_TIMESTAMP_NEW", stampOn|stampNew),
		SO_TIMESTAMPNS_NEW:       stampOption("SO_TIMESTAMPNS_NEW", stampOn|stampNew|stampNano),
		SO_TIMESTAMPING_NEW:      stampingOption("SO_TIMESTAMPING_NEW", stampNew),
		SO_RCVTIMEO_NEW:          rcvtimeo.named("SO_RCVTIMEO_NEW"),
		SO_SNDTIMEO_NEW:          sndtimeo.named("SO_SNDTIMEO_NEW"),
		SO_DETACH_REUSEPORT_BPF:  {Name: "SO_DETACH_REUSEPORT_BPF", NoGet: none, NoSet: errno.EINVAL},
		SO_PREFER_BUSY_POLL:      {Name: "SO_PREFER_BUSY_POLL", Kind: OptionFlag, Allow: rootOr(errno.EPERM, off)},
		SO_BUSY_POLL_BUDGET: {Name: "SO_BUSY_POLL_BUDGET", NoGet: none,
			Allow: every(rootOr(errno.EPERM, func(c OptionChange) bool { return c.New <= c.Old }), within(0, math.MaxUint16))},
		SO_NETNS_COOKIE: {Name: "SO_NETNS_COOKIE", Kind: OptionRecord, NoSet: none, get: getNetnsCookie},
		SO_BUF_LOCK:     {Name: "SO_BUF_LOCK", Allow: within(0, 3), value: bufLock, store: setBufLock},
		SO_RESERVE_MEM: {Name: "SO_RESERVE_MEM",
			Allow: every(within(0, math.MaxInt32), func(OptionChange) errno.Errno { return notsup })},
		SO_TXREHASH:        {Name: "SO_TXREHASH", NoGet: notsup, NoSet: notsup},
		SO_RCVMARK:         {Name: "SO_RCVMARK", Kind: OptionFlag},
		SO_PASSPIDFD:       passOption("SO_PASSPIDFD", passPidfd),
		SO_PEERPIDFD:       {Name: "SO_PEERPIDFD", Kind: OptionRecord, NoSet: none, process: func(e *end) *proc { return e.peerWho.proc }},
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

		SO_ACCEPTCONN: {Name: "SO_ACCEPTCONN", NoSet: none, value: accepting},
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
		SO_TYPE:       {Name: "SO_TYPE", NoSet: none, value: func(e *end) int { return int(e.typ) }},
	}
}
