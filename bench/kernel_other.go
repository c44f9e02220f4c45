//go:build !linux

package main

// kernels: only Linux is measured.
func kernels() []contestant { return nil }
