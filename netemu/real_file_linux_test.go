package netemu_test

import (
	"net"
	"os"
	"syscall"
	"testing"
)

var _ file = (*os.File)(nil)

func realFiles() fileWorld {
	return fileWorld{"kernel", func(t *testing.T, f func(*testing.T)) { t.Chdir(t.TempDir()); f(t) },
		func(typ int) (a, b file) {
			fds, _ := syscall.Socketpair(syscall.AF_UNIX, typ|syscall.SOCK_CLOEXEC, 0)
			return os.NewFile(uintptr(fds[0]), "end"), os.NewFile(uintptr(fds[1]), "end")
		},
		func() (r, w file) {
			var fds [2]int
			syscall.Pipe2(fds[:], syscall.O_NONBLOCK|syscall.O_CLOEXEC)
			return os.NewFile(uintptr(fds[0]), "end"), os.NewFile(uintptr(fds[1]), "end")
		},
		func() file { return os.NewFile(999, "end") },
		func(f file) (net.Conn, error) { return net.FileConn(f.(*os.File)) },
		func(f file) (net.PacketConn, error) { return net.FilePacketConn(f.(*os.File)) },
		func(f file) (net.Listener, error) { return net.FileListener(f.(*os.File)) },
		func(c any) (file, error) {
			f, err := c.(interface{ File() (*os.File, error) }).File()
			return orNil(f, err, func(f *os.File) file { return f })
		},
		func(name string) net.Listener { l, _ := net.Listen("unix", name); return l },
	}
}

func init() { fileWorlds = append(fileWorlds, realFiles) }
