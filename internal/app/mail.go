package app

import (
	"context"
	"fmt"
	"path/filepath"

	"voordeur/internal/clock"
	"voordeur/internal/mailbox"
)

// openMail returns the address of the SMTP server to use. Without one in the configuration that is a server of our own, which
// keeps every mail and shows it on a page: nothing leaves the machine.
func (a *App) openMail(ctx context.Context, role Role, handler *swap, onClose func(func() error)) (string, error) {
	if a.cfg.SMTPURL != "" || role == WorkerOnly {
		return a.cfg.SMTPURL, nil
	}
	box, err := mailbox.Open(filepath.Join(a.cfg.DataDir, "mail"), clock.Now, a.log)
	if err != nil {
		return "", err
	}
	address, err := box.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("app: %w", err)
	}
	onClose(box.Close)
	handler.set(private(a.cfg.MailboxAddr, box.Handler()))
	return address, nil
}
