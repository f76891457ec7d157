package seed

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"
)

// Read returns the demo whose logins an earlier Run left in dataDir.
func Read(dataDir string) (*Demo, error) { return read(dataDir) }

// Print tells where everything is and how to get in, with the codes of this half minute.
func (d *Demo) Print(w io.Writer, now time.Time) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\nVoordeur is open.\n\n")
	for _, o := range offices {
		fmt.Fprintf(&b, "  %-22s %s/%s\n", "Portal "+strings.Fields(o.name)[0], d.PortalURL, o.slug)
	}
	fmt.Fprintf(&b, "  %-22s %s\n  %-22s %s\n  %-22s %s/api/docs\n", "Office", d.OfficeURL, "Captured mail", d.MailURL, "The API", d.OfficeURL)

	fmt.Fprintf(&b, "\n  Employees (password %s)\n", employeePassword)
	for _, e := range d.Employees {
		code, err := totp.GenerateCode(e.TOTPSecret, now)
		if err != nil {
			return fmt.Errorf("seed: %s: %w", e.Email, err)
		}
		fmt.Fprintf(&b, "    %-28s %-12s code now %s   key %s\n", e.Email, e.Role, code, e.TOTPSecret)
	}

	fmt.Fprintf(&b, "\n  Customers\n")
	for _, o := range offices {
		var names []string
		for _, c := range d.Customers {
			if c.Office == o.slug && !strings.Contains(c.Username, "@") && !slices.Contains(names, c.Username) {
				names = append(names, c.Username)
			}
		}
		fmt.Fprintf(&b, "    %-12s password %-24s %s …\n", o.slug, o.password, strings.Join(names[:min(4, len(names))], ", "))
	}
	fmt.Fprintf(&b, "\n  All logins are in demo.json in the data folder; `voordeur demo` prints this again, with fresh codes.\n\n")
	_, err := io.WriteString(w, b.String())
	return err
}
