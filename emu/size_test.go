package emu

import (
	"testing"
	"unsafe"
)

// A pair is one object of at most 576 bytes, which is a size that Go's
// allocator has: what few sockets have stands apart (seldom, besides, kin).
func TestAPairIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(link{}); unsafe.Sizeof(uintptr(0)) == 8 && size > 576 {
		t.Errorf("a pair takes %d bytes (an end %d, of them a description %d), want 576 at most", size, unsafe.Sizeof(end{}), unsafe.Sizeof(file{}))
	}
}
