// Command wasip1 runs a program that was built for wasip1/wasm, for
// go test -exec: the files of the host are there under their own names, the
// environment and the current directory are the caller's, the clocks and the
// randomness real.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: wasip1 PROGRAM.wasm [ARGUMENT...]")
		os.Exit(2)
	}
	status, err := run(context.Background(), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "wasip1:", err)
		os.Exit(2)
	}
	os.Exit(status)
}

func run(ctx context.Context, args []string) (status int, err error) {
	program, err := os.ReadFile(args[0])
	if err != nil {
		return 0, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	// What has been translated once is kept beside Go's own cache.
	config := wazero.NewRuntimeConfig()
	if folder := os.Getenv("WASIP1_CACHE"); folder != "" {
		cache, err := wazero.NewCompilationCacheWithDir(folder)
		if err != nil {
			return 0, err
		}
		defer cache.Close(ctx)
		config = config.WithCompilationCache(cache)
	}
	r := wazero.NewRuntimeWithConfig(ctx, config)
	defer r.Close(ctx)
	wasi_snapshot_preview1.MustInstantiate(ctx, r)

	module := wazero.NewModuleConfig().
		WithArgs(args...).WithStdin(os.Stdin).WithStdout(os.Stdout).WithStderr(os.Stderr).
		WithFSConfig(wazero.NewFSConfig().WithDirMount("/", "/")).
		WithSysWalltime().WithSysNanotime().WithSysNanosleep().WithRandSource(rand.Reader)
	for _, e := range os.Environ() {
		if name, value, ok := strings.Cut(e, "="); ok && name != "" && name != "PWD" {
			module = module.WithEnv(name, value)
		}
	}
	module = module.WithEnv("PWD", dir)

	_, err = r.InstantiateWithConfig(ctx, program, module)
	if exit := (*sys.ExitError)(nil); errors.As(err, &exit) {
		return int(exit.ExitCode()), nil
	}
	return 0, err
}
