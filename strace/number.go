package strace

import (
	"strconv"
	"strings"
)

// Int evaluates a number: decimal, hexadecimal, octal and 'c' spellings, with
// a sign, an annotation or a comment, and the expressions that strace prints
// in their place (8192*1024, 1<<3, 1|2). Numbers above the largest int64 wrap
// as they do in C, so that 0xffffffffffffffff is -1.
func (v Value) Int() (int64, bool) {
	v = v.Unwrap()
	switch v.Kind {
	case Number:
		return parseNumber(v.Text)
	case Func:
		if v.Text == "" && len(v.Items) == 1 {
			return v.Items[0].Value.Int()
		}
	case Unary:
		return v.unaryInt()
	case Op:
		return v.opInt()
	}
	return 0, false
}

// Pointer returns the address that stands where strace could not, or was told
// not to, show what it points to: a bare hexadecimal number.
func (v Value) Pointer() (uint64, bool) {
	v = v.Unwrap()
	if v.Kind != Number || !strings.HasPrefix(v.Text, "0x") {
		return 0, false
	}
	n, ok := parseNumber(v.Text)
	return uint64(n), ok
}

func (v Value) unaryInt() (int64, bool) {
	n, ok := v.Items[0].Value.Int()
	switch v.Text {
	case "-":
		return -n, ok
	case "~":
		return ^n, ok
	case "|", "+":
		return n, ok
	}
	return 0, false
}

func (v Value) opInt() (int64, bool) {
	acc, ok := v.Items[0].Value.Int()
	for _, it := range v.Items[1:] {
		n, isInt := it.Value.Int()
		if !ok || !isInt {
			return 0, false
		}
		switch v.Text {
		case "|":
			acc |= n
		case "*":
			acc *= n
		case "+":
			acc += n
		case "-":
			acc -= n
		case "<<":
			if n < 0 || n > 63 {
				return 0, false
			}
			acc <<= n
		default:
			return 0, false
		}
	}
	return acc, ok
}

// parseNumber reads one spelled number.
func parseNumber(s string) (int64, bool) {
	if len(s) == 3 && s[0] == '\'' {
		return int64(s[1]), true
	}
	digits := strings.TrimLeft(s, "+-")
	base := 10
	switch {
	case strings.HasPrefix(digits, "0x"):
		base, digits = 16, digits[2:]
	case len(digits) > 1 && digits[0] == '0':
		base, digits = 8, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil {
		return 0, false
	}
	if s[0] == '-' {
		return -int64(n), true
	}
	return int64(n), true
}

// isNumber reports whether a word is spelled as a number: a sign or none, then
// decimal digits or 0x and hexadecimal ones. 08 and numbers too large for 64
// bits are numbers whose Int is not ok.
func isNumber(s string) bool {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	if len(s) > 2 && s[:2] == "0x" {
		return all(s[2:], isHex)
	}
	return s != "" && all(s, isDigit)
}

func all(s string, is func(byte) bool) bool {
	for i := 0; i < len(s); i++ {
		if !is(s[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isHex(c byte) bool   { return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }
