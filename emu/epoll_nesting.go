package emu

// Instances of epoll that watch each other.

// maxNesting is how many instances may watch each other in a row (EP_MAX_NESTS).
const maxNesting = 5

// inner are the instances that this one has registered.
func (ep *epoll) inner() []*epoll {
	ep.mu.Lock()
	defer ep.mu.Unlock()
	var list []*epoll
	for k := range ep.items {
		if inner := k.f.instance(); inner != nil {
			list = append(list, inner)
		}
	}
	return list
}

// reachedFrom reports whether other watches ep, itself or through others.
func (ep *epoll) reachedFrom(other *epoll) bool {
	return other.farthest((*epoll).inner, map[*epoll]int{ep: -1}) < 0
}

// depth is how many instances are in a row from this one inwards, height how
// many from this one outwards.
func (ep *epoll) depth() int  { return ep.farthest((*epoll).inner, map[*epoll]int{}) }
func (ep *epoll) height() int { return ep.farthest((*epoll).outer, map[*epoll]int{}) }

// farthest is the length of the longest row of instances from ep along next;
// below 0 if the row comes to one that known has below 0. Each is asked once.
func (ep *epoll) farthest(next func(*epoll) []*epoll, known map[*epoll]int) int {
	if n, ok := known[ep]; ok {
		return n
	}
	longest := 0
	for _, e := range next(ep) {
		n := e.farthest(next, known)
		if n < 0 {
			return n
		}
		longest = max(longest, n)
	}
	known[ep] = longest + 1
	return longest + 1
}

// outer are the instances that have this one registered.
func (ep *epoll) outer() []*epoll {
	ep.mu.Lock()
	defer ep.mu.Unlock()
	var list []*epoll
	for w := ep.watches.first; w != nil; w = w.next {
		if w.item != nil {
			list = append(list, w.item.ep)
		}
	}
	return list
}
