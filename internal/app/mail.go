package app

import (
	"context"
	"fmt"
	"path/filepath"

	"voordeur/internal/clock"
	"voordeur/internal/mailbox"
	"voordeur/internal/sms"
)

// openMail returns the address of the SMTP server to use, and who sends text messages, if anybody does. Without a server in the
// configuration that is one of our own, which keeps every message and shows it on a page: nothing leaves the machine.
func (a *App) openMail(ctx context.Context, role Role, handler *swap, onClose func(func() error)) (string, sms.Provider, error) {
	var texts sms.Provider
	if a.cfg.SMSURL != "" {
		gateway, err := sms.NewHTTP(sms.Gateway{
			URL: a.cfg.SMSURL, Method: a.cfg.SMSMethod, Headers: a.cfg.SMSHeaderValues, Body: a.cfg.SMSBody,
			Status: a.cfg.SMSStatus, Answer: a.cfg.SMSAnswer, Timeout: a.cfg.SMSTimeout,
		})
		if err != nil {
			return "", nil, fmt.Errorf("VOORDEUR_SMS_…: %w", err)
		}
		texts = &sms.Breaker{Provider: gateway, Now: clock.Now}
	}
	if a.cfg.SMTPURL != "" || role == WorkerOnly {
		return a.cfg.SMTPURL, texts, nil
	}
	box, err := mailbox.Open(filepath.Join(a.cfg.DataDir, "mail"), clock.Now, a.log)
	if err != nil {
		return "", nil, err
	}
	address, err := box.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("app: %w", err)
	}
	onClose(box.Close)
	handler.set(private(a.cfg.MailboxAddr, box.Handler()))
	if texts == nil {
		texts = box
	}
	return address, texts, nil
}
