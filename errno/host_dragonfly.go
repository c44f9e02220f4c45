package errno

import "syscall"

// hostExtra is for DragonFly BSD.
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
	{ENOMEDIUM, syscall.ENOMEDIUM},
	{EWOULDBLOCK, syscall.EWOULDBLOCK},
}
