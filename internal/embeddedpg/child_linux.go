package embeddedpg

import "syscall"

// dieWithParent: should we be killed -9, the server shuts down by itself.
func dieWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGINT }

const userNamespaces = true

// intoNamespace runs the child as uid 1000 of a user namespace, which is our own
// uid outside: PostgreSQL does not see root, the files stay ours.
func intoNamespace(a *syscall.SysProcAttr, uid, gid int) {
	a.Cloneflags = syscall.CLONE_NEWUSER
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 1000, HostID: uid, Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 1000, HostID: gid, Size: 1}}
	a.Credential = &syscall.Credential{Uid: 1000, Gid: 1000}
}
