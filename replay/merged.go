package replay

import (
	"slices"

	"sockpair/strace"
)

// Logs that strace -ff has written, one for each task, and strace-log-merge
// has put in order by their time stamps: each line stands where its call
// began, and nothing says when it returned, except that it was before the
// task's next line. Such a log has no `<unfinished ...>`.

// isMerged reports whether a log may be such a one.
func (s *script) isMerged() bool {
	tasks := make(map[int]bool)
	for _, mo := range s.moments {
		switch {
		case mo.line.Kind == strace.LineUnfinished || mo.line.Kind == strace.LineResumed:
			return false
		case mo.line.Kind == strace.LineNote || mo.line.Kind == strace.LineBlank:
			continue
		case mo.line.Prefix.Time == "":
			return false
		}
		tasks[mo.pid] = true
	}
	return len(tasks) > 1
}

// stretch moves the return of each call that may sleep to the moment before
// its task's next one.
func (s *script) stretch() {
	asleep := make(map[int]moment)
	moments := make([]moment, 0, len(s.moments))
	for _, mo := range s.moments {
		if late, ok := asleep[mo.pid]; ok {
			moments = append(moments, late)
			delete(asleep, mo.pid)
		}
		if mo.kind == returns && isBlocking(mo.call.text.Name) {
			asleep[mo.pid] = mo
			continue
		}
		moments = append(moments, mo)
	}
	first := len(moments)
	for _, mo := range asleep {
		moments = append(moments, mo)
	}
	slices.SortFunc(moments[first:], func(a, b moment) int { return a.call.index - b.call.index })
	s.moments = moments
	for i, mo := range moments {
		switch mo.kind {
		case enters:
			mo.call.enter = i
		case returns:
			mo.call.leave = i
		}
	}
}
