package errno

import (
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// On x86-64 the host's numbers are ours, and its texts are those of strerror
// with a small first letter. EHWPOISON has neither name nor text there.
func TestTableIsThatOfTheHost(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("another architecture may have other numbers")
	}
	for n := range len(table) + 1 {
		e, host := Errno(n), syscall.Errno(n)
		if got, want := e.Is(host), e.Name() != ""; got != want {
			t.Errorf("%v.Is(syscall.Errno(%d)) = %t, want %t", e, n, got, want)
		}
		if got, want := e.Error(), host.Error(); !strings.EqualFold(got, want) && e != 0 && e != EHWPOISON {
			t.Errorf("%v.Error() = %q, want %q", e, got, want)
		}
	}
}
