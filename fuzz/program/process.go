package program

import "sockpair/replay"

// Process is what a call is made on: the emulator's, or the host's.
type Process = replay.Process
