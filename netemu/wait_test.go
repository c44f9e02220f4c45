package netemu_test

import (
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/netemu"
)

// waits are the calls that wait, on the a of a fresh pair, which fill has made
// so that they do.
var waits = []struct {
	name   string
	writes bool
	call   func(a unixConn) error
}{
	{"Read", false, func(a unixConn) error { _, err := a.Read(make([]byte, 1)); return err }},
	{"ReadFrom", false, func(a unixConn) error { _, _, err := a.ReadFrom(make([]byte, 1)); return err }},
	{"ReadFromUnix", false, func(a unixConn) error { _, _, err := a.ReadFromUnix(make([]byte, 1)); return err }},
	{"ReadMsgUnix", false, func(a unixConn) error {
		_, _, _, _, err := a.ReadMsgUnix(make([]byte, 1), make([]byte, 32))
		return err
	}},
	{"raw Read", false, func(a unixConn) error {
		raw, _ := a.SyscallConn()
		tries := 0
		return raw.Read(func(uintptr) bool { tries++; return tries > 1 })
	}},
	{"Write", true, func(a unixConn) error { _, err := a.Write([]byte("x")); return err }},
	{"WriteMsgUnix", true, func(a unixConn) error { _, _, err := a.WriteMsgUnix([]byte("x"), nil, nil); return err }},
	{"WriteBuffers", true, func(a unixConn) error {
		_, err := a.(*netemu.UnixConn).WriteBuffers(&net.Buffers{[]byte("x"), []byte("y")})
		return err
	}},
	{"raw Write", true, func(a unixConn) error {
		raw, _ := a.SyscallConn()
		tries := 0
		return raw.Write(func(uintptr) bool { tries++; return tries > 1 })
	}},
}

// fill writes until there is no more room, for which a Write waits so long.
func fill(c unixConn, wait time.Duration) {
	for late := 0; late < 3; { // on a busy machine a deadline may be over before the call begins
		c.SetWriteDeadline(time.Now().Add(wait))
		if _, err := c.Write(make([]byte, 4096)); err != nil {
			late++
		}
	}
	c.SetWriteDeadline(time.Time{})
}

// enders end the wait.
var enders = []struct {
	name string
	want error
	end  func(a, b unixConn, writes bool)
}{
	{"what it waits for", nil, func(a, b unixConn, writes bool) {
		if !writes {
			b.Write([]byte("x"))
			return
		}
		drain(b)
	}},
	{"a deadline that comes", os.ErrDeadlineExceeded, func(a, b unixConn, writes bool) {
		a.SetDeadline(time.Now().Add(time.Hour))
		time.Sleep(2 * time.Hour)
	}},
	{"a deadline in the past", os.ErrDeadlineExceeded, func(a, b unixConn, writes bool) { a.SetDeadline(time.Unix(1, 0)) }},
	{"Close", net.ErrClosed, func(a, b unixConn, writes bool) { a.Close() }},
}

// drain reads what there is.
func drain(c unixConn) {
	c.SetReadDeadline(time.Now().Add(time.Millisecond))
	for {
		if _, err := c.Read(make([]byte, 1<<16)); err != nil {
			return
		}
	}
}

// TestEveryWaitEnds: each call that waits is durably blocked and is ended by
// what it waits for, by a deadline and by Close; and so is one that waits for
// its turn behind it.
func TestEveryWaitEnds(t *testing.T) {
	for _, network := range []string{"unix", "unixgram", "unixpacket"} {
		for _, w := range waits {
			for _, e := range enders {
				for _, callers := range []int{1, 3} {
					if callers > 1 && e.want == nil && !w.writes {
						continue // there is one message for three
					}
					t.Run(network+"/"+w.name+"/"+e.name, func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) {
							a, b, err := worlds[0].pair(network)
							require.NoError(t, err)
							if w.writes {
								fill(a, time.Millisecond)
							}
							results := make(chan error, callers)
							for range callers {
								go func() { results <- w.call(a) }()
							}
							synctest.Wait()
							require.Empty(t, results, "calls that did not wait")
							e.end(a, b, w.writes)
							for range callers {
								if err := <-results; !errors.Is(err, e.want) {
									t.Errorf("%s = %v, want %v", w.name, err, e.want)
								}
							}
							a.Close()
							b.Close()
						})
					})
				}
			}
		}
	}
}

// TestReadersAreServedInOrder: of many that read each gets one message, the
// first to come the first.
func TestReadersAreServedInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, _ := netemu.New().Socketpair("unixpacket")
		var got []byte
		for i := range 20 {
			go func() {
				buf := make([]byte, 1)
				a.Read(buf)
				got = append(got, byte(i), buf[0])
			}()
			synctest.Wait()
		}
		var want []byte
		for i := range byte(20) {
			b.Write([]byte{i})
			synctest.Wait()
			want = append(want, i, i)
		}
		require.Equal(t, want, got)
	})
}

// TestNobodyOvertakesWhoWaits: one that comes to read while the side is on its
// way from one reader to the next comes after both.
func TestNobodyOvertakesWhoWaits(t *testing.T) {
	for range 2000 {
		synctest.Test(t, func(t *testing.T) {
			a, b, _ := netemu.New().Socketpair("unixpacket")
			read := func(reader byte) byte {
				buf := []byte{0}
				a.Read(buf)
				return buf[0] - reader
			}
			var first, second byte
			go func() { first = read('1') }()
			synctest.Wait()
			go func() { second = read('2') }()
			synctest.Wait()
			for i := range byte(3) {
				b.Write([]byte{'1' + i})
			}
			for range rand.IntN(3) {
				runtime.Gosched()
			}
			third := read('3')
			synctest.Wait()
			require.Equal(t, [3]byte{}, [3]byte{first, second, third})
		})
	}
}

// TestDeadlineMoves: the last deadline set is the one in force.
func TestDeadlineMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := netemu.Pipe()
		start := time.Now()
		a.SetReadDeadline(start.Add(time.Second))
		go func() {
			time.Sleep(500 * time.Millisecond)
			a.SetReadDeadline(start.Add(time.Minute))
			time.Sleep(time.Second)
			a.SetReadDeadline(time.Time{})
			time.Sleep(time.Hour)
			a.SetReadDeadline(time.Now().Add(time.Second))
		}()
		_, err := a.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, time.Hour+2500*time.Millisecond, time.Since(start))
		a.SetReadDeadline(time.Time{})
		b.Write([]byte("x"))
		n, err := a.Read(make([]byte, 1))
		require.Equal(t, 1, n)
		require.NoError(t, err)
	})
}

// TestReadAndWriteAllocateNothing: beside what the machine's own calls do.
func TestReadAndWriteAllocateNothing(t *testing.T) {
	n := netemu.New()
	a, b, _ := n.Socketpair("unix")
	p := n.Process()
	x, y, _ := p.Pair(1)
	buf := make([]byte, 1)
	own := testing.AllocsPerRun(200, func() { p.Write(x, buf); p.Read(y, buf) })
	require.Equal(t, own, testing.AllocsPerRun(200, func() { a.Write(buf); b.Read(buf) }), "Write and Read")
}

// TestMovingADeadlineAheadAllocatesNothing: the timer is set when it rings.
func TestMovingADeadlineAheadAllocatesNothing(t *testing.T) {
	a, _ := netemu.Pipe()
	later := time.Now().Add(time.Hour)
	move := func() { later = later.Add(time.Second); a.SetDeadline(later) }
	move()
	require.Zero(t, testing.AllocsPerRun(100, move))
}

// TestNothingIsLostUnderStress: readers, writers, deadlines that come and go
// and Close at any moment; every call returns, and what was read is what was
// written, in order.
func TestNothingIsLostUnderStress(t *testing.T) {
	a, b := netemu.Pipe()
	const total = 300_000
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() {
		for i := 0; i < total; {
			chunk := make([]byte, 1+i%777)
			for k := range chunk {
				chunk[k] = byte((i + k) % 251)
			}
			n, err := a.Write(chunk)
			i += n
			if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("Write = %v", err)
				return
			}
			if err != nil {
				runtime.Gosched() // where nobody is preempted, as in wasm
			}
		}
		a.CloseWrite()
	})
	for _, c := range []*netemu.UnixConn{a, b} {
		wg.Go(func() {
			for i := 1; ; i++ { // farther and farther, for a machine on which nothing is as fast as the first
				select {
				case <-stop:
					return
				default:
					c.SetDeadline(time.Now().Add(time.Duration(20+i/100) * time.Microsecond))
					runtime.Gosched()
				}
			}
		})
	}
	at := 0
	for {
		buf := make([]byte, 501)
		n, err := b.Read(buf)
		for k := range n {
			if buf[k] != byte((at+k)%251) {
				t.Fatalf("byte %d = %d, want %d", at+k, buf[k], (at+k)%251)
			}
		}
		at += n
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
		if err != nil {
			runtime.Gosched()
		}
	}
	close(stop)
	wg.Wait()
	require.GreaterOrEqual(t, at, total)
	require.NoError(t, a.Close())
	require.NoError(t, b.Close())
}
