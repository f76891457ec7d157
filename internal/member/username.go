package member

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Fold is the form in which usernames are compared: trimmed, NFKC, lower case.
func Fold(s string) string { return strings.ToLower(norm.NFKC.String(strings.TrimSpace(s))) }

const (
	minUsername = 3
	maxUsername = 100
)

// plain keeps look-alikes of other scripts out: an "а" that is Cyrillic cannot pose as somebody else's name.
var plain = regexp.MustCompile(`^[a-z0-9._@+-]+$`)

// Check says why username cannot be that of a contact with this e-mail address, or nothing. An address is a username only for
// the one who receives its mail: otherwise anybody could take somebody else's.
func Check(username, contactEmail string) UsernameReason {
	folded := Fold(username)
	switch {
	case strings.Contains(folded, "@"):
		if contactEmail == "" || folded != Fold(contactEmail) {
			return UsernameNotYours
		}
		return "" // an address that mail can be sent to may hold signs that a chosen name may not
	case len(folded) < minUsername || len(folded) > maxUsername:
		return UsernameLength
	case !plain.MatchString(folded):
		return UsernameCharacters
	}
	return ""
}
