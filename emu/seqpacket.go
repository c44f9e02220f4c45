package emu

import "sockpair/errno"

// SOCK_SEQPACKET [SQ-01..SQ-03]: sequenced, reliable, connection-mode records.
// Two fields of the personality make the difference between Linux, where each
// output is a record and a short receive discards the rest, and POSIX, where
// MSG_EOR ends a record and the rest stays for the next receive.

// decideRecvSeqpacket: Linux 6.18 net/unix/af_unix.c unix_seqpacket_recvmsg,
// __unix_dgram_recvmsg. The end of file of a connection shows to a
// non-blocking receive too.
func decideRecvSeqpacket(r *Personality, s recvState) verdict {
	switch {
	case s.apart:
		return failing(errno.ENOTCONN)
	case r.ErrorBeforeData && s.pending != 0:
		return pending(s.pending)
	case s.queued:
		return verdict{act: deliver}
	case s.satisfied:
		return verdict{act: eof}
	case s.pending != 0:
		return pending(s.pending)
	case s.shut:
		return verdict{act: eof}
	case s.nonblock:
		return failing(errno.EAGAIN)
	}
	return verdict{act: wait}
}

// decideSendSeqpacket: the pending error comes before the length.
// Linux 6.18 net/unix/af_unix.c unix_seqpacket_sendmsg, unix_dgram_sendmsg.
func decideSendSeqpacket(r *Personality, s sendState) verdict {
	switch {
	case s.pending != 0:
		return pending(s.pending)
	case s.apart:
		return failing(errno.ENOTCONN)
	case s.tooLong:
		return failing(errno.EMSGSIZE) // [SQ-01]
	case s.shut && s.fresh:
		return brokenPipe(r, SOCK_SEQPACKET, s)
	case s.shut:
		return failing(errno.EPIPE)
	case !s.room && s.nonblock:
		return failing(errno.EAGAIN)
	case !s.room:
		return verdict{act: wait}
	case s.tooBig:
		return failing(errno.ENOBUFS)
	case s.tooMany:
		return failing(errno.ETOOMANYREFS)
	case s.fault:
		return failing(errno.EFAULT)
	case s.refused:
		return failing(errno.EPERM)
	}
	return verdict{act: deliver}
}
