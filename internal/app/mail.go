package app

import "context"

// openMail returns the address of the SMTP server to use.
func (a *App) openMail(_ context.Context, _ Role, _ func(func() error)) (string, error) {
	return a.cfg.SMTPURL, nil
}
