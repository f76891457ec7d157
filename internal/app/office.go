package app

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp/totp"

	"voordeur/internal/actionpoint"
	"voordeur/internal/clock"
	"voordeur/internal/db"
	"voordeur/internal/mailer"
	"voordeur/internal/member"
	"voordeur/internal/sealed"
	"voordeur/internal/signin"
)

// NewOffice is what an operator says about a new office.
type NewOffice struct {
	Slug, Name                 string
	Email, FirstName, LastName string
	Password                   string
}

// MadeOffice is what the administrator needs to begin.
type MadeOffice struct {
	PortalURL, OfficeURL string
	TOTPSecret, TOTPURL  string
}

// CreateOffice makes an office with its first administrator. Only somebody with access to the server can do this.
func (a *App) CreateOffice(ctx context.Context, in NewOffice) (MadeOffice, error) {
	in.Slug, in.Email = strings.ToLower(strings.TrimSpace(in.Slug)), strings.TrimSpace(in.Email)
	if !mailer.ValidAddress(in.Email) {
		return MadeOffice{}, fmt.Errorf("%q is not an e-mail address", in.Email)
	}
	if err := signin.CheckPassword(in.Password, signin.MinPasswordSecondFactor, in.Email, in.FirstName, in.LastName, in.Name); err != nil {
		return MadeOffice{}, fmt.Errorf("the password is not good enough: %w", err)
	}
	hash, err := a.services.hasher.Hash(ctx, in.Password)
	if err != nil {
		return MadeOffice{}, err
	}
	factor, err := totp.Generate(totp.GenerateOpts{Issuer: "Voordeur " + in.Name, AccountName: in.Email})
	if err != nil {
		return MadeOffice{}, err
	}
	organisation, admin, now := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7()), clock.Now()
	box := sealed.Seal(a.key, signin.TOTPPlace(admin), []byte(factor.Secret()))
	conn, err := pgx.Connect(ctx, a.database.owner)
	if err != nil {
		return MadeOffice{}, fmt.Errorf("app: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		b.Queue("SELECT set_config('app.organisation', $1, true)", organisation.String())
		b.Queue(`INSERT INTO organisations (organisation_id, slug, name, email, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)`,
			organisation, in.Slug, in.Name, in.Email, now)
		b.Queue(`INSERT INTO employees (organisation_id, id, email, email_folded, first_name, last_name, role, password_hash, totp_secret, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, 'admin', $7, $8, $9, $9)`,
			organisation, admin, in.Email, member.Fold(in.Email), in.FirstName, in.LastName, hash, box, now)
		actionpoint.QueueTemplates(b)
		return tx.SendBatch(ctx, b).Close()
	})
	switch {
	case db.IsUnique(err, "organisations_slug_key"):
		return MadeOffice{}, fmt.Errorf("there is an office %q already", in.Slug)
	case db.IsUnique(err, "employees_email_folded_key"):
		return MadeOffice{}, fmt.Errorf("%s signs in at an office already", in.Email)
	case err != nil:
		return MadeOffice{}, err
	}
	portal, err := url.JoinPath(a.cfg.PortalURL, in.Slug)
	if err != nil {
		return MadeOffice{}, err
	}
	return MadeOffice{PortalURL: portal, OfficeURL: a.cfg.OfficeURL, TOTPSecret: factor.Secret(), TOTPURL: factor.URL()}, nil
}
