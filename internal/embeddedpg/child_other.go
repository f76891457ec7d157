//go:build !linux

package embeddedpg

import "syscall"

// dieWithParent: other systems have no such signal; the next start attaches to
// the server that stayed.
func dieWithParent(*syscall.SysProcAttr) {}

const userNamespaces = false

func intoNamespace(*syscall.SysProcAttr, int, int) {}
