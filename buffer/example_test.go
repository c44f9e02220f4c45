package buffer_test

import (
	"fmt"

	"sockpair/buffer"
)

// Two messages are sent; the receiver peeks at the first and then takes as much of each as it has room for.
func Example() {
	var q buffer.Queue
	for _, message := range []string{"hello", "good-bye"} {
		src := buffer.One([]byte(message))
		q.Push(&src, len(message), buffer.Truesize.Message(len(message)), 0, nil)
	}
	fmt.Println("queued:", q.Segments(), "messages,", q.Len(), "bytes, charged", q.Charge())

	room := make([]byte, 5)
	peek := buffer.One(room)
	q.Copy(0, 0, 5, &peek)
	fmt.Printf("peek: %q, still queued: %d\n", room, q.Segments())

	for q.Segments() > 0 {
		dst := buffer.One(room)
		n := min(q.At(0).Left, dst.Len())
		q.Read(0, n, &dst)
		cut := q.At(0).Left // what a datagram loses when the receiver has no room for it
		q.Pop()
		fmt.Printf("receive: %q, cut %d, charged %d\n", room[:n], cut, q.Charge())
	}

	// Output:
	// queued: 2 messages, 13 bytes, charged 1536
	// peek: "hello", still queued: 2
	// receive: "hello", cut 0, charged 768
	// receive: "good-", cut 3, charged 0
}
