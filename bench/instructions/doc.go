// Command instructions counts the machine instructions of a call, and fails
// where they are more than factor times those of recorded.txt. It needs no
// clock, so it says the same on a machine where other programs run.
//
//	go run -C bench ./instructions           compare with what is recorded
//	go run -C bench ./instructions -record   record what is counted
//
// A workload runs under valgrind's callgrind, which counts what the program
// executes in user mode, twice, with few turns and with many. The difference
// is divided by the difference in turns: start-up drops out. One processor, no
// garbage collection and no preemption by signals leave little that varies:
// from run to run the count is the same to some parts in a thousand.
//
// Where there is no valgrind, or the numbers were recorded on another GOARCH,
// nothing is compared, and the command says so. Another Go compiles to other
// instructions: it is named, and compared all the same.
//
//	workload.go   what is counted
//	callgrind.go  how
//	record.go     recorded.txt, and the verdict
package main
