// Package netemu is package net on an emulated machine: connections, listeners
// and files that are used as those of packages net and os are, on sockets that
// no kernel has. What differs is the line that makes them:
//
//	a, b := net.Pipe()    // no buffer, no half close, no messages
//	a, b := netemu.Pipe() // a stream as the kernel has it
//
// A Read, a Write, an error and its text are those of a real socket: the
// buffer is full at the same byte, a peer that closes with unread data resets
// the connection, a message that is too short for its buffer is cut. It works
// on every platform, costs no system call, and inside [testing/synctest] every
// wait is durably blocked, so that deadlines cost no time.
//
// # The pieces
//
//	net.go               Net: the network as one process sees it; Pipe, Socketpair
//	conn.go packet.go    UnixConn, with the methods of *net.UnixConn
//	listen.go listener.go dial.go open.go  sockets with names; servers and clients
//	file.go file_seek.go fileconn.go  File, as *os.File; connections of files, files of connections
//	cmd.go process.go activation.go  child processes; sockets that a service manager has made
//	rawconn.go           syscall.RawConn of emulated descriptors
//	socket.go addr.go errors.go  what they share: options, addresses, errors
//	io.go                the calls that move data
//	desc.go wait.go deadline.go  a descriptor as Go's runtime has it: turns, deadlines, Close
//
// Package conntest, below this one, is a conformance suite for net.Conn.
//
// # How a call waits
//
// Sockets are in non-blocking mode, as package net has them. A Read or Write
// that finds what it needs goes through an [emu.Gate], under the machine's lock
// alone, and a Read that finds nothing waits there. Any other call takes its side of the descriptor (reading or writing;
// others queue), tries the system call, and on EAGAIN watches the description
// with an [emu.Poller] and sleeps.
// Data, a deadline and Close wake it. Close returns when every call has
// returned and the descriptor is closed. There is no goroutine for a
// connection; a deadline is one timer.
//
// # What is not as in package net
//
// The tests run the same programs here and on the kernel with packages net and
// os, and compare every value and error. What is left:
//
//   - The types are this package's: *netemu.UnixConn where package net has
//     *net.UnixConn. Interfaces (net.Conn, net.PacketConn, net.Listener,
//     syscall.Conn) and errors are package net's.
//   - Networks are "unix", "unixgram" and "unixpacket". Paths are those of the
//     machine, where [emu.Process.Mkdir] makes directories.
//   - A Net belongs to an emulated process, and so does all that it makes.
//     Numbers from SyscallConn and Fd are descriptors of that process.
//   - [net.Buffers.WriteTo] does not know these connections, and makes a Write
//     of each buffer; [UnixConn.WriteBuffers] is writev.
//   - Nothing is closed by a finalizer. Descriptors cost nothing outside the
//     machine, and go with it.
//   - Numbers, layouts and constants of control messages are Linux's for x86-64
//     on every host: emu.Rights and emu.ParseControl make and read them.
//   - When the process ends, calls return an *[emu.Ended] inside the *net.OpError.
package netemu
