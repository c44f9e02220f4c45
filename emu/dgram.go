package emu

import "sockpair/errno"

// SOCK_DGRAM [DG-01..DG-04], and SOCK_RAW where it makes a datagram socket
// [DG-05]: messages of bounded length, connectionless. The other end's close
// gives no end of file [DG-04]; a sender learns of it by ECONNREFUSED.

// decideRecvDgram: Linux 6.18 net/unix/af_unix.c __unix_dgram_recvmsg,
// net/core/datagram.c __skb_wait_for_more_packets.
func decideRecvDgram(r *Personality, s recvState) verdict {
	switch {
	case r.ErrorBeforeData && s.pending != 0:
		return pending(s.pending)
	case s.queued:
		return verdict{act: deliver}
	case s.satisfied:
		return verdict{act: eof}
	case s.pending != 0:
		return pending(s.pending)
	case s.nonblock && (!s.shut || r.DgramShutNonblock):
		return failing(errno.EAGAIN)
	case s.shut:
		return verdict{act: eof}
	}
	return verdict{act: wait}
}

// decideSendDgram: room is tested before the peer is looked at, so a full
// buffer hides that the peer is gone.
// Linux 6.18 net/unix/af_unix.c unix_dgram_sendmsg.
func decideSendDgram(r *Personality, s sendState) verdict {
	switch {
	case s.tooLong:
		return failing(errno.EMSGSIZE) // [DG-01]
	case s.pending != 0:
		return pending(s.pending)
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
	case s.lookup != 0:
		return failing(s.lookup)
	case s.peer == peerNone:
		return failing(r.DgramNoPeer)
	case s.peer == peerTaken:
		return failing(errno.EPERM)
	case s.peer == peerClosed:
		return failing(errno.ECONNREFUSED)
	case s.peer == peerShut:
		return failing(errno.EPIPE)
	case s.refused:
		return failing(errno.EPERM)
	case s.peer == peerFull && s.nonblock:
		return failing(errno.EAGAIN)
	case s.peer == peerFull:
		return verdict{act: wait}
	}
	return verdict{act: deliver} // [DG-02]
}
