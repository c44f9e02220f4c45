//go:build !linux || !(amd64 || arm64)

package main

// gvisors: the package is built for Linux only.
func gvisors() []contestant { return nil }
