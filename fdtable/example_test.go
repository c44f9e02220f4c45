package fdtable_test

import (
	"fmt"

	"sockpair/fdtable"
)

type file struct{ name string }

// Socketpair takes two numbers before it makes the sockets, and close and fork
// do as they do in a process.
func Example() {
	var table fdtable.Table[file]
	for fd, name := range []string{"stdin", "stdout", "stderr"} {
		table.Insert(fd, &file{name}, 0)
	}

	const limit = 1024 // RLIMIT_NOFILE
	a, b, ok := table.ReservePair(limit, fdtable.CLOFORK)
	if !ok {
		fmt.Println("EMFILE")
		return
	}
	table.Install(a, &file{"one end"})
	table.Install(b, &file{"the other"})
	table.SetFlags(b, 0) // this one is for the child

	child := table.Clone(fdtable.CLOFORK, func(f *file) { /* one more reference */ })
	for fd, f := range child.All() {
		fmt.Println(fd, f.name)
	}
	fmt.Println(table.Remove(a).name, table.Get(a) == nil)
	// Output:
	// 0 stdin
	// 1 stdout
	// 2 stderr
	// 4 the other
	// one end true
}

// A number that is reserved is neither free nor open.
func ExampleTable_Reserve() {
	var table fdtable.Table[file]
	fd, _ := table.Reserve(10, 1024, 0) // fcntl(fd, F_DUPFD, 10)
	next, _ := table.Reserve(10, 1024, 0)
	fmt.Println(fd, next, table.Get(fd) == nil)

	table.Release(next) // the call failed
	table.Install(fd, &file{"a copy"})
	fmt.Println(table.Get(fd).name, table.Len())
	// Output:
	// 10 11 true
	// a copy 1
}
