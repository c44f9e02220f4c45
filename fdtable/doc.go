// Package fdtable is a descriptor table: it gives out the lowest free number,
// two of them at once or none, keeps the flags of each, and finds the value of
// a number without a lock. What stands behind a number is the caller's affair;
// the table holds a *T.
//
// # The life of a number
//
//	free ── Reserve, ReservePair ──▶ reserved ── Install, InstallPair ──▶ installed
//	  ▲                                 │                                    │
//	  ├───────────── Release ───────────┘                                    │
//	  └────────────────── Remove, RemoveRange, RemoveFlagged, Close ─────────┘
//
// A reserved number belongs to whoever reserved it: for everybody else it is
// neither free nor open. So a call can find out that there are no numbers left
// before it makes what it wants to put there, and nobody sees a number before
// its value is complete. Linux does the same with get_unused_fd_flags,
// fd_install and put_unused_fd (fs/file.c).
//
// Whoever has the value already needs no reservation: Add (AddPair: two) takes the lowest free
// number to installed in one step, Insert a number of the caller's choice,
// whose value it replaces when it is installed.
//
// # The pieces
//
//	table.go    the table, look-up, and the life of one number
//	many.go     what is done to many: ranges, exec, fork, exit
//	bitmap.go   the lowest free number
//	check.go    the invariants
//
// # Locks
//
// One mutex guards all but the slots, which look-ups read at any time. It is
// never held while a caller's function runs, with one exception: Clone calls
// ref under it, and says why.
//
// The limit is given with each reservation and not kept, since RLIMIT_NOFILE
// may change at any time: a descriptor above a lowered limit stays as it is.
//
// # Traps
//
// A value that Get returns may be closed by another goroutine a moment later:
// the table answers which value a number has, not how long that value lives. A
// value that takes part in an operation needs a reference count of its own.
package fdtable
