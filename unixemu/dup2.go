//go:build unix && !linux

package unixemu

func (p *Process) Dup2(oldfd, newfd int) error {
	_, err := p.emulated.Dup2(oldfd, newfd)
	return hostError(err)
}
