package netemu_test

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/netemu"
)

// TestAReaderIsAsleepOnce: of many that read one connection the machine counts
// the one whose turn it is, however often it has been roused for nothing.
func TestAReaderIsAsleepOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := netemu.New()
		sys := n.Process().System()
		a, b, _ := n.Socketpair("unix")
		results := make(chan error, 3)
		for range cap(results) {
			go func() { _, err := a.Read(make([]byte, 1)); results <- err }()
		}
		for range 3 {
			synctest.Wait()
			require.Equal(t, 1, sys.Blocked())
			require.NoError(t, sys.Check())
			b.Write([]byte("x"))
			require.NoError(t, <-results)
			a.SetReadDeadline(time.Now().Add(time.Hour))
		}
		synctest.Wait()
		require.Zero(t, sys.Blocked())
		go func() { _, err := a.Read(make([]byte, 1)); results <- err }()
		synctest.Wait()
		require.Equal(t, 1, sys.Blocked())
		time.Sleep(2 * time.Hour)
		require.ErrorIs(t, <-results, os.ErrDeadlineExceeded)
		require.Zero(t, sys.Blocked())
		require.NoError(t, a.Close())
		require.NoError(t, b.Close())
		require.NoError(t, sys.Check())
	})
}

// TestAWaitAllocatesNothing: but for the first time.
func TestAWaitAllocatesNothing(t *testing.T) {
	a, b := netemu.Pipe()
	go func() {
		buf := make([]byte, 1)
		for {
			if _, err := b.Read(buf); err != nil {
				return
			}
			b.Write(buf)
		}
	}()
	buf := make([]byte, 1)
	require.Zero(t, testing.AllocsPerRun(1000, func() { a.Write(buf); a.Read(buf) }))
	require.NoError(t, a.Close())
}

// TestReadersInTumult: many that read one connection, of numbered messages,
// while deadlines come and go and duplicates are closed. Each message arrives
// once, and Close of either end lets everybody go.
func TestReadersInTumult(t *testing.T) {
	for _, closer := range []string{"the readers' end", "the writer's end"} {
		t.Run(closer, func(t *testing.T) {
			n := netemu.New()
			a, b, err := n.Socketpair("unixpacket")
			require.NoError(t, err)
			got := make([]atomic.Int32, 10000)
			var arrived atomic.Int64
			var readers, others sync.WaitGroup
			for range 4 {
				readers.Go(func() { readNumbers(a, got, &arrived) })
			}
			var over atomic.Bool
			for range 3 {
				others.Go(func() {
					for !over.Load() {
						disturb(a, n)
					}
				})
			}
			for i := range got {
				_, err := b.Write(binary.LittleEndian.AppendUint32(nil, uint32(i)))
				require.NoError(t, err)
				if rand.IntN(3) == 0 {
					runtime.Gosched() // let them fall asleep
				}
			}
			for int(arrived.Load()) < len(got) {
				runtime.Gosched()
			}
			map[string]net.Conn{"the readers' end": a, "the writer's end": b}[closer].Close()
			readers.Wait()
			over.Store(true)
			others.Wait()
			for i := range got {
				require.EqualValues(t, 1, got[i].Load(), "message %d", i)
			}
			a.Close()
			b.Close()
			require.Zero(t, n.Process().System().Blocked())
			require.NoError(t, n.Process().System().Check())
		})
	}
}

// readNumbers counts the messages that it gets, until the end.
func readNumbers(c net.Conn, got []atomic.Int32, arrived *atomic.Int64) {
	buf := make([]byte, 4)
	for {
		n, err := c.Read(buf)
		switch {
		case err == nil && n == len(buf):
			got[binary.LittleEndian.Uint32(buf)].Add(1)
			arrived.Add(1)
		case !errors.Is(err, os.ErrDeadlineExceeded):
			return
		default:
			runtime.Gosched()
		}
	}
}

// disturb does one of the things that rouse readers.
func disturb(c *netemu.UnixConn, n *netemu.Net) {
	switch rand.IntN(5) {
	case 0:
		c.SetReadDeadline(time.Now().Add(-time.Second))
	case 1:
		c.SetReadDeadline(time.Now().Add(time.Duration(rand.IntN(20)) * time.Microsecond))
	case 2, 3:
		c.SetReadDeadline(time.Time{})
	case 4:
		if f, err := c.File(); err == nil {
			f.Close()
		}
		n.Process().System().Blocked()
	}
	runtime.Gosched()
}
