package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// kernelCalls is a world of raw calls; what its loops open is closed with it.
type kernelCalls struct {
	rawKernel
	opened []int
}

func (w *kernelCalls) close() {
	for _, fd := range w.opened {
		unix.Close(fd)
	}
}

func (w *kernelCalls) two() (a, b int, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		w.opened = append(w.opened, fds[0], fds[1])
	}
	return fds[0], fds[1], err
}

// quietSockets makes n of which none has anything to read.
func (w *kernelCalls) quietSockets(n int) ([]int, error) {
	if err := allowFiles(n + 100); err != nil {
		return nil, err
	}
	var fds []int
	for len(fds) < n {
		x, y, err := w.two()
		if err != nil {
			return nil, err
		}
		fds = append(fds, x, y)
	}
	return fds[:n], nil
}

// allowFiles raises this process's own limit, which only root may beyond the hard one.
func allowFiles(n int) error {
	var now unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &now); err != nil {
		return err
	}
	if now.Cur >= uint64(n) {
		return nil
	}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: uint64(n), Max: max(now.Max, uint64(n))}); err != nil {
		return fmt.Errorf("%w: %d descriptors: %v", errNotHere, n, err)
	}
	return nil
}

func (w *kernelCalls) pass(what passed, sent, got []byte) (func(n int) error, error) {
	a, b, err := w.two()
	if err != nil {
		return nil, err
	}
	fd, err := w.openPassed(what)
	if err != nil {
		return nil, err
	}
	out := unix.UnixRights(fd)
	in := make([]byte, len(out))
	return func(n int) error {
		for range n {
			if err := unix.Sendmsg(a, sent, out, nil, 0); err != nil {
				return err
			}
			_, length, _, _, err := unix.Recvmsg(b, got, in, 0)
			if err != nil {
				return err
			}
			came, err := passedNumber(in, length)
			if err != nil {
				return err
			}
			if err := unix.Close(came); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func (w *kernelCalls) openPassed(what passed) (int, error) {
	if what == anEventfd {
		fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
		if err == nil {
			w.opened = append(w.opened, fd)
		}
		return fd, err
	}
	fd, _, err := w.two()
	return fd, err
}

func (w *kernelCalls) epoll(quiet int, asks asking, sent, got []byte) (func(n int) error, error) {
	a, b, err := w.two()
	if err != nil {
		return nil, err
	}
	fds, err := w.quietSockets(quiet)
	if err != nil {
		return nil, err
	}
	if asks == asksFirst {
		fds = append(fds, b)
	}
	epfd, err := w.register(fds)
	if err != nil {
		return nil, err
	}
	events := make([]unix.EpollEvent, 8)
	return func(n int) error {
		for range n {
			if _, err := rawEnd(a).Write(sent); err != nil {
				return err
			}
			fd := b
			if asks == asksFirst {
				ready, err := uninterrupted(func() (int, error) { return unix.EpollWait(epfd, events, -1) })
				if err != nil || ready != 1 {
					return fmt.Errorf("epoll_wait: %d ready, %v; want 1", ready, err)
				}
				fd = int(events[0].Fd)
			}
			if _, err := rawEnd(fd).Read(got); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// register makes an epoll instance that looks at descriptors.
func (w *kernelCalls) register(fds []int) (epfd int, err error) {
	if epfd, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return 0, err
	}
	w.opened = append(w.opened, epfd)
	for _, fd := range fds {
		if err := unix.EpollCtl(epfd, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}); err != nil {
			return 0, err
		}
	}
	return epfd, nil
}

// uninterrupted makes a call again that a signal of Go's runtime has interrupted.
func uninterrupted(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != unix.EINTR {
			return n, err
		}
	}
}

func (w *kernelCalls) poll(all int) (func(n int) error, error) {
	a, b, err := w.two()
	if err != nil {
		return nil, err
	}
	fds, err := w.quietSockets(all - 1)
	if err != nil {
		return nil, err
	}
	if _, err := unix.Write(a, []byte{1}); err != nil {
		return nil, err
	}
	var set []unix.PollFd
	for _, fd := range append(fds, b) {
		set = append(set, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
	}
	return func(n int) error {
		for range n {
			ready, err := uninterrupted(func() (int, error) { return unix.Poll(set, 0) })
			if err != nil || ready != 1 {
				return fmt.Errorf("poll: %d ready, %v; want 1", ready, err)
			}
		}
		return nil
	}, nil
}
