package errno

import "syscall"

// hostExtra is for OpenBSD.
var hostExtra = [...]hostName{
	{ENOTBLK, syscall.ENOTBLK},
	{ETXTBSY, syscall.ETXTBSY},
	{EREMOTE, syscall.EREMOTE},
	{EUSERS, syscall.EUSERS},
	{ESOCKTNOSUPPORT, syscall.ESOCKTNOSUPPORT},
	{EPFNOSUPPORT, syscall.EPFNOSUPPORT},
	{ESHUTDOWN, syscall.ESHUTDOWN},
	{ETOOMANYREFS, syscall.ETOOMANYREFS},
	{EHOSTDOWN, syscall.EHOSTDOWN},
	{ENOMEDIUM, syscall.ENOMEDIUM},
	{EMEDIUMTYPE, syscall.EMEDIUMTYPE},
	{EOWNERDEAD, syscall.EOWNERDEAD},
	{ENOTRECOVERABLE, syscall.ENOTRECOVERABLE},
	{EWOULDBLOCK, syscall.EWOULDBLOCK},
}
