package errno

import "syscall"

// hostExtra is for AIX.
var hostExtra = [...]hostName{
	{ENOTBLK, syscall.ENOTBLK},
	{ETXTBSY, syscall.ETXTBSY},
	{ECHRNG, syscall.ECHRNG},
	{EL2NSYNC, syscall.EL2NSYNC},
	{EL3HLT, syscall.EL3HLT},
	{EL3RST, syscall.EL3RST},
	{ELNRNG, syscall.ELNRNG},
	{EUNATCH, syscall.EUNATCH},
	{ENOCSI, syscall.ENOCSI},
	{EL2HLT, syscall.EL2HLT},
	{ENOSTR, syscall.ENOSTR},
	{ENODATA, syscall.ENODATA},
	{ETIME, syscall.ETIME},
	{ENOSR, syscall.ENOSR},
	{EREMOTE, syscall.EREMOTE},
	{ENOLINK, syscall.ENOLINK},
	{EMULTIHOP, syscall.EMULTIHOP},
	{ERESTART, syscall.ERESTART},
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
