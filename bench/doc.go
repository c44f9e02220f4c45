// Command bench measures the emulator beside what can be compared with it, and
// beside the least that the same work could cost in Go, its limit.
//
//	go run -C bench .                     every workload, as Markdown
//	go run -C bench . -workloads W1,W2    some of them
//	go run -C bench . -svg chart.svg      and a chart
//	go run -C bench . -growth             how costs grow with what is open
//	go run -C bench . -growth -curves fork  the tables with fork in their title
//
// # The pieces
//
//	main.go        the command line
//	case.go        what is measured: a case, its entries, its goals
//	measure.go     calibration, paired rounds, allocations
//	verdict.go     medians, intervals and verdicts
//	report.go      the tables; chart.go the picture; json.go every figure
//	contestant.go  what a contestant is, and the list of them
//	emulator*.go netemu.go  the contestants: this module's
//	kernel*.go peers.go gvisor_linux.go  and the others
//	limit.go       the limits
//	w1_*.go ...    one workload each
//	growth*.go     costs against sizes
//	instructions/  a command of its own: instructions of a call, counted
//
// # Method
//
// Machines are noisy, so only figures of one run are compared: in each round
// every entry of a case runs once, after a garbage collection, in an order that
// moves on by one from round to round. An entry does the same number of
// operations in all rounds, found once so that a round takes -time. A ratio
// is made of two figures of the same round; the report has the median over the
// rounds and its 95 % interval, as golang.org/x/perf/benchmath gives them.
package main
