// Package failpoint names the places where a crash hurts most, so that a test
// can end the program, or make it fail, exactly there. Without the build tag
// `failpoint` every point is an empty function that the compiler removes.
package failpoint

import "errors"

// ErrInjected is what a point returns when it was told to fail.
var ErrInjected = errors.New("failpoint: injected failure")
