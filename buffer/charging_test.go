package buffer

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// attempt is a non-blocking send of n bytes by a sender that is charged already: what it takes and what it is
// charged, with the rules of Linux about when another segment is let in.
func attempt(c Charging, typ string, n, bound, charged int) (taken, charge int) {
	if typ != "STREAM" {
		if charged >= bound {
			return 0, 0
		}
		return n, c.Message(n)
	}
	for taken < n && charged+charge < bound {
		chunk := c.Chunk(n-taken, bound)
		charge += c.Stream(chunk, bound)
		taken += chunk
	}
	return taken, charge
}

// fill sends n bytes again and again until nothing is taken.
func fill(c Charging, typ string, n, bound int) (sends, taken, charge int) {
	for charge < bound {
		t, cost := attempt(c, typ, n, bound, charge)
		taken += t
		charge += cost
		sends++
	}
	return sends, taken, charge
}

// measured calls f with the fields of each row of a file in testdata.
func measured(t *testing.T, file string, f func(typ string, row []int)) {
	text, err := os.ReadFile("testdata/" + file)
	equal(t, "os.ReadFile", err, nil)
	rows := 0
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		row := make([]int, len(fields)-1)
		for i, s := range fields[1:] {
			_, err := fmt.Sscan(s, &row[i])
			equal(t, line, err, nil)
		}
		f(fields[0], row)
		rows++
	}
	if rows < 100 {
		t.Errorf("rows of %s = %d, want at least 100", file, rows)
	}
}

func TestTruesizeChargesASendAsTheKernelDoes(t *testing.T) {
	measured(t, "truesize.txt", func(typ string, row []int) {
		bound, n := row[0], row[1]
		taken, charge := attempt(Truesize, typ, n, bound, 0)
		if got, want := []int{taken, charge}, row[2:]; got[0] != want[0] || got[1] != want[1] {
			t.Errorf("%s SO_SNDBUF %d: send(%d) = %v, want %v (bytes, charge)", typ, bound, n, got, want)
		}
	})
}

func TestTruesizeIsFullWhereTheKernelIs(t *testing.T) {
	measured(t, "fill.txt", func(typ string, row []int) {
		bound, n := row[0], row[1]
		sends, taken, charge := fill(Truesize, typ, n, bound)
		if got, want := [3]int{sends, taken, charge}, [3]int(row[2:]); got != want {
			t.Errorf("%s SO_SNDBUF %d: send(%d) until full = %v, want %v (sends, bytes, charge)", typ, bound, n, got, want)
		}
	})
}

// Each row is a place where the charge changes, with the kernel's reason for it.
func TestTruesizeFigures(t *testing.T) {
	for _, row := range []struct {
		n, stream, message int
	}{
		{0, 768, 768},
		{1, 768, 768},
		{192, 768, 768},
		{193, 1280, 1280}, // the linear part doubles
		{704, 1280, 1280},
		{705, 2304, 2304},
		{1728, 2304, 2304},
		{1729, 4352, 4352},
		{3776, 4352, 4352},
		{3777, 4864, 8448}, // a stream goes on in whole pages and has less in the linear part, a message doubles
		{4096, 4864, 8448},
		{7872, 8448, 8448}, // the second page is full and so is the linear part
		{7873, 8960, 16640},
		{16064, 16640, 16640},
		{16065, 17152, 20736}, // a message takes pages too
		{28992, 29952, 33024}, // the rest of a stream send of 65536
		{36544, 37120, 37120}, // the largest stream segment
	} {
		equal(t, call("Truesize.Stream", row.n), Truesize.Stream(row.n, 212992), row.stream)
		equal(t, call("Truesize.Message", row.n), Truesize.Message(row.n), row.message)
	}
	for n, want := range map[int]int{65536: 69888, 200000: 200960, Truesize.Largest: 4264192, MaxLen: MaxLen} {
		equal(t, call("Truesize.Message", n), Truesize.Message(n), want)
	}
	equal(t, "Truesize.Largest", Truesize.Largest, 4263616)
}

func TestSendIsCutAndStopsWhereTheBufferIsFull(t *testing.T) {
	for _, row := range []struct {
		n, bound, taken, charge int
	}{
		{65536, 212992, 65536, 37120 + 29952},
		{400000, 212992, 219264, 6 * 37120},
		{100000, 4608, 2 * 2240, 2 * 4352},
	} {
		taken, charge := attempt(Truesize, "STREAM", row.n, row.bound, 0)
		expr := fmt.Sprintf("send(%d) with SO_SNDBUF %d", row.n, row.bound)
		equal(t, expr, []int{taken, charge}, []int{row.taken, row.charge})
	}
	for _, row := range []struct {
		n, stream, message int
	}{
		{1, 278, 278},
		{1000, 93, 93},
		{4096, 44, 26},
	} {
		stream, _, _ := fill(Truesize, "STREAM", row.n, 212992)
		message, _, _ := fill(Truesize, "DGRAM", row.n, 212992)
		equal(t, call("sends until full of", row.n), []int{stream, message}, []int{row.stream, row.message})
	}
}

func TestChunksMakeProgressAndAddUp(t *testing.T) {
	for _, c := range []Charging{Plain, Truesize} {
		for _, bound := range []int{0, 1, 129, 4608, 212992, MaxLen} {
			for _, n := range []int{1, 2, 2240, 2241, 36544, 36545, 100000} {
				left := n
				for left > 0 {
					chunk := c.Chunk(left, bound)
					if chunk < 1 || chunk > left {
						t.Fatalf("%s.Chunk(%d, %d) = %d, want 1 to %d", c.Name, left, bound, chunk, left)
					}
					left -= chunk
				}
			}
			equal(t, call(c.Name+".Chunk", 0, bound), c.Chunk(0, bound), 0)
		}
	}
}

func TestChargeGrowsWithTheLengthAndIsNeverLess(t *testing.T) {
	for _, c := range []Charging{Plain, Truesize} {
		stream, message := 0, 1 // an empty message is not free: a queue of them is bounded too
		for n := range 100_000 {
			s, m := c.Stream(min(n, 36544), 212992), c.Message(n)
			if s < max(stream, min(n, 36544)) || m < max(message, n) {
				t.Fatalf("%s: charges of %d bytes = %d, %d, want at least %d, %d", c.Name, n, s, m, stream, message)
			}
			stream, message = s, m
		}
	}
}

func TestPlainChargesAByteForAByte(t *testing.T) {
	for _, n := range []int{1, 64, 212992, MaxLen} {
		equal(t, call("Plain.Stream", n), Plain.Stream(n, 212992), n)
		equal(t, call("Plain.Message", n), Plain.Message(n), n)
	}
	equal(t, "Plain.Message(0)", Plain.Message(0), 1)
	equal(t, "Plain.Chunk(300000, 212992)", Plain.Chunk(300000, 212992), 212992)
	equal(t, "Plain.Largest", Plain.Largest, 0)
}

func TestOnlyPlainBytesMerge(t *testing.T) {
	equal(t, "Plain.Merge", Plain.Merge, true)
	equal(t, "Truesize.Merge", Truesize.Merge, false)
}
