// What the agent's text and the Go code agree upon; layout_linux_amd64.go has
// the same names and a test compares the two.

#define segmentAt 0x100000000000
#define segmentID 0x400078
#define mailboxShift 25
#define mailboxes 48
#define lifeline 3

#define mailboxState 0
#define mailboxRole 4
#define mailboxPid 8
#define mailboxTid 12
#define mailboxNumber 16
#define mailboxArgs 24
#define mailboxResult 72
#define mailboxChild 80
#define mailboxCount 88
#define mailboxSignals 128

#define stateDone 1
#define stateRequest 2

#define roleJanitor 1

#define numberBatch 1048576
#define entryNumber 0
#define entryArgs 8
#define entryResult 56
#define entrySignals 64
#define entrySize 72
