package unixemu

import (
	"golang.org/x/sys/unix"

	"sockpair/emu"
)

func (Host) EpollCreate(size int) (fd int, err error) { return unix.EpollCreate(size) }

// EpollCreate says EINVAL when size is not positive, and uses it for nothing.
func (p *Process) EpollCreate(size int) (fd int, err error) {
	if size <= 0 {
		return -1, unix.EINVAL
	}
	return p.EpollCreate1(0)
}

func (Host) EpollCreate1(flag int) (fd int, err error) { return unix.EpollCreate1(flag) }

func (p *Process) EpollCreate1(flag int) (fd int, err error) {
	return number(p.emulated.EpollCreate1(openFlags.bitsToEmu(flag)))
}

func (Host) EpollCtl(epfd int, op int, fd int, event *unix.EpollEvent) error {
	return unix.EpollCtl(epfd, op, fd, event)
}

// EpollCtl keeps Fd and Pad of the event, as the kernel keeps its data.
func (p *Process) EpollCtl(epfd int, op int, fd int, event *unix.EpollEvent) error {
	if event == nil {
		return hostError(p.emulated.EpollCtl(epfd, op, fd, nil))
	}
	own := emu.EpollEvent{Events: event.Events, Data: uint64(uint32(event.Fd)) | uint64(uint32(event.Pad))<<32}
	return hostError(p.emulated.EpollCtl(epfd, op, fd, &own))
}

func (Host) EpollWait(epfd int, events []unix.EpollEvent, msec int) (n int, err error) {
	return unix.EpollWait(epfd, events, msec)
}

func (p *Process) EpollWait(epfd int, events []unix.EpollEvent, msec int) (n int, err error) {
	own := make([]emu.EpollEvent, len(events))
	n, err = p.emulated.EpollWait(epfd, own, msec)
	if err != nil {
		return -1, hostError(err)
	}
	for i, e := range own[:n] {
		events[i] = unix.EpollEvent{Events: e.Events, Fd: int32(e.Data), Pad: int32(e.Data >> 32)}
	}
	return n, nil
}
