//go:build !plan9

package errno

import "syscall"

// hostName pairs a name of ours with what package syscall of the host means by
// the same name. The numbers differ from host to host, the names do not.
type hostName struct {
	ours Errno
	host syscall.Errno
}

// isHost reports whether target is the host's error of the same name. It asks
// for e's names and not for target's, because a host may have one number for
// two of them (AIX: EEXIST and ENOTEMPTY) or two for one (macOS: ENOTSUP and
// EOPNOTSUPP); each name then matches.
func isHost(e Errno, target error) bool {
	host, ok := target.(syscall.Errno)
	if !ok {
		return false
	}
	return named(hostCommon[:], e, host) || named(hostExtra[:], e, host)
}

// named reports whether one of the names joins e and host.
func named(names []hostName, e Errno, host syscall.Errno) bool {
	for _, n := range names {
		if n.ours == e && n.host == host {
			return true
		}
	}
	return false
}

// hostCommon is what every package syscall has; hostExtra, in the host's own
// file, is what it has beyond that.
var hostCommon = [...]hostName{
	{EPERM, syscall.EPERM},
	{ENOENT, syscall.ENOENT},
	{ESRCH, syscall.ESRCH},
	{EINTR, syscall.EINTR},
	{EIO, syscall.EIO},
	{ENXIO, syscall.ENXIO},
	{E2BIG, syscall.E2BIG},
	{ENOEXEC, syscall.ENOEXEC},
	{EBADF, syscall.EBADF},
	{ECHILD, syscall.ECHILD},
	{EAGAIN, syscall.EAGAIN},
	{ENOMEM, syscall.ENOMEM},
	{EACCES, syscall.EACCES},
	{EFAULT, syscall.EFAULT},
	{EBUSY, syscall.EBUSY},
	{EEXIST, syscall.EEXIST},
	{EXDEV, syscall.EXDEV},
	{ENODEV, syscall.ENODEV},
	{ENOTDIR, syscall.ENOTDIR},
	{EISDIR, syscall.EISDIR},
	{EINVAL, syscall.EINVAL},
	{ENFILE, syscall.ENFILE},
	{EMFILE, syscall.EMFILE},
	{ENOTTY, syscall.ENOTTY},
	{EFBIG, syscall.EFBIG},
	{ENOSPC, syscall.ENOSPC},
	{ESPIPE, syscall.ESPIPE},
	{EROFS, syscall.EROFS},
	{EMLINK, syscall.EMLINK},
	{EPIPE, syscall.EPIPE},
	{EDOM, syscall.EDOM},
	{ERANGE, syscall.ERANGE},
	{EDEADLK, syscall.EDEADLK},
	{ENAMETOOLONG, syscall.ENAMETOOLONG},
	{ENOLCK, syscall.ENOLCK},
	{ENOSYS, syscall.ENOSYS},
	{ENOTEMPTY, syscall.ENOTEMPTY},
	{ELOOP, syscall.ELOOP},
	{ENOMSG, syscall.ENOMSG},
	{EIDRM, syscall.EIDRM},
	{EPROTO, syscall.EPROTO},
	{EBADMSG, syscall.EBADMSG},
	{EOVERFLOW, syscall.EOVERFLOW},
	{EILSEQ, syscall.EILSEQ},
	{ENOTSOCK, syscall.ENOTSOCK},
	{EDESTADDRREQ, syscall.EDESTADDRREQ},
	{EMSGSIZE, syscall.EMSGSIZE},
	{EPROTOTYPE, syscall.EPROTOTYPE},
	{ENOPROTOOPT, syscall.ENOPROTOOPT},
	{EPROTONOSUPPORT, syscall.EPROTONOSUPPORT},
	{EOPNOTSUPP, syscall.EOPNOTSUPP},
	{EAFNOSUPPORT, syscall.EAFNOSUPPORT},
	{EADDRINUSE, syscall.EADDRINUSE},
	{EADDRNOTAVAIL, syscall.EADDRNOTAVAIL},
	{ENETDOWN, syscall.ENETDOWN},
	{ENETUNREACH, syscall.ENETUNREACH},
	{ENETRESET, syscall.ENETRESET},
	{ECONNABORTED, syscall.ECONNABORTED},
	{ECONNRESET, syscall.ECONNRESET},
	{ENOBUFS, syscall.ENOBUFS},
	{EISCONN, syscall.EISCONN},
	{ENOTCONN, syscall.ENOTCONN},
	{ETIMEDOUT, syscall.ETIMEDOUT},
	{ECONNREFUSED, syscall.ECONNREFUSED},
	{EHOSTUNREACH, syscall.EHOSTUNREACH},
	{EALREADY, syscall.EALREADY},
	{EINPROGRESS, syscall.EINPROGRESS},
	{ESTALE, syscall.ESTALE},
	{EDQUOT, syscall.EDQUOT},
	{ECANCELED, syscall.ECANCELED},
	{ENOTSUP, syscall.ENOTSUP},
}
