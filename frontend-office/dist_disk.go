//go:build !embed

// Package frontendoffice holds the built office app.
package frontendoffice

import (
	"io/fs"
	"os"
)

// FS returns the built app from ./frontend-office/dist, so that Go compiles and tests run without a front-end build.
func FS() fs.FS {
	return os.DirFS("frontend-office/dist")
}
