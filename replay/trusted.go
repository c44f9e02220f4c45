package replay

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"

	"sockpair/emu"
	"sockpair/strace"
)

// What a recording takes for granted of names: directories and files that were
// there before it, or that a call which was not recorded has made or removed.
// They follow from the recorded results. A script that is complete
// (Options.Strict) takes nothing for granted.

// known are the names of a log.
type known struct {
	bound     map[string]bool // by a bind that did not fail, or made by rename, link or symlink
	addressed map[string]bool // by connect, or a send
	touched   map[string]bool // paths, and the directories above them
	removes   bool            // it shows files being removed or renamed: so it shows all of that
	paths     bool            // it has paths
	needed    []string        // directories that must have been there
	refused   bool            // somebody was refused a file, as user 0 never is
}

// pathKey is what addresses have in common that lead to the same socket: the
// path, without what stands behind its end, or the abstract name, which begins
// with a NUL. "" is no name.
func pathKey(name []byte) string {
	if len(name) <= 2 || int(name[0])|int(name[1])<<8 != emu.AF_UNIX {
		return ""
	}
	if name = name[2:]; name[0] != 0 {
		name, _, _ = bytes.Cut(name, []byte{0})
	}
	return string(name)
}

// nameKey is pathKey for sockets of a type.
func nameKey(typ int, name []byte) string { return strconv.Itoa(typ) + pathKey(name) }

// isPath reports whether a key is a path.
func isPath(key string) bool { return key != "" && key[0] != 0 }

// collect reads the names in a log.
func (s *script) collect() {
	k := &s.known
	k.bound, k.addressed, k.touched = map[string]bool{}, map[string]bool{}, map[string]bool{}
	made := map[string]bool{}
	changesUser := false
	for _, c := range s.calls {
		k.read(c, made)
		changesUser = changesUser || changeUser[c.text.Name]
	}
	k.refused = k.refused && !changesUser
	delete(k.addressed, "")
	for key := range k.addressed {
		k.touch(key)
	}
	for key := range k.bound {
		k.touch(key)
	}
}

// changeUser are the calls after which another user may be refused a file.
var changeUser = map[string]bool{"setuid": true, "setresuid": true, "setreuid": true, "setfsuid": true}

// read reads the names of a call. made is what the log has made until then.
func (k *known) read(c *call, made map[string]bool) {
	failed := c.text.Result != nil && c.text.Result.Errno != ""
	switch c.text.Name {
	case "bind":
		key := addressKey(c.text.Arg(1), c.text.Arg(2))
		k.above(c, key, made, "EADDRINUSE")
		if !failed && key != "" {
			k.bound[key], made[key] = true, true
		}
	case "connect":
		key := addressKey(c.text.Arg(1), c.text.Arg(2))
		k.addressed[key] = true
		k.above(c, key, made, "ECONNREFUSED", "EPROTOTYPE", "EAGAIN")
	case "sendto":
		k.addressed[addressKey(c.text.Arg(4), c.text.Arg(5))] = true
		return
	case "sendmsg":
		k.addressed[messageKey(c.text.Arg(1))] = true
		return
	case "sendmmsg":
		for _, e := range c.text.Arg(1).Elems() {
			hdr, _ := e.Field("msg_hdr")
			k.addressed[messageKey(hdr)] = true
		}
		return
	default:
		if _, ok := fileCalls[c.text.Name]; !ok {
			return
		}
		k.file(c, made, failed)
	}
	k.refused = k.refused || failed && c.text.Result.Errno == "EACCES"
}

// file reads the names of a call on files.
func (k *known) file(c *call, made map[string]bool, failed bool) {
	f := fileCalls[c.text.Name]
	k.paths = true
	for i, at := range f.paths {
		b, _, ok := c.text.Arg(at).Bytes()
		if !ok {
			continue
		}
		p := string(b)
		k.above(c, p, made, "EEXIST", "ENOTEMPTY")
		if failed {
			continue
		}
		switch {
		case c.text.Name == "chdir":
			k.above(c, path.Join(p, "x"), made)
		case i == len(f.paths)-1 && f.makes:
			made[path.Clean(p)] = true
			k.bound[p] = k.bound[p] || f.moves
		}
	}
	k.removes = k.removes || f.removes
}

// above notes the directories above a path, if the call shows that they are
// there and the log has not made them.
func (k *known) above(c *call, p string, made map[string]bool, errnos ...string) {
	if !isPath(p) || c.text.Result == nil {
		return
	}
	if e := c.text.Result.Errno; e != "" && !slices.Contains(errnos, e) {
		return
	}
	dir := path.Dir(path.Join("/", p))
	for d := dir; d != "/"; d = path.Dir(d) {
		if made[d] || made[strings.TrimPrefix(d, "/")] {
			return
		}
	}
	tooLong := slices.ContainsFunc(strings.Split(dir, "/"), func(name string) bool { return len(name) > emu.NAME_MAX })
	if dir != "/" && len(dir) < emu.PATH_MAX && !tooLong && !strings.Contains(dir, "\x00") {
		k.needed = append(k.needed, dir)
	}
}

// touch notes a path and the directories above it.
func (k *known) touch(p string) {
	if !isPath(p) {
		return
	}
	k.paths = true
	for p = path.Clean(p); p != "/" && p != "."; p = path.Dir(p) {
		k.touched[p] = true
	}
}

func addressKey(v, length strace.Value) string {
	n, _ := length.Int()
	name, ok := sockaddr(v, int(int32(n)))
	if !ok || isAddress(v) {
		return ""
	}
	return pathKey(name)
}

func messageKey(hdr strace.Value) string {
	name, _ := hdr.Field("msg_name")
	n, _ := hdr.Field("msg_namelen")
	return addressKey(name, n)
}

// addresses reports whether somebody in the log sends or connects to a name,
// or to one that may be the same.
func (s *script) addresses(key string) bool { return s.known.among(s.known.addressed, key) }

// among looks for a name. Paths of which one is relative may be the same if
// their last names are.
func (k *known) among(names map[string]bool, key string) bool {
	if names[key] || !isPath(key) {
		return names[key]
	}
	for other := range names {
		if isPath(other) && path.Base(other) == path.Base(key) && (path.IsAbs(other) != path.IsAbs(key) || path.Clean(other) == path.Clean(key)) {
			return true
		}
	}
	return false
}

// elsewhere reports that the address is one that nobody in the log was given.
func (a *attempt) elsewhere(name []byte) bool {
	key := a.r.recordedKey(name)
	if a.r.opts.Strict || a.scripted() || key == "" || isAutobound(name) && a.r.isChosen(name) {
		return false
	}
	if isPath(key) {
		for d := path.Dir(path.Clean(key)); d != "/" && d != "."; d = path.Dir(d) {
			if a.r.s.known.bound[d] { // a directory that was renamed, or a link to one
				return false
			}
		}
	}
	return !a.r.s.known.among(a.r.s.known.bound, key)
}

// isChosen reports whether the machine has chosen a name.
func (r *run) isChosen(name []byte) bool {
	for _, mine := range r.autobound {
		if mine == string(name) {
			return true
		}
	}
	return false
}

// arrange makes what the recorded result of a bind, connect or send to a path
// says was there, or takes away what it says was not.
func (a *attempt) arrange(name []byte) {
	key := pathKey(name)
	if !isPath(key) || !a.trusts(key) {
		return
	}
	binds := a.c.text.Name == "bind"
	switch {
	case binds && a.succeeded():
		a.absent(key)
	case binds && a.failedWith("EADDRINUSE"), !binds && a.failedWith("ECONNREFUSED"):
		a.present(key, emu.S_IFSOCK|0o777)
	case !binds && a.failedWith("ENOENT"):
		a.absent(key)
	case !binds && a.failedWith("EACCES"):
		a.present(key, emu.S_IFSOCK)
	}
}

// trusts reports that what is at a path follows from the recorded result,
// and not from what the log has done before: it has not met the path, or does
// not show what becomes of files.
func (a *attempt) trusts(p string) bool {
	if a.r.opts.Strict || a.want == nil || !a.want.Known() && a.want.Errno == "" || a.t.of.ended {
		return false
	}
	p = a.absolute(p)
	met := a.r.met[p]
	a.r.met[p] = true
	return !met || !a.r.s.known.removes
}

// absolute is a path from the root.
func (a *attempt) absolute(p string) string {
	if path.IsAbs(p) {
		return path.Clean(p)
	}
	b := make([]byte, emu.PATH_MAX)
	n, err := a.t.p.Getcwd(b)
	if err != nil || n < 1 {
		return path.Join("/", p)
	}
	return path.Join(string(b[:n-1]), p)
}

// present makes a file, if there is none.
func (a *attempt) present(p string, mode uint32) {
	if mode&emu.S_IFMT == emu.S_IFDIR {
		_ = a.r.sender.Mkdir(a.absolute(p), mode&0o7777)
		return
	}
	_ = a.r.sender.Mknod(a.absolute(p), mode, 0)
}

// absent removes a file.
func (a *attempt) absent(p string) {
	if p = a.absolute(p); a.r.sender.Unlink(p) != nil {
		_ = a.r.sender.Rmdir(p)
	}
}
