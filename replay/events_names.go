package replay

import (
	"sockpair/emu"
	"sockpair/strace"
)

// The arguments of calls on names of files.

var fileTypes = &set{"S_IF???", []named{{"S_IFSOCK", emu.S_IFSOCK}, {"S_IFLNK", emu.S_IFLNK}, {"S_IFREG", emu.S_IFREG},
	{"S_IFBLK", emu.S_IFBLK}, {"S_IFDIR", emu.S_IFDIR}, {"S_IFCHR", emu.S_IFCHR}, {"S_IFIFO", emu.S_IFIFO}}}

var specialBits = &set{"", []named{{"S_ISUID", emu.S_ISUID}, {"S_ISGID", emu.S_ISGID}, {"S_ISVTX", emu.S_ISVTX}}}

var accessModes = &set{"?_OK", []named{{"R_OK", emu.R_OK}, {"W_OK", emu.W_OK}, {"X_OK", emu.X_OK}}}

// atFlags are the flags of a call; one number has two names.
func atFlags(ev emu.Event) *set {
	names := []named{{"AT_SYMLINK_NOFOLLOW", emu.AT_SYMLINK_NOFOLLOW}, {"AT_SYMLINK_FOLLOW", emu.AT_SYMLINK_FOLLOW},
		{"AT_NO_AUTOMOUNT", emu.AT_NO_AUTOMOUNT}, {"AT_EMPTY_PATH", emu.AT_EMPTY_PATH}}
	switch ev.Call {
	case "unlinkat":
		names = append(names, named{"AT_REMOVEDIR", emu.AT_REMOVEDIR})
	case "faccessat2":
		names = append(names, named{"AT_EACCESS", emu.AT_EACCESS})
	}
	return &set{"AT_???", names}
}

// accessValue is what access asks for: F_OK alone stands for nothing.
func accessValue(mode int) strace.Value {
	if mode == emu.F_OK {
		return strace.Word("F_OK")
	}
	return accessModes.flags(mode)
}

// nodeArgs are mknod's and mknodat's, whose last is shown for devices alone.
func nodeArgs(ev emu.Event, args []strace.Value) []strace.Value {
	n := len(args)
	mode, _ := ev.Args[n-2].(emu.FileMode)
	args[n-2] = modeValue(uint64(mode))
	if typ := mode & emu.S_IFMT; typ != emu.S_IFCHR && typ != emu.S_IFBLK {
		args = args[:n-1]
	}
	return args
}

// modeValue is a mode with its type and three bits by their names. A type that
// there is not leaves a number.
func modeValue(mode uint64) strace.Value {
	var operands []strace.Value
	if typ := int64(mode & emu.S_IFMT); typ != 0 {
		known := fileTypes.one(int(typ))
		if known.Kind != strace.Name {
			return strace.Octal(mode)
		}
		operands = append(operands, known)
	}
	for _, bit := range specialBits.names {
		if int64(mode)&bit.n != 0 {
			operands = append(operands, strace.Word(bit.name))
		}
	}
	return strace.Operation("|", append(operands, permissionsValue(mode&0o777))...)
}

// permissionsValue is permissions in octal, three digits of them at least.
func permissionsValue(n uint64) strace.Value {
	v := strace.Octal(n)
	if len(v.Text) < 3 {
		v.Text = "000"[:3-len(v.Text)] + v.Text
	}
	return v
}

// statValue is what a file is, as far as strace shows it.
func statValue(st *emu.Stat) strace.Value {
	return strace.StructOf(strace.F("st_mode", modeValue(uint64(st.Mode))), strace.F("st_size", strace.Int(st.Size)), strace.Item{Value: strace.Dots()})
}
