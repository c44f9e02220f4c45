//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package unixemu

// How golang.org/x/sys/unix of this host reads and writes SockaddrUnix.Name.
const (
	emptyName     = false // "" is no address: EINVAL
	abstractNames = false // '@' is a letter
	abstractShown = false
)
