package invitation_test

import (
	"errors"

	"voordeur/internal/fault"
)

// fieldCode is the code of the first field of a fault.
func fieldCode(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok && len(f.Fields) > 0 {
		return f.Fields[0].Code
	}
	return ""
}
