// Package fuzz tests the emulator with what is chosen at random, against three
// judges: the kernel of the host, a naive model, and the machine's own
// invariants. It holds tests only; what they are made of is importable.
//
//	host/      the kernel of the host, as a replay.Machine
//	program/   programs as data: made at random, run, printed, made shorter
//	judge/     both side by side: profiles of programs, differences, confirmation
//	model/     a second implementation of a pair, naive on purpose
//	exhaust/   every sequence of a few calls, on both
//	history/   concurrent calls, recorded and judged by linearizability
//
//	TestProgramsBehaveAsOnTheHost   programs of one process, call by call
//	TestFamiliesBehaveAsOnTheHost   forks, threads, signals, calls that fall asleep
//	TestNamesAreAsOnTheHost         paths, files and permissions, three users in one tree
//	TestBufferIsFullWhereTheKernelsIs
//	TestPairIsTheModels             emulator and model, both personalities
//	TestModelIsTheKernels           model and kernel
//	TestPairIsMadeWholeOrNotAtAll   socketpair at every limit
//	TestForkAmidstPairsSeesWholeOnes, TestNothingIsLostBetweenTasks   for -race
//	exhaust: TestEveryPairOfCallsIsAsOnTheHost   every two calls of an alphabet
//	exhaust: TestEveryPairOfCallsOnNamesIsAsOnTheHost   the same of sockets with names
//	history: TestConcurrentCallsAreLinearizable   and the naive model explains each result
//	FuzzProgram, FuzzProcesses      nothing panics, hangs or is left
//
// Comparing with the kernel takes a host like the one that was measured
// (host.Measured); on others those tests are skipped and say why.
//
//	go test ./fuzz -calls 1000000 -seed 0       as much as you like, another seed
//	go test ./fuzz -run Names -namecalls 1000000 -seed 0
//	go test ./fuzz/history -histories 100000 -operations 60 -seed 0
//	go test ./fuzz -run '^$' -fuzz FuzzProcesses -fuzzminimizetime 10x
//
// A difference is printed as the shortest program that shows it, the kernel's
// line with "-", the emulator's with "+".
package fuzz
