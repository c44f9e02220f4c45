package emu

import "sockpair/errno"

// FamilyTable says what each address family answers to a type and protocol. A
// family that is not in it is not supported.
type FamilyTable map[int]Family

// Family is one address family.
type Family struct {
	Name string
	// Types and Protocols are those of a family that makes socket pairs,
	// protocol 0 being the default of each type; both nil for another.
	Types     TypeSet
	Protocols []int
	// Refusals are what a family that makes no pairs says to a type and a
	// protocol, first match first; EOPNOTSUPP where none matches.
	Refusals []Refusal
}

// Refusal is a row of a family's table: what it says to these types and protocols.
type Refusal struct {
	Types     TypeSet // empty: all
	Protocols []int   // nil: all
	Except    bool    // all but these types and protocols
	Ordinary  bool    // only to a user other than 0
	Err       errno.Errno
}

func (f *Family) makesPairs() bool { return f.Types != 0 }

// protocolErrno is what the family says to the protocol [ER-06, SP-05], or a
// family without pairs to type and protocol together.
func (f *Family) protocolErrno(uid, typ, protocol int) errno.Errno {
	if f.makesPairs() {
		if contains(f.Protocols, protocol) {
			return 0
		}
		return errno.EPROTONOSUPPORT
	}
	for _, r := range f.Refusals {
		if r.applies(uid, typ, protocol) {
			return r.Err
		}
	}
	return 0
}

func (r Refusal) applies(uid, typ, protocol int) bool {
	if r.Ordinary && uid == 0 {
		return false
	}
	match := (r.Types == 0 || r.Types.Has(typ)) && (r.Protocols == nil || contains(r.Protocols, protocol))
	return match != r.Except
}

func contains(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}

// The protocols of the families that make no pairs, as far as they matter.
const (
	ipprotoICMP  = 1
	ipprotoTCP   = 6
	ipprotoUDP   = 17
	ipprotoMPTCP = 262
	ipprotoMax   = 263
)

// posixFamilies: AF_UNIX makes pairs [SP-04]; AF_INET and AF_INET6 are there
// and do not permit them [ER-05].
func posixFamilies() FamilyTable {
	internet := Family{Refusals: []Refusal{
		{Types: Types(SOCK_STREAM, SOCK_DGRAM, SOCK_RAW), Except: true, Err: errno.EPROTOTYPE},
		{Types: Types(SOCK_STREAM), Protocols: []int{ipprotoUDP}, Err: errno.EPROTOTYPE},
		{Types: Types(SOCK_DGRAM), Protocols: []int{ipprotoTCP}, Err: errno.EPROTOTYPE},
		{Types: Types(SOCK_STREAM, SOCK_DGRAM), Protocols: []int{0, ipprotoTCP, ipprotoUDP}, Err: errno.EOPNOTSUPP},
		{Types: Types(SOCK_STREAM, SOCK_DGRAM), Err: errno.EPROTONOSUPPORT},
	}}
	return FamilyTable{
		AF_UNIX:  {Name: "AF_UNIX", Types: Types(SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET), Protocols: []int{0}},
		AF_INET:  internet,
		AF_INET6: internet,
	}
}

// linuxFamilies are the families of the kernel that was measured, with every
// answer of its socketpair to types 0 to 10 [DG-05].
func linuxFamilies() FamilyTable {
	return FamilyTable{
		AF_UNIX: {Name: "AF_UNIX", Types: Types(SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW), Protocols: []int{0, AF_UNIX}},
		AF_INET: {Name: "AF_INET", Refusals: append([]Refusal{
			{Types: Types(SOCK_PACKET), Ordinary: true, Err: errno.EPERM}, // it means AF_PACKET
			{Types: Types(SOCK_PACKET), Err: errno.EOPNOTSUPP},
			{Types: Types(SOCK_DGRAM), Protocols: []int{ipprotoICMP}, Err: errno.EACCES}, // ping_group_range
		}, internetRefusals()...)},
		AF_INET6: {Name: "AF_INET6", Refusals: internetRefusals()},
		AF_NETLINK: {Name: "AF_NETLINK", Refusals: []Refusal{
			{Types: Types(SOCK_DGRAM, SOCK_RAW), Except: true, Err: errno.ESOCKTNOSUPPORT},
			{Protocols: []int{0, 2, 6}, Except: true, Err: errno.EPROTONOSUPPORT},
		}},
		AF_PACKET: {Name: "AF_PACKET", Refusals: []Refusal{
			{Ordinary: true, Err: errno.EPERM},
			{Types: Types(SOCK_DGRAM, SOCK_RAW, SOCK_PACKET), Except: true, Err: errno.ESOCKTNOSUPPORT},
		}},
		AF_VSOCK: {Name: "AF_VSOCK", Refusals: []Refusal{
			{Protocols: []int{0}, Except: true, Err: errno.EPROTONOSUPPORT},
			{Types: Types(SOCK_DGRAM), Err: errno.ENODEV},
			{Types: Types(SOCK_STREAM, SOCK_SEQPACKET), Except: true, Err: errno.ESOCKTNOSUPPORT},
		}},
		AF_XDP: {Name: "AF_XDP", Refusals: []Refusal{
			{Ordinary: true, Err: errno.EPERM},
			{Types: Types(SOCK_RAW), Except: true, Err: errno.ESOCKTNOSUPPORT},
			{Protocols: []int{0}, Except: true, Err: errno.EPROTONOSUPPORT},
		}},
	}
}

// internetRefusals are what AF_INET and AF_INET6 say alike (Linux net/ipv4/af_inet.c inet_create).
func internetRefusals() []Refusal {
	return []Refusal{
		{Protocols: protocolRange(), Except: true, Err: errno.EINVAL},
		{Types: Types(SOCK_STREAM, SOCK_DGRAM, SOCK_RAW), Except: true, Err: errno.ESOCKTNOSUPPORT},
		{Types: Types(SOCK_RAW), Protocols: []int{0}, Err: errno.EPROTONOSUPPORT},
		{Types: Types(SOCK_RAW), Ordinary: true, Err: errno.EPERM},
		{Types: Types(SOCK_RAW), Err: errno.EOPNOTSUPP},
		{Types: Types(SOCK_STREAM), Protocols: []int{0, ipprotoTCP, ipprotoMPTCP}, Err: errno.EOPNOTSUPP},
		{Types: Types(SOCK_DGRAM), Protocols: []int{0, ipprotoUDP}, Err: errno.EOPNOTSUPP},
		{Err: errno.EPROTONOSUPPORT},
	}
}

// protocolRange is every number that may be a protocol of the internet.
func protocolRange() []int {
	all := make([]int, ipprotoMax)
	for i := range all {
		all[i] = i
	}
	return all
}
