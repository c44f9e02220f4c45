package emu

import (
	"testing"
	"unsafe"
)

// A pair is one object of at most 568 bytes, so that with the allocator's own
// 8 it has the class of 576: what few sockets have stands apart (seldom, besides, kin).
func TestAPairIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(link{}); unsafe.Sizeof(uintptr(0)) == 8 && size > 568 {
		t.Errorf("a pair takes %d bytes (an end %d, of them a description %d), want 568 at most", size, unsafe.Sizeof(end{}), unsafe.Sizeof(file{}))
	}
}
