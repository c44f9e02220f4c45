package main

func gvisors() []contestant { return nil }
