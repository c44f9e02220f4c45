package errno

import "syscall"

// hostExtra is for FreeBSD.
var hostExtra = [...]hostName{
	{ENOTBLK, syscall.ENOTBLK},
	{ETXTBSY, syscall.ETXTBSY},
	{EREMOTE, syscall.EREMOTE},
	{ENOLINK, syscall.ENOLINK},
	{EMULTIHOP, syscall.EMULTIHOP},
	{EUSERS, syscall.EUSERS},
	{ESOCKTNOSUPPORT, syscall.ESOCKTNOSUPPORT},
	{EPFNOSUPPORT, syscall.EPFNOSUPPORT},
	{ESHUTDOWN, syscall.ESHUTDOWN},
	{ETOOMANYREFS, syscall.ETOOMANYREFS},
	{EHOSTDOWN, syscall.EHOSTDOWN},
	{EOWNERDEAD, syscall.EOWNERDEAD},
	{ENOTRECOVERABLE, syscall.ENOTRECOVERABLE},
	{EWOULDBLOCK, syscall.EWOULDBLOCK},
}
