package unixemu

// How golang.org/x/sys/unix of this host reads and writes SockaddrUnix.Name.
const (
	emptyName     = true // "" is an address without a name
	abstractNames = true // '@' is written for the NUL of an abstract name
	abstractShown = true // and read back
)
