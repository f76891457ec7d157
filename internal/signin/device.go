package signin

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"github.com/google/uuid"

	"voordeur/internal/db"
	"voordeur/internal/sealed"
)

// A browser in which somebody signed in before is a known one of theirs: it has tries of its own, so that what strangers try elsewhere
// never keeps it out. It opens nothing by itself. Customers and employees have the same rule.

// mostKnown is how many people one browser may be known to: a family has one tablet.
const mostKnown = 4

// knownDevice says whether device was given to a browser in which subject finished signing in, and how to count its tries. Nothing
// is stored of it: the key makes it, for this subject only.
func (s *Service) knownDevice(subject uuid.UUID, device string) (string, bool) {
	if subject == uuid.Nil {
		return "", false
	}
	for mark := range strings.SplitSeq(device, "~") {
		nonce, mac, ok := strings.Cut(mark, ".")
		if ok && len(nonce) == 22 && subtle.ConstantTimeCompare([]byte(mac), []byte(s.deviceMAC(subject, nonce))) == 1 {
			return nonce, true
		}
	}
	return "", false
}

func (s *Service) deviceMAC(subject uuid.UUID, nonce string) string {
	t := sealed.Token(s.Key, "known-device", subject.String()+" "+nonce)
	return base64.RawURLEncoding.EncodeToString(t[:])
}

// device keeps what was shown, or adds to it in a browser in which subject signs in for the first time.
func (s *Service) device(subject uuid.UUID, shown string) string {
	if _, known := s.knownDevice(subject, shown); known {
		return shown
	}
	raw := make([]byte, 16)
	_, _ = rand.Read(raw) // never fails
	nonce := base64.RawURLEncoding.EncodeToString(raw)
	marks := []string{nonce + "." + s.deviceMAC(subject, nonce)}
	if shown != "" {
		marks = append(marks, strings.Split(shown, "~")...)
	}
	return strings.Join(marks[:min(len(marks), mostKnown)], "~")
}

// loginTries are what trying a password takes.
type loginTries struct{ account, address allowance }

// loginTries takes a try of the account and of the address; of a known browser only one of its own.
func (s *Service) loginTries(subject uuid.UUID, account string, client Client) loginTries {
	if nonce, known := s.knownDevice(subject, client.Known); known {
		return loginTries{account: s.accountAllowance("login:device:" + nonce)}
	}
	return loginTries{s.accountAllowance(account), s.addressAllowance(client.key("login"))}
}

func (t loginTries) allowances() []allowance {
	if t.address.key == "" {
		return []allowance{t.account}
	}
	return []allowance{t.account, t.address}
}

func (t loginTries) forgive(tx *db.Tx) error { return forgive(tx, t.account.key, t.address.key) }

// factorTries is how often the second factor may be tried.
func (s *Service) factorTries(subject uuid.UUID, client Client) allowance {
	if nonce, known := s.knownDevice(subject, client.Known); known {
		return s.accountAllowance("totp:device:" + nonce)
	}
	return s.accountAllowance("totp:" + subject.String())
}
