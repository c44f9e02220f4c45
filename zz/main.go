package main

import (
	"flag"
	"fmt"
	"sync"
	"time"

	"sockpair/emu"
)

func limit(n int) {
	var m1, m2 sync.Mutex
	a, r, b := make([]byte, 64), make([]byte, 64), make([]byte, 64)
	for range n {
		m1.Lock()
		copy(r, a)
		m1.Unlock()
		m2.Lock()
		copy(b, r)
		m2.Unlock()
	}
}

func main() {
	n := flag.Int("n", 1000, "")
	w := flag.String("w", "W8", "")
	rounds := flag.Int("r", 0, "timed rounds")
	flag.Parse()
	sys, _ := emu.New(emu.Config{})
	p := sys.NewProcess()
	x, y, _ := p.Pair(emu.SOCK_STREAM)
	z, _, _ := p.Pair(emu.SOCK_STREAM)
	if *w == "E8" {
		z, _ = p.Eventfd(0, 0)
	}
	buf, got := make([]byte, 1), make([]byte, 1)
	out := emu.Msghdr{Iov: [][]byte{buf}, Control: emu.Rights(z)}
	in := emu.Msghdr{Iov: [][]byte{got}, Control: make([]byte, 24)}
	run := func(n int) {
		for range n {
			p.Sendmsg(x, &out, 0)
			p.Recvmsg(y, &in, 0)
			if p.Close(int(in.Control[16])) != nil {
				panic(1)
			}
		}
	}
	if *w == "W1" {
		run = func(n int) {
			for range n {
				p.Write(x, buf)
				p.Read(y, got)
			}
		}
	}
	if *rounds == 0 {
		run(*n)
		fmt.Println("done")
		return
	}
	best, bestLimit := time.Hour, time.Hour
	for range *rounds {
		t := time.Now()
		limit(*n)
		u := time.Now()
		run(*n)
		bestLimit = min(bestLimit, u.Sub(t))
		best = min(best, time.Since(u))
	}
	fmt.Printf("%s %.1f ns, limit %.1f ns (best of %d)\n", *w, float64(best)/float64(*n), float64(bestLimit)/float64(*n), *rounds)
}
