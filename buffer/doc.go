// Package buffer is the ring-buffer engine of sockpair: what lies between a send and the receive that takes it.
//
// # Pieces
//
//	Vec       a cursor over the caller's memory, one slice or many           vec.go
//	Queue     one direction of a socket pair: segments in a ring             queue.go
//	          the short way of one slice, one segment and no value           lone.go
//	          the ancillary values that a few segments carry                 value.go
//	          where its memory comes from and when it goes back              memory.go
//	Charging  what a segment costs its sender: plain bytes, Linux truesize   charging.go
//	Check     the invariants, for tests                                      check.go
//
// # How a byte travels
//
// A send cuts its bytes into segments (Charging.Chunk) and pushes each with its charge; Push copies the bytes from the
// caller's memory into the ring and writes a header beside it. A receive copies them from the ring into the reader's
// memory (Read, or Copy for a peek) and removes the header (Pop) when it is done with the segment. The headers keep
// the boundaries, so that one ring serves streams, datagrams and records, and no message is allocated for itself:
//
//	segs    [ at left charge ][ at left charge ][ at left charge ]
//	            |                  |                |
//	ring    ....first message......second...........third.........
//	            ^ head                                    ^ tail
//
// When a buffer is full is the owner's decision: it keeps the sum of what it has pushed and not popped, which may lie in
// several queues, and compares it with SO_SNDBUF. The queue stores charges and flags and interprets neither; it never
// refuses, blocks or wakes. Queue.Charge adds the charges up, for whoever wants to compare.
//
// # Traps
//
//   - A Queue is guarded by its owner's lock; none of its methods may run beside another.
//   - Read leaves the segment queued, also when nothing is left in it; Pop removes it. A record of length zero is a
//     segment like any other.
//   - The values that Pop and Remove return are the owner's to release, after it has let go of its lock.
//   - A wrong index or length is the owner's mistake and panics: a user's mistake has been answered before.
package buffer
