// Package history judges concurrent calls on a socket pair by
// linearizability: tasks call at the same time, each call is recorded with the
// moments at which it began and returned, and a search asks whether some
// sequential order of the calls explains every result by the naive model of
// package model (Herlihy and Wing, Linearizability, TOPLAS 12(3), 1990; the
// search is that of package porcupine).
//
//	call.go      a call, its result, and how it is made on an emulated process
//	program.go   what each task calls, chosen at random
//	record.go    running a program and recording it
//	state.go     the sequential state: the model's pair and a descriptor table
//	step.go      the moments of a call, and what each does to the state
//	parts.go     which moments nobody can tell apart
//	check.go     the search
//	print.go     a history in the notation of strace
//
// # What linearizable means here
//
// A call of a kernel is not one moment but a few, in this order, all between
// its beginning and its return:
//
//	look     the number is looked up; the call holds the description it found
//	act      the call does its work, or fails: all at once
//	install  a number that act has reserved (dup, received descriptors) opens
//	drop     the call lets go of what it held, which may end a socket
//
// That is the contract of fdget and fdput, fd_install and close in Linux
// (fs/file.c): a close that overlaps a call frees the number at once, and the
// socket lives until the call returns. Each moment is one operation of the
// search. Where no call that changes descriptors overlaps, the moments of a
// call cannot be told apart and are searched as one.
//
// A call that blocks is an operation that returns late: its act is
// possible only in a state in which it need not wait. When no task can run any
// more (testing/synctest tells) every sleeper is asked for its reason: the
// model must say that it has to wait, so a lost wake-up is an illegal
// history too; and its act must come after that moment.
//
// # What is checked
//
// Bytes, counts, errnos and flags of send, recv, MSG_PEEK, MSG_TRUNC,
// sendmsg and recvmsg with SCM_RIGHTS, shutdown, close, dup, dup2, SO_ERROR,
// FIONREAD, SIOCOUTQ and poll without waiting, on the three types, by 4 to 16
// tasks of one process that use the same numbers, blocking and not. After the
// history the machine's invariants hold and nothing is left. There are three
// subjects: in one the ends may die, in one descriptors are passed, and one is
// mostly of the table of descriptors.
//
// # What is not, and why
//
//   - A blocking write to a stream that is longer than one piece is queued in
//     pieces, between which others may write: it is no atomic call. Here each
//     send is one piece; TestPiecesOfAWriteAreWhole has the law for longer ones.
//     MSG_WAITALL, which takes piece by piece, is left out for the same reason.
//   - Which of several sleepers is served: any order that explains the results is
//     right. The order of arrival cannot be seen from outside.
//   - A sleeper on a stream that breaks may return the pending error where a call
//     that begins then returns EPIPE. Whether it really slept is not asked.
//   - A sender may sleep on although there is room, until Linux's unix_writable
//     holds; on the message types one arrival wakes one receiver, so that a
//     MSG_PEEK that is served leaves others asleep beside a message
//     (__skb_wait_for_more_packets waits exclusively). Both are no lost wake-ups.
//   - Descriptors are passed only while two that nobody closes keep the ends
//     alive: what a close drops is released message by message, which is no one
//     moment. The law book and package emu have the cases.
//   - poll looks at its entries one by one; here it has one.
//   - sendmsg may look up its socket and what it passes in either order: Linux
//     begins with the socket, the emulator with what is passed, and only a race
//     between two other calls tells.
//   - The POSIX personality: what differs there is no matter of concurrency.
//
// A search tries orders until one explains the history, in time that grows with
// how many calls overlap. One that finds no answer in its time fails the test:
// programs of many tasks therefore change few numbers where ends may die.
//
// The seed repeats the program of each task, not the moments at which they
// run; a history that was illegal once is printed in full.
package history
