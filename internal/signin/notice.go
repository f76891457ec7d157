package signin

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/db"
	"voordeur/internal/mailer"
)

// MailSecurity is a notice about an account, which cannot be switched off; package invitation writes it.
const MailSecurity = "security_notice"

// NoticeKind is what a notice is about.
type NoticeKind string

// What somebody is told about the own account.
const (
	NoticeFactorOn     NoticeKind = "factor_on"
	NoticeFactorOff    NoticeKind = "factor_off"
	NoticeRecoveryUsed NoticeKind = "recovery_used"
	NoticeCodesRenewed NoticeKind = "codes_renewed"
	NoticeResetBegun   NoticeKind = "reset_begun"
	NoticeResetStopped NoticeKind = "reset_stopped"
	NoticeResetDone    NoticeKind = "reset_done"
	NoticeNewDevice    NoticeKind = "new_device"

	NoticePasskeyAdded   NoticeKind = "passkey_added"
	NoticePasskeyRemoved NoticeKind = "passkey_removed"
	NoticePasskeyCopied  NoticeKind = "passkey_copied"
)

// Notice is the payload of a MailSecurity: ids and words, no secret.
type Notice struct {
	Member   uuid.UUID  `json:"member,omitzero"`
	Employee uuid.UUID  `json:"employee,omitzero"` // it is about one of the office
	What     NoticeKind `json:"what"`
	Device   string     `json:"device,omitempty"`
	At       time.Time  `json:"at"`
	Reset    uuid.UUID  `json:"reset,omitzero"`
}

// tell puts a notice for a customer in the outbox; who has no address anywhere is told nothing.
func (s *Service) tell(tx *db.Tx, memberID uuid.UUID, n Notice) error {
	to, err := knownAddress(tx, memberID)
	if err != nil || to == "" {
		return err
	}
	n.Member, n.At = memberID, s.Now()
	_, err = mailer.Enqueue(tx, mailer.Mail{Kind: MailSecurity, Recipient: to, Payload: n})
	return err
}

// tellEmployee puts a notice for an employee in the outbox.
func (s *Service) tellEmployee(tx *db.Tx, employeeID uuid.UUID, n Notice) error {
	var to string
	if err := tx.Raw(`SELECT email FROM employees WHERE id = ?`, employeeID).Scan(&to).Error; err != nil || to == "" {
		return err
	}
	n.Employee, n.At = employeeID, s.Now()
	_, err := mailer.Enqueue(tx, mailer.Mail{Kind: MailSecurity, Recipient: to, Payload: n})
	return err
}

// knownAddress is the own address of a customer or, without one, where the newest link went. Unlike Recipient it needs no dossier:
// who is signing in sees none.
func knownAddress(tx *db.Tx, memberID uuid.UUID) (string, error) {
	var to string
	err := tx.Raw(`SELECT coalesce(nullif(c.email, ''), (SELECT x.recipient FROM mails x JOIN password_links l ON l.organisation_id = x.organisation_id AND l.member_id = m.id
			AND x.payload @> jsonb_build_object('links', jsonb_build_array(l.id::text)) ORDER BY x.id DESC LIMIT 1), '')
		FROM portal_members m JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id WHERE m.id = ?`, memberID).Scan(&to).Error
	return to, err
}

// What a browser calls itself, the more particular first: nearly all say "Safari" too.
var (
	browsers = [][2]string{
		{"Edg/", "Edge"},
		{"EdgA/", "Edge"},
		{"OPR/", "Opera"},
		{"SamsungBrowser", "Samsung Internet"},
		{"Firefox/", "Firefox"},
		{"FxiOS", "Firefox"},
		{"CriOS", "Chrome"},
		{"Chrome/", "Chrome"},
		{"Safari/", "Safari"},
	}
	systems = [][2]string{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Android", "Android"},
		{"Windows", "Windows"},
		{"Mac OS X", "Mac"},
		{"CrOS", "Chromebook"},
		{"Linux", "Linux"},
	}
)

// Device says in words what somebody uses: "Chrome, Windows". Both languages call these things the same.
func (c Client) Device() string {
	has := func(words string) bool { return strings.Contains(c.UserAgent, words) }
	browser := ""
	for _, b := range browsers {
		if has(b[0]) {
			browser = b[1]
			break
		}
	}
	system := ""
	for _, o := range systems {
		if has(o[0]) {
			system = o[1]
			break
		}
	}
	return strings.Trim(browser+", "+system, ", ")
}
