// Package judge has the kernel of the host judge the emulator: programs are run
// on both, call by call, and where the two show something else the program is
// made as short as it gets, tried again, and printed so that anybody can run it.
//
//	judge.go     Judge: an emulator and a kernel
//	alone.go     comparing a program of one process
//	family.go    comparing a program of several tasks
//	search.go    many programs at random: find, shrink, confirm, count
//	profile.go   what they are made of, as data: a table of profiles
//	transcript.go  a difference as a log that `sockpair run` and `sockpair diff` take
//	diff.go      a log on two machines; boot.go the kernel as a machine for logs
//	version.go   what changed between kernel versions, as data
//	kernel_*.go  the kernel: fuzz/host on Linux for amd64; elsewhere there is none
//
// # What is compared
//
// Of each call its result, errno and every byte that it stores; after it the
// invariants of the emulator; of a family also which calls sleep, in which order
// they return, which handlers run and, at the end, who has which descriptor open.
//
// # What is not a difference
//
// The kernel collects sockets that are only in flight some time later, and of
// two tasks that run at a time either may be first. A difference is therefore
// shown again, with time for the collector and, in a family, confirmations
// times; if it does not show each time it is counted as gone. A difference that
// a kernel of another version explains is counted as known change (version.go).
//
// # How to add
//
// A profile is a row of profile.go. A call is a case of program.run, a kind of
// program.Mix, and a method of replay's Recorder, which makes it printable.
package judge
