package errno

import "syscall"

// hostExtra is for WASI preview 1.
var hostExtra = [...]hostName{
	{ETXTBSY, syscall.ETXTBSY},
	{ENOLINK, syscall.ENOLINK},
	{EMULTIHOP, syscall.EMULTIHOP},
	{EBADFD, syscall.EBADFD},
	{EOWNERDEAD, syscall.EOWNERDEAD},
	{ENOTRECOVERABLE, syscall.ENOTRECOVERABLE},
}
