package buffer

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// segment is a queued segment as one would write it without a ring: the bytes are a slice of their own.
type segment struct {
	unread []byte
	length int
	charge int
	flags  Flags
	value  any
}

// A machine does every operation on a Queue and on a slice of segments, and fails its test when they differ. The
// operations are those that an owner may ask for: pick chooses among n possibilities, for a rapid test or for a fuzzer.
type machine struct {
	t    tester
	pick func(n int) int

	q     Queue
	model []segment
	next  byte   // what the next pushed byte will be, so that every byte has its place
	names int    // values handed out
	seen  []byte // what check read last
}

// operations are chosen by index; their order is that of the Queue's methods. A fuzzer's inputs depend on it: add at
// the end.
var operations = []struct {
	name string
	do   func(*machine)
}{
	{"Push", (*machine).push},
	{"Extend", (*machine).extend},
	{"Read", (*machine).read},
	{"Discard", (*machine).discard},
	{"Copy", (*machine).copy},
	{"Pop", (*machine).pop},
	{"Remove", (*machine).remove},
	{"SetValue", (*machine).setValue},
	{"SetFlags", (*machine).setFlags},
	{"SetCharge", (*machine).setCharge},
	{"PopAll", (*machine).popAll},
	{"PushBytes", (*machine).pushBytes},
	{"ExtendBytes", (*machine).extendBytes},
	{"TakeHead", (*machine).takeHead},
	{"TakeWhole", (*machine).takeWhole},
	{"TakePart", (*machine).takePart},
	{"TakeExact", (*machine).takeExact},
}

// length picks how many bytes to push: mostly few, now and then more than a small ring holds.
func (m *machine) length() int {
	switch m.pick(8) {
	case 0:
		return 0
	case 1:
		return m.pick(3 * keepRing)
	default:
		return m.pick(200)
	}
}

// bytes returns n new bytes, and a cursor over a copy of them that is cut into slices.
func (m *machine) bytes(n int) ([]byte, Vec) {
	b := make([]byte, n)
	for i := range b {
		b[i] = m.next
		m.next++
	}
	return b, m.cut(slices.Clone(b))
}

// cut lays a cursor over b, as one slice or as three.
func (m *machine) cut(b []byte) Vec {
	if m.pick(2) == 0 {
		return One(b)
	}
	i := m.pick(len(b) + 1)
	return Many([][]byte{b[:i], nil, b[i:]})
}

// value picks nil or a new value.
func (m *machine) value() any {
	if m.pick(3) != 0 {
		return nil
	}
	m.names++
	return m.names
}

// index picks a queued segment, mostly the head.
func (m *machine) index() int {
	if m.pick(2) == 0 {
		return 0
	}
	return m.pick(len(m.model))
}

func (m *machine) push() {
	want, src := m.bytes(m.length())
	s := segment{unread: want, length: len(want), charge: m.pick(5000), flags: Flags(m.pick(256)), value: m.value()}
	m.q.Push(&src, s.length, s.charge, s.flags, s.value)
	m.model = append(m.model, s)
	equal(m.t, "src.Len() after Push", src.Len(), 0)
}

func (m *machine) extend() {
	if len(m.model) == 0 {
		return
	}
	more, src := m.bytes(m.length())
	charge, flags := m.pick(5000), Flags(m.pick(256))
	m.q.Extend(&src, len(more), charge, flags)
	s := &m.model[len(m.model)-1]
	s.unread = append(slices.Clone(s.unread), more...)
	s.length += len(more)
	s.charge += charge
	s.flags |= flags
}

func (m *machine) read() {
	if len(m.model) == 0 {
		return
	}
	i := m.index()
	s := &m.model[i]
	n := m.pick(len(s.unread) + 1)
	got := make([]byte, n)
	dst := m.cut(got)
	m.q.Read(i, n, &dst)
	equal(m.t, call("q.Read", i, n), got, slices.Clone(s.unread[:n]))
	s.unread = s.unread[n:]
}

func (m *machine) discard() {
	if len(m.model) == 0 {
		return
	}
	i := m.index()
	s := &m.model[i]
	n := m.pick(len(s.unread) + 1)
	m.q.Discard(i, n)
	s.unread = s.unread[n:]
}

func (m *machine) copy() {
	if len(m.model) == 0 {
		return
	}
	i := m.index()
	s := &m.model[i]
	off := m.pick(len(s.unread) + 1)
	n := m.pick(len(s.unread) - off + 1)
	got := make([]byte, n)
	dst := m.cut(got)
	m.q.Copy(i, off, n, &dst)
	equal(m.t, call("q.Copy", i, off, n), got, slices.Clone(s.unread[off:off+n]))
}

func (m *machine) pop() {
	if len(m.model) == 0 {
		return
	}
	charge, value := m.q.Pop()
	equal(m.t, "q.Pop()", []any{charge, value}, []any{m.model[0].charge, m.model[0].value})
	m.model = m.model[1:]
}

func (m *machine) remove() {
	if len(m.model) == 0 {
		return
	}
	i := m.index()
	charge, value := m.q.Remove(i)
	equal(m.t, call("q.Remove", i), []any{charge, value}, []any{m.model[i].charge, m.model[i].value})
	m.model = slices.Delete(slices.Clone(m.model), i, i+1)
}

func (m *machine) setValue() {
	if len(m.model) == 0 {
		return
	}
	i, v := m.index(), m.value()
	m.q.SetValue(i, v)
	m.model[i].value = v
}

func (m *machine) setFlags() {
	if len(m.model) == 0 {
		return
	}
	i, f := m.index(), Flags(m.pick(256))
	m.q.SetFlags(i, f)
	m.model[i].flags = f
}

func (m *machine) setCharge() {
	if len(m.model) == 0 {
		return
	}
	i, charge := m.index(), m.pick(5000)
	m.q.SetCharge(i, charge)
	m.model[i].charge = charge
}

func (m *machine) popAll() {
	for len(m.model) > 0 {
		m.pop()
	}
}

// The short way (lone.go) does what the long one does, or nothing.

func (m *machine) pushBytes() {
	want, _ := m.bytes(m.length())
	s := segment{unread: want, length: len(want), charge: m.pick(5000), flags: Flags(m.pick(256))}
	m.q.PushBytes(slices.Clone(want), s.charge, s.flags)
	m.model = append(m.model, s)
}

func (m *machine) extendBytes() {
	if len(m.model) == 0 {
		return
	}
	more, _ := m.bytes(m.length())
	charge := m.pick(5000)
	m.q.ExtendBytes(slices.Clone(more), charge)
	s := &m.model[len(m.model)-1]
	s.unread = append(slices.Clone(s.unread), more...)
	s.length += len(more)
	s.charge += charge
}

// room picks memory for a read: as much as the head has, less, or more.
func (m *machine) room() []byte {
	left := 0
	if len(m.model) > 0 {
		left = len(m.model[0].unread)
	}
	return make([]byte, max(0, left+m.pick(3)*(1+m.pick(40))-20*m.pick(2)))
}

// takes compares a take with what the head has, and pops that if it should.
func (m *machine) takes(name string, b []byte, n, charge int, ok, want bool) {
	equal(m.t, name+": ok", ok, want)
	if !ok {
		return
	}
	head := m.model[0]
	equal(m.t, name, []any{n, charge}, []any{min(len(b), len(head.unread)), head.charge})
	equal(m.t, name+": bytes", b[:n], head.unread[:n])
	m.model = m.model[1:]
}

func (m *machine) takeHead() {
	b := m.room()
	n, charge, ok := m.q.TakeHead(b)
	m.takes("q.TakeHead", b, n, charge, ok, len(m.model) > 0 && m.model[0].value == nil)
}

func (m *machine) takeWhole() {
	b := m.room()
	n, charge, ok := m.q.TakeWhole(b)
	want := false
	if len(m.model) > 0 && m.model[0].value == nil {
		left := len(m.model[0].unread)
		want = 0 < left && left <= len(b) && (left == len(b) || len(m.model) == 1)
	}
	m.takes("q.TakeWhole", b, n, charge, ok, want)
}

func (m *machine) takeExact() {
	b := m.room()
	n, charge, ok := m.q.TakeExact(b)
	want := len(m.model) > 0 && m.model[0].value == nil && len(m.model[0].unread) == len(b) && (len(m.model) == 1 || len(m.model[1].unread) > 0)
	m.takes("q.TakeExact", b, n, charge, ok, want)
}

func (m *machine) takePart() {
	b := m.room()
	ok := m.q.TakePart(b)
	equal(m.t, "q.TakePart: ok", ok, len(m.model) > 0 && m.model[0].value == nil && len(m.model[0].unread) > len(b))
	if ok {
		s := &m.model[0]
		equal(m.t, "q.TakePart: bytes", b, slices.Clone(s.unread[:len(b)]))
		s.unread = s.unread[len(b):]
	}
}

// check compares all that the Queue tells with the model, and the invariants. It runs after every operation, so it
// spells an expression only when there is something to tell.
func (m *machine) check() {
	unread, charge := 0, 0
	for i, s := range m.model {
		want := Segment{Len: s.length, Left: len(s.unread), Charge: s.charge, Flags: s.flags, HasValue: s.value != nil}
		if got := m.q.At(i); got != want {
			m.t.Fatalf("q.At(%d) = %+v, want %+v", i, got, want)
		}
		if got := m.q.Value(i); got != s.value {
			m.t.Fatalf("q.Value(%d) = %v, want %v", i, got, s.value)
		}
		m.seen = slices.Grow(m.seen[:0], len(s.unread))[:len(s.unread)]
		dst := One(m.seen)
		m.q.Copy(i, 0, len(s.unread), &dst)
		if !bytes.Equal(m.seen, s.unread) {
			m.t.Fatalf("unread bytes of segment %d = %x, want %x", i, m.seen, s.unread)
		}
		unread += len(s.unread)
		charge += s.charge
	}
	equal(m.t, "q.Segments()", m.q.Segments(), len(m.model))
	equal(m.t, "q.Len()", m.q.Len(), unread)
	equal(m.t, "q.Charge()", m.q.Charge(), charge)
	equal(m.t, "q.Check()", m.q.Check(), nil)
}

// wrapSoon makes the positions of the queue, which must be empty, wrap around their type after n more bytes and those
// of the headers after as many segments, as they do after 4 GiB of a stream that is never quite drained.
func (m *machine) wrapSoon(n int) {
	src := One(make([]byte, keepRing))
	m.q.Push(&src, keepRing, 0, 0, nil)
	for range keepSegs - 1 {
		m.q.Push(nil, 0, 0, 0, nil)
	}
	for m.q.Segments() > 0 {
		m.q.Pop()
	}
	m.q.head, m.q.tail, m.q.first = -uint32(n), -uint32(n), -uint32(n)
}

func TestQueueIsASliceOfSegments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &machine{t: t, pick: func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "pick") }}
		m.wrapSoon(rapid.IntRange(0, 300).Draw(t, "bytes before the wrap"))
		actions := map[string]func(*rapid.T){"": func(*rapid.T) { m.check() }}
		for _, op := range operations {
			actions[op.name] = func(*rapid.T) { op.do(m) }
		}
		t.Repeat(actions)
	})
}
