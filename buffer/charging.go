package buffer

// Charging says what a queued message costs its sender and how a stream send is cut into segments. It is data: the
// personalities of the emulated machine differ by which of these values they name.
//
// bound is SO_SNDBUF as getsockopt shows it. The functions are pure; lengths are 0 to MaxLen.
type Charging struct {
	Name string
	// Chunk says how many of the left bytes of a STREAM send go into the next segment: at least 1 when left is.
	Chunk func(left, bound int) int
	// Stream is the charge of a STREAM segment of n bytes, n as Chunk cut it.
	Stream func(n, bound int) int
	// Pages is the charge of a STREAM segment whose n bytes are pages of a pipe, moved there without being copied; nil: as
	// Stream. Such a segment is cut by its pages.
	Pages func(n int) int
	// Parts are the sizes of the parts that the n bytes of a STREAM segment lie in, of which each makes a buffer of a pipe.
	Parts func(n int) []int
	// Message is the charge of a DGRAM or SEQPACKET message of n bytes.
	Message func(n int) int
	// Largest is the longest message that there is memory for, however large SO_SNDBUF is: a longer one fails with
	// ENOBUFS. 0 is no limit.
	Largest int
	// Merge: stream segments are plain bytes, which Extend may append to the segment before, whose charge is released
	// byte by byte as they are read. Without it a charge is released when its segment is popped.
	Merge bool
}

// Plain charges a byte for a byte, which is what a reader of POSIX expects of "the buffer is full". An empty message
// costs 1, so that a queue of empty messages is bounded too.
var Plain = Charging{
	Name:    "plain",
	Chunk:   func(left, bound int) int { return min(left, max(bound, 1)) },
	Stream:  func(n, _ int) int { return n },
	Parts:   plainParts,
	Message: func(n int) int { return max(n, 1) },
	Merge:   true,
}

// Truesize charges what Linux 6.18 charges on x86-64 with pages of 4 KiB: the memory of the sk_buff that carries the
// bytes, exactly. All figures are measured; testdata holds them. Sources: net/unix/af_unix.c unix_stream_sendmsg and
// unix_dgram_sendmsg (how bytes are cut into a linear part and pages), net/core/skbuff.c (what each costs).
var Truesize = Charging{
	Name:    "truesize",
	Chunk:   truesizeChunk,
	Stream:  truesizeStream,
	Pages:   func(n int) int { return skbOverhead + smallestHead + n },
	Parts:   truesizeParts,
	Message: truesizeMessage,
	Largest: messagePaged + kmallocMax - sharedInfo,
}

const (
	pageSize     = 4096
	kmallocMax   = 1024 * pageSize // the largest linear part with its skb_shared_info: 4 MiB
	skbOverhead  = 256             // struct sk_buff, rounded up to cache lines
	sharedInfo   = 320             // struct skb_shared_info, which follows the bytes of the linear part
	smallestHead = 512             // the smallest object that a linear part is taken from

	streamHead   = pageSize - sharedInfo   // of a STREAM segment this much is linear, 3776 bytes,
	streamPaged  = 8 * pageSize            // and this much more in pages
	messageHead  = 4*pageSize - sharedInfo // of a message this much is linear, 16064 bytes,
	messagePaged = 17 * pageSize           // this much more in pages, and what exceeds both is linear again
)

func truesizeChunk(left, bound int) int {
	return min(left, max(bound/2-64, 1), streamHead+streamPaged)
}

func truesizeStream(n, _ int) int {
	paged := min(n, alignUp(max(0, n-streamHead), pageSize))
	return truesize(n-paged, paged)
}

// plainParts are pages.
func plainParts(n int) (parts []int) {
	for ; n > 0; n -= pageSize {
		parts = append(parts, min(n, pageSize))
	}
	return parts
}

// truesizeParts are the linear part and blocks of pages, each of a power of two, the largest first.
// Linux net/core/skbuff.c alloc_skb_with_frags.
func truesizeParts(n int) (parts []int) {
	paged := min(n, alignUp(max(0, n-streamHead), pageSize))
	if n > paged {
		parts = append(parts, n-paged)
	}
	for paged > 0 {
		block := streamPaged
		for block > alignUp(paged, pageSize) {
			block /= 2
		}
		parts = append(parts, min(block, paged))
		paged -= block
	}
	return parts
}

func truesizeMessage(n int) int {
	paged := 0
	if n > messageHead {
		paged = alignUp(min(n-messageHead, messagePaged), pageSize)
	}
	return truesize(n-paged, paged)
}

// truesize is the charge of an sk_buff with head bytes in its linear part and paged bytes in pages. The linear part
// takes a power of two. Beyond 1 GiB, which no kernel would give, the charge is MaxLen, so that int never overflows.
func truesize(head, paged int) int {
	if head > 1<<30-sharedInfo {
		return MaxLen
	}
	linear := max(smallestHead, ceilPow2(alignUp(head, 64)+sharedInfo))
	return skbOverhead + linear + alignUp(paged, pageSize)
}

// alignUp rounds n up to a multiple of unit, a power of two.
func alignUp(n, unit int) int { return (n + unit - 1) &^ (unit - 1) }
