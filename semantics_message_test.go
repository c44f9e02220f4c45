package sockpair_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// messageWord is a struct msghdr as laws write it, between double braces:
//
//	{{"ab", 10, rights 5 7..9 6*3, creds 100 0 0, inq 0, cmsg 19 SOL_SOCKET SCM_RIGHTS, room 24, flags MSG_CTRUNC}}
//
// First the bytes, with the length of their buffer if it is another; then
//
//	rights    the descriptors of an SCM_RIGHTS, 7..9 for 7 8 9, 6*3 for 6 6 6
//	creds     the process, user and group of an SCM_CREDENTIALS
//	inq       the number of an SCM_INQ
//	cmsg      another control message: its length, level and type, and the numbers in it
//	length    msg_controllen, if it is not the length of these
//	room      the room for control messages that a receive has, where it matters
//	flags     msg_flags
var messageWord = regexp.MustCompile(`\{\{("[^"]*"(?:\.\.\.)?)([^{}]*)\}\}`)

// message is a msghdr in plain notation.
func message(word string) string {
	m := messageWord.FindStringSubmatch(word)
	data, rest := m[1], strings.Split(m[2], ", ")
	n := len(strings.Trim(data, `".`))
	var control []string
	length, room, flags := 0, "", "0"
	add := func(n int, level, typ, data string) {
		if data != "" {
			data = ", cmsg_data=" + data
		}
		control = append(control, fmt.Sprintf("{cmsg_len=%d, cmsg_level=%s, cmsg_type=%s%s}", n, level, typ, data))
		length += (n + 7) &^ 7
	}
	for _, item := range rest[1:] {
		f := strings.Fields(item)
		switch args := f[1:]; f[0] {
		case "rights":
			fds := numbers(args)
			add(16+4*len(fds), "SOL_SOCKET", "SCM_RIGHTS", "["+strings.Join(fds, ", ")+"]")
		case "creds":
			add(28, "SOL_SOCKET", "SCM_CREDENTIALS", fmt.Sprintf("{pid=%s, uid=%s, gid=%s}", args[0], args[1], args[2]))
		case "inq":
			add(20, "SOL_SOCKET", "SCM_INQ", "["+args[0]+"]")
		case "cmsg":
			data := ""
			if len(args) > 3 {
				data = "[" + strings.Join(numbers(args[3:]), ", ") + "]"
			}
			add(number(args[0]), args[1], args[2], data)
		case "length":
			length = number(args[0])
		case "room":
			room = args[0] + " => "
		case "flags":
			flags = args[0]
		default:
			n = number(f[0])
		}
	}
	shown := ""
	if length > 0 || room != "" {
		shown = "msg_control=[" + strings.Join(control, ", ") + "], "
	}
	return fmt.Sprintf("{msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=%s, iov_len=%d}], msg_iovlen=1, %smsg_controllen=%s%d, msg_flags=%s}",
		data, n, shown, room, length, flags)
}

// numbers spells out 7..9 and 6*3.
func numbers(words []string) (all []string) {
	for _, w := range words {
		if from, to, isRange := strings.Cut(w, ".."); isRange {
			for n := number(from); n <= number(to); n++ {
				all = append(all, strconv.Itoa(n))
			}
		} else if n, times, isRepeated := strings.Cut(w, "*"); isRepeated {
			for range number(times) {
				all = append(all, n)
			}
		} else {
			all = append(all, w)
		}
	}
	return all
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic("no number in a law: " + s)
	}
	return n
}

func TestMessageWordsAreSpeltOut(t *testing.T) {
	l := law{steps: `recvmsg(4, {{"ab", 9, rights 5 7..8 6*2, creds 1 2 3, room 99, flags MSG_TRUNC}}, 0) = 2`}
	require.Equal(t, `recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ab", iov_len=9}], msg_iovlen=1, `+
		`msg_control=[{cmsg_len=36, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[5, 7, 8, 6, 6]}, `+
		`{cmsg_len=28, cmsg_level=SOL_SOCKET, cmsg_type=SCM_CREDENTIALS, cmsg_data={pid=1, uid=2, gid=3}}], msg_controllen=99 => 72, msg_flags=MSG_TRUNC}, 0) = 2`+"\n",
		l.script(variant{}))
	l.steps = `sendmsg(3, {{"x"..., 700, cmsg 15 SOL_IP 99 4, length 16}}, 0) = 700`
	require.Contains(t, l.script(variant{}), `msg_iov=[{iov_base="x"..., iov_len=700}], msg_iovlen=1, msg_control=[{cmsg_len=15, cmsg_level=SOL_IP, cmsg_type=99, cmsg_data=[4]}], msg_controllen=16, `)
	l.steps = `sendmsg(3, {{"abc"}}, 0) = 3`
	require.Contains(t, l.script(variant{}), `iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}`)
}
