package history

import (
	"math/rand"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
)

// The bytes that one of several writers sends carry its number and a count.
const (
	counts      = 64
	pieceLength = onePiece // what the kernel queues of a long write at once
)

// A blocking write that is longer than one piece is queued piece by piece:
// each writer's bytes come in order, all and once, and another writer's come
// between them only where a piece ends.
// Linux net/unix/af_unix.c unix_stream_sendmsg.
func TestPiecesOfAWriteAreWhole(t *testing.T) {
	r := random(t)
	for range 100 {
		writes := make([][]int, 3) // lengths, by writer
		total := 0
		for w := range writes {
			for range 1 + r.Intn(3) {
				n := 1 + r.Intn(5*pieceLength)
				writes[w] = append(writes[w], n)
				total += n
			}
		}
		var got []byte
		synctest.Test(t, func(t *testing.T) { got = writeTogether(t, writes, total, rand.New(rand.NewSource(r.Int63()))) })
		checkPieces(t, writes, got)
	}
}

// writeTogether returns what one reader receives from writers that write at once.
func writeTogether(t *testing.T, writes [][]int, total int, r *rand.Rand) []byte {
	sys, err := emu.New(emu.Config{})
	require.NoError(t, err)
	p := sys.NewProcess()
	a, b, err := p.Pair(emu.SOCK_STREAM)
	require.NoError(t, err)
	require.NoError(t, p.SetsockoptInt(a, emu.SOL_SOCKET, emu.SO_SNDBUF, SndBuf/2))
	for w := range writes {
		task := p.Thread()
		go func() {
			count := 0
			for _, n := range writes[w] {
				data := make([]byte, n)
				for i := range data {
					data[i] = byte(w*counts + count%counts)
					count++
				}
				if k, err := task.Write(a, data); k != n || err != nil {
					t.Errorf("write of %d bytes = %d, %v", n, k, err)
				}
			}
		}()
	}
	var got []byte
	for len(got) < total {
		buf := make([]byte, 1+r.Intn(2*pieceLength))
		n, err := p.Read(b, buf)
		require.NoError(t, err)
		require.Positive(t, n)
		got = append(got, buf[:n]...)
	}
	synctest.Wait()
	_, err = p.Recv(b, make([]byte, 1), emu.MSG_DONTWAIT)
	require.Error(t, err, "bytes beyond those that were sent")
	p.Exit(0)
	require.NoError(t, sys.Check())
	require.Zero(t, sys.Files())
	return got
}

// checkPieces takes the stream apart by writer.
func checkPieces(t *testing.T, writes [][]int, got []byte) {
	count := make([]int, len(writes)) // bytes seen, by writer
	last := -1
	for i, b := range got {
		w := int(b) / counts
		switch {
		case w >= len(writes) || int(b)%counts != count[w]%counts:
			t.Fatalf("byte %d is %d, which is not the next of a writer; they are at %v", i, b, count)
		case last >= 0 && w != last && !pieceEnds(writes[last], count[last]):
			t.Fatalf("byte %d is of writer %d, amid a piece of writer %d after %d bytes of its writes %v", i, w, last, count[last], writes[last])
		}
		count[w]++
		last = w
	}
}

// pieceEnds reports whether a piece ends after n bytes of writes of these lengths.
func pieceEnds(writes []int, n int) bool {
	for _, length := range writes {
		if n <= length {
			return n == length || n%pieceLength == 0
		}
		n -= length
	}
	return false
}
