//go:build race

package emu

// raceEnabled: the race detector watches. It knows of a sync.Cond only what
// its Locker does; see dozer.Lock.
const raceEnabled = true
