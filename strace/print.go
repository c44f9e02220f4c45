package strace

import (
	"strconv"
	"strings"
)

// String returns the line, without a newline. For a line that ParseLine made it
// is the text that was parsed.
func (l Line) String() string { return string(l.Append(nil)) }

// Append appends the line to dst, without a newline.
func (l Line) Append(dst []byte) []byte {
	start := len(dst)
	dst = l.Prefix.append(dst)
	switch l.Kind {
	case LineNote:
		dst = append(dst, l.Text...)
	case LineCall, LineUnfinished, LineResumed:
		dst = append(l.Call.append(dst, l.Kind == LineResumed, start), l.Text...)
	case LineSignal:
		dst = append(append(dst, "--- "...), l.Signal.Name...)
		if !l.Signal.Info.IsAbsent() {
			dst = l.Signal.Info.append(append(dst, ' '))
		}
		dst = append(dst, " ---"...)
	case LineStopped:
		dst = append(append(append(dst, "--- stopped by "...), l.Sig...), " ---"...)
	case LineExited:
		dst = strconv.AppendInt(append(dst, "+++ exited with "...), int64(l.Status), 10)
		dst = append(dst, " +++"...)
	case LineKilled:
		dst = append(append(dst, "+++ killed by "...), l.Sig...)
		if l.Core {
			dst = append(dst, " (core dumped)"...)
		}
		dst = append(dst, " +++"...)
	case LineSuperseded:
		dst = strconv.AppendInt(append(dst, "+++ superseded by execve in pid "...), int64(l.PID), 10)
		dst = append(append(dst, l.Text...), " +++"...)
	}
	return append(dst, l.End...)
}

// append writes the fields in strace's order, each padded as strace pads it.
func (x Prefix) append(dst []byte) []byte {
	if x.Text != "" {
		return append(dst, x.Text...)
	}
	if x.Style != PIDNone {
		dst = x.appendPID(dst)
	}
	if x.Time != "" {
		dst = append(append(dst, x.Time...), ' ')
	}
	if x.Delta != "" {
		dst = append(append(append(dst, "(+"...), x.Delta...), ") "...)
	}
	if x.Number != "" {
		dst = append(append(append(dst, '['), x.Number...), "] "...)
	}
	if x.IP != "" {
		dst = append(append(append(dst, '['), x.IP...), "] "...)
	}
	return dst
}

func (x Prefix) appendPID(dst []byte) []byte {
	text := strconv.Itoa(x.PID)
	pad := strings.Repeat(" ", max(0, pidWidth-len(text)))
	if x.Comm != "" {
		text += "<" + x.Comm + ">"
	}
	switch {
	case x.Style == PIDBracket:
		return append(append(append(append(dst, "[pid "...), pad...), text...), "] "...)
	case x.Comm != "":
		return append(append(dst, text...), ' ')
	}
	return append(append(append(dst, text...), pad...), ' ')
}

// String returns the call without a prefix, aligned as at the start of a line.
func (c *Call) String() string { return string(c.append(nil, false, 0)) }

// append writes the call to a line that begins at dst[start].
func (c *Call) append(dst []byte, resumed bool, start int) []byte {
	switch {
	case !resumed && c.Name != "":
		dst = append(append(dst, c.Name...), '(')
	case resumed && c.Name != "":
		dst = append(append(append(dst, "<... "...), c.Name...), " resumed>"...)
	}
	dst = appendItems(append(dst, c.Head...), c.Args, ", ")
	dst = append(dst, c.Tail...)
	if c.Marker != "" {
		dst = append(append(append(dst, " <"...), c.Marker...), '>')
	}
	if c.Open {
		return dst
	}
	dst = append(dst, ')')
	if c.Result == nil {
		return dst
	}
	gap := c.Result.Gap
	if gap == "" {
		gap = strings.Repeat(" ", alignment(len(dst)-start))
	}
	return c.Result.append(append(dst, gap...))
}

// String returns the result from the equals sign on.
func (r *Result) String() string { return string(r.append(nil)) }

func (r *Result) append(dst []byte) []byte {
	dst = r.Value.append(append(dst, "= "...))
	if r.Errno != "" {
		dst = append(append(dst, ' '), r.Errno...)
	}
	if r.Text != "" {
		dst = append(append(append(dst, " ("...), r.Text...), ')')
	}
	if r.Mark != "" {
		dst = append(append(append(dst, " <"...), r.Mark...), '>')
	}
	for _, n := range r.Notes {
		dst = append(append(append(dst, " ("...), n...), ')')
	}
	if r.Elapsed != "" {
		dst = append(append(append(dst, " <"...), r.Elapsed...), '>')
	}
	return dst
}

// String returns the value as strace prints it.
func (v Value) String() string { return string(v.append(nil)) }

func (v Value) append(dst []byte) []byte {
	switch v.Kind {
	case Number, Name:
		dst = append(dst, v.Text...)
	case String:
		dst = append(append(append(dst, '"'), v.Text...), '"')
		if v.Cut {
			dst = append(dst, "..."...)
		}
	case Array:
		dst = append(append(appendItems(append(dst, '['), v.Items, ", "), v.Tail...), ']')
	case Struct:
		dst = append(append(appendItems(append(dst, '{'), v.Items, ", "), v.Tail...), '}')
	case Func:
		dst = append(append(dst, v.Text...), '(')
		dst = append(append(appendItems(dst, v.Items, ", "), v.Tail...), ')')
	case Op:
		dst = appendItems(dst, v.Items, canonicalOperator(v.Text))
	case Unary:
		dst = appendItems(append(dst, v.Text...), v.Items, "")
	case FD:
		dst = append(append(appendItems(dst, v.Items, ""), '<'), v.Text...)
		dst = append(append(dst, '>'), v.Tail...)
	case Comment:
		dst = v.appendComment(dst)
	case Angle:
		dst = append(append(append(dst, '<'), v.Text...), '>')
	case Ellipsis:
		dst = append(dst, "..."...)
	}
	return dst
}

func (v Value) appendComment(dst []byte) []byte {
	if len(v.Items) > 0 {
		dst = append(appendItems(dst, v.Items, ""), or(v.Tail, " ")...)
	}
	return append(append(append(dst, "/*"...), v.Text...), "*/"...)
}

// appendItems writes items with their gaps; those that have none are separated
// by sep.
func appendItems(dst []byte, items []Item, sep string) []byte {
	for i, it := range items {
		switch {
		case it.Gap != "":
			dst = append(dst, it.Gap...)
		case i > 0:
			dst = append(dst, sep...)
		}
		if it.Name != "" {
			dst = append(append(dst, it.Name...), '=')
		}
		dst = it.Value.append(dst)
	}
	return dst
}
