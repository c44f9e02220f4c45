package emu

import (
	"encoding/binary"
	"strings"

	"sockpair/errno"
)

// The requests of network devices, which any socket answers. The machine has
// one device, and nobody may change it.

// Requests of ioctl on network devices.
const (
	SIOCGIFNAME    = 0x8910
	SIOCGIFCONF    = 0x8912
	SIOCGIFFLAGS   = 0x8913
	SIOCGIFMETRIC  = 0x891d
	SIOCGIFMTU     = 0x8921
	SIOCGIFHWADDR  = 0x8927
	SIOCGIFSLAVE   = 0x8929
	SIOCGIFINDEX   = 0x8933
	SIOCGIFTXQLEN  = 0x8942
	SIOCETHTOOL    = 0x8946
	SIOCGIFMAP     = 0x8970
	SIOCGIFVLAN    = 0x8982
	SIOCSIFVLAN    = 0x8983
	SIOCDEVPRIVATE = 0x89f0
)

const (
	loopback      = "lo"
	loopbackIndex = 1
	sizeofIfname  = 16 // IFNAMSIZ
	sizeofIfreq   = 40
	sizeofIfconf  = 16
)

// deviceIndex is the number of the device with a name.
func deviceIndex(name string) (index int, ok bool) {
	if name != loopback {
		return 0, false
	}
	return loopbackIndex, true
}

// deviceExists reports whether a device has the number.
func deviceExists(index int) bool { return index == loopbackIndex }

// deviceRequest is what the loopback device answers to a request with struct
// ifreq: bytes that go behind the name, or an errno.
type deviceRequest struct {
	name   string
	answer []byte
	err    errno.Errno
	looks  lookup
}

// lookup says what a request looks at before it answers.
type lookup uint8

const (
	atName   lookup = iota // at the name of the device: ENODEV
	atMemory               // at the memory only: EFAULT
	atNothing
)

// deviceRequests are the requests that Linux answers otherwise than by ENOTTY,
// as measured on a member of a pair; what sets something is EPERM, which
// Linux says to all but user 0.
var deviceRequests = map[uint32]deviceRequest{
	SIOCGIFFLAGS:  {name: "SIOCGIFFLAGS", answer: []byte{0x49, 0}}, // IFF_UP|IFF_LOOPBACK|IFF_RUNNING
	SIOCGIFMETRIC: {name: "SIOCGIFMETRIC", answer: words(0)},
	SIOCGIFMTU:    {name: "SIOCGIFMTU", answer: words(65536)},
	SIOCGIFHWADDR: {name: "SIOCGIFHWADDR", answer: words(772, 0)}, // ARPHRD_LOOPBACK and six bytes
	SIOCGIFINDEX:  {name: "SIOCGIFINDEX", answer: words(loopbackIndex)},
	SIOCGIFTXQLEN: {name: "SIOCGIFTXQLEN", answer: words(1000)},
	SIOCGIFMAP:    {name: "SIOCGIFMAP", answer: make([]byte, 21)},
	SIOCGIFSLAVE:  {name: "SIOCGIFSLAVE", err: errno.EINVAL},
	0x894a:        {name: "SIOCWANDEV", err: errno.EOPNOTSUPP},
	0x8993:        {name: "SIOCBONDSLAVEINFOQUERY", err: errno.EOPNOTSUPP},
	0x8994:        {name: "SIOCBONDINFOQUERY", err: errno.EOPNOTSUPP},
	0x89b1:        {name: "SIOCGHWTSTAMP", err: errno.EOPNOTSUPP},

	// Their argument would be a pointer that the machine cannot follow; Linux
	// says the same of a null one.
	SIOCETHTOOL: {name: "SIOCETHTOOL", err: errno.EFAULT, looks: atMemory},

	0x8914: {name: "SIOCSIFFLAGS", err: errno.EPERM, looks: atMemory},
	0x891e: {name: "SIOCSIFMETRIC", err: errno.EPERM, looks: atMemory},
	0x8922: {name: "SIOCSIFMTU", err: errno.EPERM, looks: atMemory},
	0x8923: {name: "SIOCSIFNAME", err: errno.EPERM, looks: atMemory},
	0x8924: {name: "SIOCSIFHWADDR", err: errno.EPERM, looks: atMemory},
	0x8930: {name: "SIOCSIFSLAVE", err: errno.EPERM, looks: atMemory},
	0x8931: {name: "SIOCADDMULTI", err: errno.EPERM, looks: atMemory},
	0x8932: {name: "SIOCDELMULTI", err: errno.EPERM, looks: atMemory},
	0x8937: {name: "SIOCSIFHWBROADCAST", err: errno.EPERM, looks: atMemory},
	0x8940: {name: "SIOCGIFBR", err: errno.EOPNOTSUPP, looks: atMemory},
	0x8941: {name: "SIOCSIFBR", err: errno.EOPNOTSUPP, looks: atMemory},
	0x8943: {name: "SIOCSIFTXQLEN", err: errno.EPERM, looks: atMemory},
	0x8947: {name: "SIOCGMIIPHY", err: errno.EPERM, looks: atMemory},
	0x8948: {name: "SIOCGMIIREG", err: errno.EPERM, looks: atMemory},
	0x8949: {name: "SIOCSMIIREG", err: errno.EPERM, looks: atMemory},
	0x8971: {name: "SIOCSIFMAP", err: errno.EPERM, looks: atMemory},
	0x8990: {name: "SIOCBONDENSLAVE", err: errno.EPERM, looks: atMemory},
	0x8991: {name: "SIOCBONDRELEASE", err: errno.EPERM, looks: atMemory},
	0x8992: {name: "SIOCBONDSETHWADDR", err: errno.EPERM, looks: atMemory},
	0x8995: {name: "SIOCBONDCHANGEACTIVE", err: errno.EPERM, looks: atMemory},
	0x89b0: {name: "SIOCSHWTSTAMP", err: errno.EPERM, looks: atMemory},

	SIOCGIFVLAN: {name: "SIOCGIFVLAN", err: errno.ENOPKG, looks: atNothing},
	SIOCSIFVLAN: {name: "SIOCSIFVLAN", err: errno.ENOPKG, looks: atNothing},
	0x89a0:      {name: "SIOCBRADDBR", err: errno.EPERM, looks: atNothing},
	0x89a1:      {name: "SIOCBRDELBR", err: errno.EPERM, looks: atNothing},
	0x89a2:      {name: "SIOCBRADDIF", err: errno.EPERM, looks: atNothing},
	0x89a3:      {name: "SIOCBRDELIF", err: errno.EPERM, looks: atNothing},

	SIOCGIFNAME: {name: "SIOCGIFNAME"}, // these two have functions of their own
	SIOCGIFCONF: {name: "SIOCGIFCONF"},
}

// deviceIoctl is a request of a socket's kind that is not the socket's own.
// Linux net/socket.c sock_ioctl, net/core/dev_ioctl.c dev_ioctl.
func deviceIoctl(req uint32, arg memory) errno.Errno {
	row, known := deviceRequests[req]
	if row.looks == atNothing && known {
		return row.err
	}
	if req == SIOCGIFCONF {
		return listDevices(arg)
	}
	ifreq, err := arg.first(sizeofIfreq)
	switch {
	case err != 0:
		return err
	case req == SIOCGIFNAME:
		return nameDevice(ifreq)
	case req>>4 == SIOCDEVPRIVATE>>4: // 16 requests that each driver may define
		row, known = deviceRequest{err: errno.EOPNOTSUPP}, true
	}
	switch {
	case !known:
		return errno.ENOTTY
	case row.looks == atMemory:
		return row.err
	case !ofLoopback(ifreq):
		return errno.ENODEV
	case row.err == 0:
		ifreq[sizeofIfname-1] = 0
		copy(ifreq[sizeofIfname:], row.answer)
	}
	return row.err
}

// ofLoopback reports whether a struct ifreq names the loopback device. The
// last byte of the name is taken for 0; an alias (lo:1) is its device.
func ofLoopback(ifreq []byte) bool {
	name, _, _ := strings.Cut(string(ifreq[:sizeofIfname-1]), "\x00")
	name, _, _ = strings.Cut(name, ":")
	return name == loopback
}

// nameDevice is SIOCGIFNAME: the name of the device with a number.
func nameDevice(ifreq []byte) errno.Errno {
	if !deviceExists(word(ifreq[sizeofIfname:])) {
		return errno.ENODEV
	}
	copy(ifreq, loopback+"\x00")
	ifreq[sizeofIfname-1] = 0
	return 0
}

// listDevices is SIOCGIFCONF, struct ifconf {int ifc_len; char *ifc_buf}: the
// length of the list with a null pointer, and a list of nothing where there is
// no room for one device. Another pointer cannot be followed.
func listDevices(arg memory) errno.Errno {
	b, err := arg.first(sizeofIfconf)
	if err != 0 {
		return err
	}
	length := 0
	switch {
	case binary.LittleEndian.Uint64(b[8:]) == 0:
		length = sizeofIfreq
	case word(b) >= sizeofIfreq:
		return errno.EFAULT
	}
	return arg.putInt(length)
}
