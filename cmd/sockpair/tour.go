package main

import "embed"

// tours are scripts that show what the specification says, each step below a
// comment that names the requirement, one set for each personality.
//
//go:embed tour/*.strace
var tours embed.FS

// tourFile is the text of an embedded script.
func tourFile(name string) (string, bool) {
	text, err := tours.ReadFile(name)
	return string(text), err == nil
}
