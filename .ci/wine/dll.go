// Command dll writes bcryptprimitives.dll, which Go's runtime asks for random
// bytes on Windows and which Wine before 9 does not have:
//
//	go run ./.ci/wine FILE
//
// It has one function, ProcessPrng, and no code: the function is forwarded to
// SystemFunction036 of advapi32, which takes the same arguments (RtlGenRandom).
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
)

const (
	align   = 0x200  // of the file: the headers, then the section
	section = 0x1000 // where the section lies in memory
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: dll FILE")
		os.Exit(2)
	}
	if err := os.WriteFile(os.Args[1], image(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "dll:", err)
		os.Exit(1)
	}
}

// image is the file, in the order of the PE format.
func image() []byte {
	exports := exportSection()
	var b bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			_ = binary.Write(&b, binary.LittleEndian, v) // a buffer does not fail
		}
	}
	put([2]byte{'M', 'Z'}, [58]byte{}, uint32(64)) // the DOS header: where the next one is
	put([4]byte{'P', 'E'}, uint16(0x8664), uint16(1), [3]uint32{}, uint16(240), uint16(0x2022))
	put(uint16(0x20b), uint16(0), [5]uint32{0, align, 0, 0, section}, uint64(0x180000000))
	put([2]uint32{section, align}, [6]uint16{6, 0, 0, 0, 6, 0}, [4]uint32{0, 2 * section, align, 0}, uint16(2), uint16(0x160))
	put([4]uint64{1 << 20, 1 << 12, 1 << 20, 1 << 12}, uint32(0), uint32(16))
	put([2]uint32{section, uint32(len(exports))}, [30]uint32{})
	put([8]byte{'.', 'e', 'd', 'a', 't', 'a'}, [4]uint32{uint32(len(exports)), section, align, align}, [3]uint32{0, 0, 0}, uint32(0x40000040))
	b.Write(make([]byte, align-b.Len()))
	b.Write(exports)
	b.Write(make([]byte, 2*align-b.Len()))
	return b.Bytes()
}

// exportSection is the export directory with one name. A function whose address
// lies within it is a forwarder: the address of the text "library.function".
func exportSection() []byte {
	const directory = 40
	texts := []byte("bcryptprimitives.dll\x00ProcessPrng\x00advapi32.SystemFunction036\x00")
	library := uint32(section + directory + 10)
	function := library + uint32(bytes.Index(texts, []byte("ProcessPrng")))
	forward := library + uint32(bytes.Index(texts, []byte("advapi32")))
	b := binary.LittleEndian.AppendUint32(make([]byte, 12), library)
	for _, v := range []uint32{1, 1, 1, section + directory, section + directory + 4, section + directory + 8, forward, function} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	b = append(b, 0, 0) // the ordinal of the name
	return append(b, texts...)
}
