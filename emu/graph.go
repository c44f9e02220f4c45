package emu

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// InFlightGraph is what is in flight at one moment: which descriptions lie in
// the queues of which sockets, and who has them open. It is plain data.
type InFlightGraph struct {
	Nodes []InFlightNode // by number
	Edges []InFlightEdge // by holder, then by what is held
}

// InFlightNode is a description that is in flight or holds one that is.
type InFlightNode struct {
	Number int            // from 1; a description keeps it as long as it lives
	Kind   string         // "stream", "dgram", "seqpacket", "epoll", another file's link in /proc, or a foreign file's name
	Peer   int            // the other socket of its pair, if it is in the graph; 0 else
	Open   []InFlightOpen // by process and number
	Calls  int            // references of calls: with Open empty and Calls 0 it is reached through its holders only
}

// InFlightEdge says that the queue of socket Holder carries Held, Times times.
type InFlightEdge struct{ Holder, Held, Times int }

// InFlightOpen is descriptor Fd in process Pid.
type InFlightOpen struct{ Pid, Fd int }

// InFlightGraph returns the graph of what is in flight. New numbers are given
// in the order of processes and descriptors, then of going into flight, so a
// program that runs again has them again.
//
// It may be called while other goroutines run. Edges are those of one moment.
// Descriptors are those of the moment before: one that is opened or closed
// between the two appears, if at all, as a call.
func (s *System) InFlightGraph() InFlightGraph {
	open, order := s.descriptors()
	g := &s.inflight
	nodes := make(map[*file]bool)
	edges := g.edges(nodes, order)
	peers := make(map[*file]*file)
	for f := range nodes {
		if peer := f.peerFile(); nodes[peer] {
			peers[f] = peer
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	var graph InFlightGraph
	for f := range nodes {
		n := f.inFlightNode(open[f])
		if peer := peers[f]; peer != nil {
			n.Peer = int(peer.graphed)
		}
		graph.Nodes = append(graph.Nodes, n)
	}
	for e, n := range edges {
		graph.Edges = append(graph.Edges, InFlightEdge{int(e[0].graphed), int(e[1].graphed), n})
	}
	slices.SortFunc(graph.Nodes, func(a, b InFlightNode) int { return a.Number - b.Number })
	slices.SortFunc(graph.Edges, func(a, b InFlightEdge) int { return cmp.Or(a.Holder-b.Holder, a.Held-b.Held) })
	return graph
}

// peerFile is the socket's peer, nil for none. No lock is held.
func (f *file) peerFile() *file {
	if f.end == nil {
		return nil
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	if f.end.peer == nil {
		return nil
	}
	return &f.end.peer.file
}

// edges returns how often each socket holds each description, fills in nodes
// and gives them their numbers: first those of order, in which the
// descriptions with a descriptor are.
func (g *inflight) edges(nodes map[*file]bool, order []*file) map[[2]*file]int {
	g.mu.Lock()
	defer g.mu.Unlock()
	edges := make(map[[2]*file]int)
	for _, p := range g.places {
		f := p.file
		order = append(order, f)
		nodes[f] = true
		for x := p.first; x != nil; x = x.next {
			holder := &x.holder.file
			order = append(order, holder) // it may have no descriptor
			nodes[holder] = true
			edges[[2]*file{holder, f}]++
		}
	}
	for _, f := range order {
		if nodes[f] && f.graphed == 0 {
			g.numbers++
			f.graphed = g.numbers
		}
	}
	return edges
}

// descriptors returns who has each description open, and the descriptions in
// the order of their descriptors.
func (s *System) descriptors() (open map[*file][]InFlightOpen, order []*file) {
	open = make(map[*file][]InFlightOpen)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, pid := range slices.Sorted(maps.Keys(s.procs)) {
		for fd, f := range s.procs[pid].files.All() {
			open[f] = append(open[f], InFlightOpen{pid, fd})
			order = append(order, f)
		}
	}
	return open, order
}

// inFlightNode describes f. System.inflight.mu is held, and nodes have their numbers.
func (f *file) inFlightNode(open []InFlightOpen) InFlightNode {
	n := InFlightNode{Number: int(f.graphed), Open: open}
	refs, inFlight := f.refs.load()
	n.Calls = max(0, refs-inFlight-len(open))
	switch {
	case f.end != nil:
		n.Kind = f.end.typeName()
	case f.epoll != nil:
		n.Kind = "epoll"
	case f.object != nil:
		n.Kind = strings.TrimPrefix(f.traits().link, "anon_inode:")
	default:
		n.Kind = fmt.Sprintf("%q", f.name)
	}
	return n
}

func (e *end) typeName() string {
	switch e.typ {
	case SOCK_STREAM:
		return "stream"
	case SOCK_DGRAM:
		return "dgram"
	}
	return "seqpacket"
}

// String writes a line for each description: number, kind, who has it open, in
// which queues it lies, and how often where that is not once.
//
//	1 stream, peer 2, open 1000:0, held by 2
//	2 stream, peer 1, open nowhere, held by 2 (3 times)
func (g InFlightGraph) String() string {
	held := make(map[int][]string)
	for _, e := range g.Edges {
		times := ""
		if e.Times > 1 {
			times = fmt.Sprintf(" (%d times)", e.Times)
		}
		held[e.Held] = append(held[e.Held], fmt.Sprintf("%d%s", e.Holder, times))
	}
	var b strings.Builder
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "%d %s", n.Number, n.Kind)
		if n.Peer != 0 {
			fmt.Fprintf(&b, ", peer %d", n.Peer)
		}
		fmt.Fprintf(&b, ", open %s", n.owners(" "))
		if by := held[n.Number]; by != nil {
			fmt.Fprintf(&b, ", held by %s", strings.Join(by, " "))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// owners says who has the description open.
func (n InFlightNode) owners(separator string) string {
	var who []string
	for _, d := range n.Open {
		who = append(who, fmt.Sprintf("%d:%d", d.Pid, d.Fd))
	}
	if n.Calls > 0 {
		who = append(who, fmt.Sprintf("in %d calls", n.Calls))
	}
	if who == nil {
		return "nowhere"
	}
	return strings.Join(who, separator)
}

// DOT writes the graph in the language of Graphviz: an arrow goes from the
// socket whose queue it is to what lies there, descriptions that nobody has
// open are dashed, and a dotted line joins the sockets of a pair.
func (g InFlightGraph) DOT() string {
	var b strings.Builder
	b.WriteString("digraph inflight {\n")
	for _, n := range g.Nodes {
		style := ""
		if len(n.Open) == 0 && n.Calls == 0 {
			style = ", style=dashed"
		}
		fmt.Fprintf(&b, "\t%d [label=%q%s];\n", n.Number, fmt.Sprintf("%d %s\n%s", n.Number, n.Kind, n.owners("\n")), style)
		if n.Peer > n.Number {
			fmt.Fprintf(&b, "\t%d -> %d [dir=none, style=dotted];\n", n.Number, n.Peer)
		}
	}
	for _, e := range g.Edges {
		label := ""
		if e.Times > 1 {
			label = fmt.Sprintf(" [label=%d]", e.Times)
		}
		fmt.Fprintf(&b, "\t%d -> %d%s;\n", e.Holder, e.Held, label)
	}
	b.WriteString("}\n")
	return b.String()
}
