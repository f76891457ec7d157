//go:build embed

// Package frontendportal holds the built customer portal.
package frontendportal

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// FS returns the built app as it is embedded in the binary.
func FS() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		// The path is a constant that the compiler has already checked.
		panic(err)
	}
	return sub
}
