package app

import (
	"context"
	"path/filepath"

	"voordeur/internal/clock"
	"voordeur/internal/mailbox"
)

// openMail returns the address of the SMTP server to use: the operator's, or without one a server of our own that keeps every
// mail and shows it on a page.
func (a *App) openMail(ctx context.Context, role Role, onClose func(func() error)) (string, error) {
	if a.cfg.SMTPURL != "" {
		return a.cfg.SMTPURL, nil
	}
	box, err := mailbox.Open(filepath.Join(a.cfg.DataDir, "mailbox"), clock.Now, a.log)
	if err != nil {
		return "", err
	}
	if role == Everything && a.cfg.MailboxAddr != "" {
		page := &swap{}
		page.set(box.Handler())
		l, err := a.listen(ctx, "the captured mail", "VOORDEUR_MAILBOX_ADDR", a.cfg.MailboxAddr, page, onClose)
		if err != nil {
			return "", err
		}
		a.others = append(a.others, l)
	}
	onClose(box.Close)
	return box.Listen(ctx, "127.0.0.1:0")
}
