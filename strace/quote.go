package strace

import (
	"strconv"
	"strings"
)

// Quote writes b between the quotes as strace does by default: printable ASCII
// as it is; \" and \\; \t \n \v \f \r; every other byte as the shortest octal
// escape, with three digits where an octal digit follows. [strace 6.1, measured]
func Quote(b []byte) string { return string(appendQuoted(make([]byte, 0, len(b)+len(b)/4), b)) }

// QuoteHex writes b as `strace -xx` does: every byte as \xNN.
func QuoteHex(b []byte) string {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 4*len(b))
	for _, c := range b {
		out = append(out, '\\', 'x', digits[c>>4], digits[c&15])
	}
	return string(out)
}

func appendQuoted(dst, b []byte) []byte {
	for i, c := range b {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c >= ' ' && c < 0x7f:
			dst = append(dst, c)
		case c >= '\t' && c <= '\r':
			dst = append(dst, '\\', "tnvfr"[c-'\t'])
		case i+1 < len(b) && isOctal(b[i+1]):
			dst = append(dst, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
		default:
			dst = strconv.AppendUint(append(dst, '\\'), uint64(c), 8)
		}
	}
	return dst
}

func isOctal(c byte) bool { return '0' <= c && c <= '7' }

// unquote decodes what stands between the quotes: the escapes of Quote, \xNN
// with two digits, and C's \a, \b, \e and \'. Anything else is not ok.
func unquote(s string) (b []byte, ok bool) {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			out = append(out, s[i])
			i++
			continue
		}
		c, n := decodeEscape(s[i:])
		if n == 0 {
			return nil, false
		}
		out = append(out, c)
		i += n
	}
	return out, true
}

// firstBadEscape returns the index of the first escape in s that unquote does
// not know; -1 when it knows all.
func firstBadEscape(s string) int {
	for i := 0; ; {
		next := strings.IndexByte(s[i:], '\\')
		if next < 0 {
			return -1
		}
		i += next
		_, n := decodeEscape(s[i:])
		if n == 0 {
			return i
		}
		i += n
	}
}

// decodeEscape decodes the escape that s begins with and returns its length, 0
// when it is none.
func decodeEscape(s string) (c byte, n int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
	case '"', '\\', '\'':
		return s[1], 2
	case 't':
		return '\t', 2
	case 'n':
		return '\n', 2
	case 'v':
		return '\v', 2
	case 'f':
		return '\f', 2
	case 'r':
		return '\r', 2
	case 'a':
		return '\a', 2
	case 'b':
		return '\b', 2
	case 'e':
		return 0x1b, 2
	case 'x':
		if len(s) < 4 || !isHex(s[2]) || !isHex(s[3]) {
			return 0, 0
		}
		v, _ := strconv.ParseUint(s[2:4], 16, 8)
		return byte(v), 4
	}
	v := 0
	for n = 1; n < len(s) && n < 4 && isOctal(s[n]); n++ {
		v = v*8 + int(s[n]-'0')
	}
	if n == 1 || v > 0xff {
		return 0, 0
	}
	return byte(v), n
}
