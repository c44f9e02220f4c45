package unixemu

import (
	"runtime"

	"golang.org/x/sys/unix"

	"sockpair/emu"
)

// relative: the host is Linux, like the machine, though perhaps on another
// architecture: a number that is in no table means the same to both.
const relative = true

// carriesSeconds: Select is the call that takes a second and more in Usec, where
// x/sys/unix does not make pselect of it.
const carriesSeconds = runtime.GOARCH == "386" || runtime.GOARCH == "arm" || runtime.GOARCH == "mips" ||
	runtime.GOARCH == "mipsle" || runtime.GOARCH == "ppc" || runtime.GOARCH == "ppc64" ||
	runtime.GOARCH == "ppc64le" || runtime.GOARCH == "s390x"

// The numbers below are those that differ on some architecture, and those that
// could be taken for one of them.
var (
	hostSocketFlags  = names{{emu.SOCK_NONBLOCK, unix.SOCK_NONBLOCK}, {emu.SOCK_CLOEXEC, unix.SOCK_CLOEXEC}}
	hostMessageFlags = names{
		{emu.MSG_DONTWAIT, unix.MSG_DONTWAIT}, {emu.MSG_PROXY, unix.MSG_PROXY}, {emu.MSG_FIN, unix.MSG_FIN},
		{emu.MSG_SYN, unix.MSG_SYN}, {emu.MSG_CONFIRM, unix.MSG_CONFIRM}, {emu.MSG_RST, unix.MSG_RST},
		{emu.MSG_ERRQUEUE, unix.MSG_ERRQUEUE}, {emu.MSG_MORE, unix.MSG_MORE}, {emu.MSG_WAITFORONE, unix.MSG_WAITFORONE},
		{emu.MSG_BATCH, unix.MSG_BATCH}, {emu.MSG_ZEROCOPY, unix.MSG_ZEROCOPY}, {emu.MSG_FASTOPEN, unix.MSG_FASTOPEN},
		{emu.MSG_CMSG_CLOEXEC, unix.MSG_CMSG_CLOEXEC},
	}
	hostOpenFlags = names{
		{emu.O_ASYNC, unix.O_ASYNC}, {emu.O_DIRECT, unix.O_DIRECT}, {emu.O_EXCL, unix.O_EXCL}, {emu.O_NOATIME, unix.O_NOATIME},
	}
	hostFcntlCommands = names{
		{emu.F_DUPFD_CLOEXEC, unix.F_DUPFD_CLOEXEC}, {emu.F_GETSIG, unix.F_GETSIG}, {emu.F_SETSIG, unix.F_SETSIG},
		{emu.F_GETPIPE_SZ, unix.F_GETPIPE_SZ}, {emu.F_SETPIPE_SZ, unix.F_SETPIPE_SZ},
	}
	hostOptions = names{
		{emu.SO_ATTACH_BPF, unix.SO_ATTACH_BPF}, {emu.SO_ATTACH_FILTER, unix.SO_ATTACH_FILTER},
		{emu.SO_ATTACH_REUSEPORT_CBPF, unix.SO_ATTACH_REUSEPORT_CBPF},
		{emu.SO_ATTACH_REUSEPORT_EBPF, unix.SO_ATTACH_REUSEPORT_EBPF}, {emu.SO_BINDTODEVICE, unix.SO_BINDTODEVICE},
		{emu.SO_BINDTOIFINDEX, unix.SO_BINDTOIFINDEX}, {emu.SO_BPF_EXTENSIONS, unix.SO_BPF_EXTENSIONS},
		{emu.SO_BSDCOMPAT, unix.SO_BSDCOMPAT}, {emu.SO_BUF_LOCK, unix.SO_BUF_LOCK}, {emu.SO_BUSY_POLL, unix.SO_BUSY_POLL},
		{emu.SO_BUSY_POLL_BUDGET, unix.SO_BUSY_POLL_BUDGET}, {emu.SO_CNX_ADVICE, unix.SO_CNX_ADVICE},
		{emu.SO_COOKIE, unix.SO_COOKIE}, {emu.SO_DETACH_FILTER, unix.SO_DETACH_FILTER},
		{emu.SO_DETACH_REUSEPORT_BPF, unix.SO_DETACH_REUSEPORT_BPF}, {emu.SO_DOMAIN, unix.SO_DOMAIN},
		{emu.SO_INCOMING_CPU, unix.SO_INCOMING_CPU}, {emu.SO_INCOMING_NAPI_ID, unix.SO_INCOMING_NAPI_ID},
		{emu.SO_LOCK_FILTER, unix.SO_LOCK_FILTER}, {emu.SO_MARK, unix.SO_MARK}, {emu.SO_MAX_PACING_RATE, unix.SO_MAX_PACING_RATE},
		{emu.SO_MEMINFO, unix.SO_MEMINFO}, {emu.SO_NETNS_COOKIE, unix.SO_NETNS_COOKIE}, {emu.SO_NOFCS, unix.SO_NOFCS},
		{emu.SO_NO_CHECK, unix.SO_NO_CHECK}, {emu.SO_PASSCRED, unix.SO_PASSCRED}, {emu.SO_PASSPIDFD, unix.SO_PASSPIDFD},
		{emu.SO_PASSRIGHTS, unix.SO_PASSRIGHTS}, {emu.SO_PASSSEC, unix.SO_PASSSEC}, {emu.SO_PEEK_OFF, unix.SO_PEEK_OFF},
		{emu.SO_PEERCRED, unix.SO_PEERCRED}, {emu.SO_PEERGROUPS, unix.SO_PEERGROUPS}, {emu.SO_PEERNAME, unix.SO_PEERNAME},
		{emu.SO_PEERPIDFD, unix.SO_PEERPIDFD}, {emu.SO_PEERSEC, unix.SO_PEERSEC},
		{emu.SO_PREFER_BUSY_POLL, unix.SO_PREFER_BUSY_POLL}, {emu.SO_PRIORITY, unix.SO_PRIORITY},
		{emu.SO_PROTOCOL, unix.SO_PROTOCOL}, {emu.SO_RCVBUFFORCE, unix.SO_RCVBUFFORCE}, {emu.SO_RCVMARK, unix.SO_RCVMARK},
		{emu.SO_RCVPRIORITY, unix.SO_RCVPRIORITY}, {emu.SO_RCVTIMEO_NEW, unix.SO_RCVTIMEO_NEW},
		{emu.SO_RESERVE_MEM, unix.SO_RESERVE_MEM}, {emu.SO_REUSEPORT, unix.SO_REUSEPORT}, {emu.SO_RXQ_OVFL, unix.SO_RXQ_OVFL},
		{emu.SO_SELECT_ERR_QUEUE, unix.SO_SELECT_ERR_QUEUE}, {emu.SO_SNDBUFFORCE, unix.SO_SNDBUFFORCE},
		{emu.SO_SNDTIMEO_NEW, unix.SO_SNDTIMEO_NEW}, {emu.SO_TIMESTAMP, unix.SO_TIMESTAMP},
		{emu.SO_TIMESTAMPING, unix.SO_TIMESTAMPING}, {emu.SO_TIMESTAMPING_NEW, unix.SO_TIMESTAMPING_NEW},
		{emu.SO_TIMESTAMPNS, unix.SO_TIMESTAMPNS}, {emu.SO_TIMESTAMPNS_NEW, unix.SO_TIMESTAMPNS_NEW},
		{emu.SO_TIMESTAMP_NEW, unix.SO_TIMESTAMP_NEW}, {emu.SO_TXREHASH, unix.SO_TXREHASH}, {emu.SO_TXTIME, unix.SO_TXTIME},
		{emu.SO_WIFI_STATUS, unix.SO_WIFI_STATUS}, {emu.SO_ZEROCOPY, unix.SO_ZEROCOPY},
	}
	hostPollEvents = names{{emu.POLLRDHUP, unix.POLLRDHUP}}
	eventfdFlags   = names{
		{emu.EFD_SEMAPHORE, unix.EFD_SEMAPHORE}, {emu.EFD_NONBLOCK, unix.EFD_NONBLOCK}, {emu.EFD_CLOEXEC, unix.EFD_CLOEXEC},
	}
	limits = names{{emu.RLIMIT_NOFILE, unix.RLIMIT_NOFILE}}
)

// controlTypes are the types of control messages of level SOL_SOCKET.
var controlTypes = names{
	{emu.SCM_RIGHTS, unix.SCM_RIGHTS}, {emu.SCM_CREDENTIALS, unix.SCM_CREDENTIALS}, {emu.SCM_PIDFD, unix.SCM_PIDFD},
}

// request is the machine's number of an ioctl request.
func request(req uint) uint {
	switch req {
	case unix.TIOCINQ:
		return emu.FIONREAD
	case unix.TIOCOUTQ:
		return emu.SIOCOUTQ
	case unix.SIOCATMARK:
		return emu.SIOCATMARK
	}
	return req
}
