package replay

import (
	"io"

	"sockpair/emu"
)

// Options are how a log is run.
type Options struct {
	// File is the log's name in errors.
	File string
	// Strings bounds how much of a string of a result is shown; 0 means 1 MiB.
	Strings int
	// Runs bounds how often the log is run to find an order of its
	// overlapping calls that explains it; 0 means 2000, and less for a long log.
	Runs int
	// Strict takes nothing on trust: a signal that comes must have been sent,
	// and its handler run, by what the log shows; a process must end by
	// itself; SIGPIPE is not ignored unless the log says so. Without it what
	// the machine has not seen comes from outside the log.
	Strict bool
}

// Boot makes a machine. A log is run on a new one each time. configure is
// what the log says of the machine, and personality the one it names, or "".
type Boot func(configure func(*emu.Config), personality string) (Machine, error)

// Emulate returns the Boot of emulated machines with the configuration given.
func Emulate(cfg emu.Config) Boot {
	return func(configure func(*emu.Config), personality string) (Machine, error) {
		c := cfg
		switch personality {
		case "linux":
			c.Personality = emu.Linux()
		case "posix":
			c.Personality = emu.POSIX()
		}
		configure(&c)
		return NewEmulator(c)
	}
}

// Run runs a log. The error says that the log cannot be read, or that the
// machine cannot be made; a difference is no error.
func Run(boot Boot, in io.Reader, opts Options) (*Report, error) {
	s, err := parse(in, opts.File)
	if err != nil {
		return nil, err
	}
	s.strict = opts.Strict
	if opts.Strings == 0 {
		opts.Strings = 1 << 20
	}
	if opts.Runs == 0 {
		opts.Runs = maxRuns
	}
	return search(s, boot, opts)
}

// once runs the log on a new machine; stop ends it at the first difference.
func once(s *script, boot Boot, p plan, opts Options, stop bool) (*run, error) {
	personality := ""
	if s.machine != nil {
		personality = s.machine.personality
	}
	m, err := boot(s.configure, personality)
	if err != nil {
		return nil, err
	}
	r, err := pass(s, m, p, opts, stop)
	if closeErr := m.Close(); err == nil {
		err = closeErr
	}
	return r, err
}
