package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"time"
)

const (
	// attempts: now and then valgrind 3.19 dies of a Go program.
	attempts = 3
	// patience ends a run that hangs; one takes seconds.
	patience = time.Minute
)

// perTurn is how many instructions one turn of w takes.
func perTurn(valgrind string, w workload) (float64, error) {
	few, err := count(valgrind, w, w.few)
	if err != nil {
		return 0, err
	}
	many, err := count(valgrind, w, w.many)
	if err != nil {
		return 0, err
	}
	return (float64(many) - float64(few)) / float64(w.many-w.few), nil
}

// count runs this program under callgrind, as -run w -n turns.
func count(valgrind string, w workload, turns int) (instructions uint64, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	for range attempts {
		var said []byte
		if said, err = underCallgrind(valgrind, self, "-run", w.name, "-n", strconv.Itoa(turns)); err == nil {
			return collected(said)
		}
		err = fmt.Errorf("%s, %d turns under valgrind: %w\n%s", w.name, turns, err, said)
	}
	return 0, err
}

func underCallgrind(valgrind string, program ...string) (said []byte, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, valgrind, append([]string{"--tool=callgrind", "--callgrind-out-file=" + os.DevNull}, program...)...)
	cmd.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1", "GOMAXPROCS=1", "GOGC=off")
	said, err = cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return said, err
}

// collectedLine is where callgrind, at its end, says how many instructions it has seen.
var collectedLine = regexp.MustCompile(`(?m)^==\d+== Collected : (\d+)$`)

func collected(said []byte) (uint64, error) {
	found := collectedLine.FindSubmatch(said)
	if found == nil {
		return 0, errors.New("callgrind did not say what it has collected:\n" + string(said))
	}
	return strconv.ParseUint(string(found[1]), 10, 64)
}
