package strace

import "fmt"

// A SyntaxError says where a text stops being the notation, and what could
// have stood there.
type SyntaxError struct {
	File     string // empty when the text is from no file
	Line     int    // counted from 1; 0 when unknown
	Column   int    // in bytes, counted from 1
	Expected string
	Found    string
}

// Error returns "file:line:col: expected X, found Y".
func (e *SyntaxError) Error() string {
	where := e.File
	if e.Line > 0 {
		where = fmt.Sprintf("%s:%d", or(e.File, "line"), e.Line)
	}
	return fmt.Sprintf("%s:%d: expected %s, found %s", or(where, "column"), e.Column, e.Expected, e.Found)
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
