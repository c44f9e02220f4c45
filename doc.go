// Package sockpair is the root of a module that emulates AF_UNIX socket pairs
// in pure Go, as POSIX writes them and as Linux does them, on every platform
// that Go runs on. It holds no code but the law book, semantics_test.go.
//
//   - sockpair/emu is the emulated machine: begin there.
//   - sockpair/replay runs recordings in strace notation on it, and
//     sockpair/cmd/sockpair does so from the command line.
//   - docs/requirements.md lists what the specifications ask for, each with
//     the laws and tests that prove it; docs/semantics.md says what each call
//     does; docs/rationale.md why.
//
// A law of the book is a few system calls with the results they must have. It
// is run on both personalities of the machine and, on Linux, on the kernel.
package sockpair
