//go:build !failpoint

package failpoint

// Enabled reports whether this program can be made to fail.
const Enabled = false

// Hit does nothing.
func Hit(string) error { return nil }
