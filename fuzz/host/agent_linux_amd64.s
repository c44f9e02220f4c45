#include "textflag.h"
#include "layout_linux_amd64.h"

// The text of an agent. It is not run in this process: elfFile copies it into a
// program file of its own, so it calls nothing and refers to no address but
// those of layout_linux_amd64.h. One register matters:
//
//	BX	the mailbox of the task that runs, for as long as it lives
//
// A system call of Linux takes its number in AX and its arguments in DI, SI,
// DX, R10, R8, R9; it changes AX (the result), CX and R11. A signal handler
// finds BX as the interrupted code had it.

// func agent()
//
// The kernel enters here after execve. The stack holds argc, then argv; the
// one byte of argv[0] is the number of the mailbox plus one.
TEXT ·agent(SB), NOSPLIT|NOFRAME, $0-0
	MOVQ	8(SP), BX
	MOVBLZX	(BX), BX
	DECL	BX
	SHLQ	$mailboxShift, BX
	MOVQ	$segmentAt, R12
	ADDQ	R12, BX

	// shmat(segment, segmentAt, 0): no descriptor is needed, so none is taken.
	MOVL	$30, AX
	MOVQ	$segmentID, R13
	MOVL	(R13), DI
	MOVQ	R12, SI
	XORL	DX, DX
	SYSCALL

	CMPL	mailboxRole(BX), $roleJanitor
	JEQ	janitor
	XORL	AX, AX // the request that started the program has succeeded

answer:
	MOVQ	AX, mailboxResult(BX)
	MOVL	$stateDone, AX
	XCHGL	AX, mailboxState(BX)

	// futex(state, FUTEX_WAKE, 1)
	MOVL	$202, AX
	MOVQ	BX, DI
	MOVL	$1, SI
	MOVL	$1, DX
	SYSCALL

sleep:
	CMPL	mailboxState(BX), $stateRequest
	JEQ	request

	// futex(state, FUTEX_WAIT, stateDone, NULL)
	MOVL	$202, AX
	MOVQ	BX, DI
	XORL	SI, SI
	MOVL	$stateDone, DX
	XORL	R10, R10
	SYSCALL
	JMP	sleep

request:
	MOVQ	mailboxNumber(BX), AX
	CMPQ	AX, $numberBatch
	JEQ	batch
	MOVQ	mailboxArgs+0(BX), DI
	MOVQ	mailboxArgs+8(BX), SI
	MOVQ	mailboxArgs+16(BX), DX
	MOVQ	mailboxArgs+24(BX), R10
	MOVQ	mailboxArgs+32(BX), R8
	MOVQ	mailboxArgs+40(BX), R9
	SYSCALL

	// After clone two of us are here. The child has the result 0 and goes on
	// with a mailbox of its own.
	CMPQ	mailboxNumber(BX), $56
	JNE	answer
	TESTQ	AX, AX
	JNE	answer
	MOVQ	mailboxChild(BX), BX
	JMP	answer

batch:
	// R13 is the entry, R14 how many are left: no system call changes them.
	MOVQ	mailboxArgs+0(BX), R13
	MOVQ	mailboxArgs+8(BX), R14
entry:
	XORL	AX, AX // the batch has succeeded
	TESTQ	R14, R14
	JEQ	answer
	MOVQ	entryNumber(R13), AX
	MOVQ	entryArgs+0(R13), DI
	MOVQ	entryArgs+8(R13), SI
	MOVQ	entryArgs+16(R13), DX
	MOVQ	entryArgs+24(R13), R10
	MOVQ	entryArgs+32(R13), R8
	MOVQ	entryArgs+40(R13), R9
	SYSCALL
	MOVQ	AX, entryResult(R13)
	MOVL	mailboxSignals(BX), AX
	MOVL	AX, entrySignals(R13)
	INCQ	mailboxCount(BX)
	ADDQ	$entrySize, R13
	DECQ	R14
	JMP	entry

janitor:
	// read(lifeline, segment, 1) until end of file: the owner is no more.
	XORL	AX, AX
	MOVL	$lifeline, DI
	MOVQ	R12, SI
	MOVL	$1, DX
	SYSCALL

	// kill(pid, SIGKILL) for every mailbox that says one
	MOVL	$mailboxes, R13
next:
	MOVL	mailboxPid(R12), DI
	TESTL	DI, DI
	JEQ	gone
	MOVL	$62, AX
	MOVL	$9, SI
	SYSCALL
gone:
	ADDQ	$(1<<mailboxShift), R12
	DECL	R13
	JNE	next

	// exit_group(0)
	MOVL	$231, AX
	XORL	DI, DI
	SYSCALL
	INT	$3

// func handler()
//
// What is installed for a handled signal: it counts it. DI is the number.
TEXT ·handler(SB), NOSPLIT|NOFRAME, $0-0
	LOCK
	INCL	mailboxSignals(BX)(DI*4)
	LOCK
	INCL	mailboxSignals(BX) // signal 0 stands for all
	RET

// func restorer()
//
// Where a handler returns to: rt_sigreturn().
TEXT ·restorer(SB), NOSPLIT|NOFRAME, $0-0
	MOVL	$15, AX
	SYSCALL
	INT	$3

// func texts() (agent, handler, restorer uintptr)
TEXT ·texts(SB), NOSPLIT, $0-24
	LEAQ	·agent(SB), AX
	MOVQ	AX, agent+0(FP)
	LEAQ	·handler(SB), AX
	MOVQ	AX, handler+8(FP)
	LEAQ	·restorer(SB), AX
	MOVQ	AX, restorer+16(FP)
	RET
