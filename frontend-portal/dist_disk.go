//go:build !embed

// Package frontendportal holds the built customer portal.
package frontendportal

import (
	"io/fs"
	"os"
)

// FS returns the built app from ./frontend-portal/dist, so that Go compiles and tests run without a front-end build.
func FS() fs.FS {
	return os.DirFS("frontend-portal/dist")
}
