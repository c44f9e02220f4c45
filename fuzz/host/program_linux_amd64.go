package host

import (
	"encoding/binary"
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// agent, handler and restorer are text for the agent's program; they are never
// called here. texts returns where they are.
//
//lint:ignore U1000 it is in agent_linux_amd64.s
func agent()

//lint:ignore U1000 it is in agent_linux_amd64.s
func handler()

//lint:ignore U1000 it is in agent_linux_amd64.s
func restorer()
func texts() (agent, handler, restorer uintptr)

// The agent's program file: the header of an ELF file, that of its one
// segment, the id of the shared memory, and the three pieces of text.
const (
	loadAt       = 0x400000
	headers      = 64 + 56
	agentText    = headers + 8
	agentSize    = 512
	handlerText  = agentText + agentSize
	restorerText = handlerText + pieceSize
	pieceSize    = 64
	fileSize     = restorerText + pieceSize
)

// elfFile returns the bytes of the agent's program. More is copied of each
// text than it has; what follows is never reached.
func elfFile(segment int) []byte {
	agent, handler, restorer := texts()
	f := make([]byte, 0, fileSize)
	f = append(f, 0x7f, 'E', 'L', 'F', 2 /* 64 bits */, 1 /* little-endian */, 1 /* version */)
	f = append(f, make([]byte, 9)...)
	le := binary.LittleEndian
	f = le.AppendUint16(f, 2)                // ET_EXEC
	f = le.AppendUint16(f, 62)               // EM_X86_64
	f = le.AppendUint32(f, 1)                // version
	f = le.AppendUint64(f, loadAt+agentText) // entry
	f = le.AppendUint64(f, 64)               // program headers
	f = le.AppendUint64(f, 0)                // section headers
	f = le.AppendUint32(f, 0)                // flags
	for _, n := range []uint16{64, 56, 1, 0, 0, 0} {
		f = le.AppendUint16(f, n) // sizes and numbers of headers
	}
	f = le.AppendUint32(f, 1)   // PT_LOAD
	f = le.AppendUint32(f, 1|4) // PF_X | PF_R
	for _, n := range []uint64{0, loadAt, loadAt, fileSize, fileSize, 4096} {
		f = le.AppendUint64(f, n) // offset, addresses, sizes, alignment
	}
	f = le.AppendUint64(f, uint64(segment))
	f = append(f, unsafe.Slice((*byte)(pointer(agent)), agentSize)...)
	f = append(f, unsafe.Slice((*byte)(pointer(handler)), pieceSize)...)
	return append(f, unsafe.Slice((*byte)(pointer(restorer)), pieceSize)...)
}

// pointer is an address of memory that Go does not manage. Inlined, it makes
// the compiler of Go 1.26.8 fail on elfFile.
//
//go:noinline
func pointer(at uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&at)) }

// writeProgram puts the agent's program into a file without a name, which
// exists as long as it is open or run.
func writeProgram(segment int) (*os.File, error) {
	name := append([]byte("agent"), 0)
	const memfdCreate, closeOnExec = 319, 1
	fd, _, e := syscall.Syscall(memfdCreate, uintptr(unsafe.Pointer(&name[0])), closeOnExec, 0)
	if e != 0 {
		return nil, fmt.Errorf("memfd_create: %w", e)
	}
	f := os.NewFile(fd, "agent")
	if _, err := f.Write(elfFile(segment)); err != nil {
		f.Close()
		return nil, fmt.Errorf("the agent's program: %w", err)
	}
	return f, nil
}

// start runs the agent's program for a mailbox. Files are its descriptors.
func start(program *os.File, mailbox int, files []uintptr) (pid int, err error) {
	path := fmt.Sprintf("/proc/self/fd/%d", program.Fd())
	pid, err = syscall.ForkExec(path, argv(mailbox), &syscall.ProcAttr{Files: files})
	if err != nil {
		return 0, fmt.Errorf("starting an agent: %w", err)
	}
	return pid, nil
}

// argv is the argument that tells an agent its mailbox.
func argv(mailbox int) []string { return []string{string([]byte{byte(mailbox + 1)})} }
