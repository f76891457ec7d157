package dossier

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/client"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/member"
)

const maxApplicants = 10

// AddApplicant puts one more applicant on a dossier, a contact of the client or a new one, with a login that opens it; it
// mails nobody. ErrClosed, ErrTooManyApplicants; a bad value is a fault on its field.
func (s *Service) AddApplicant(ctx context.Context, dossierID uuid.UUID, in ApplicantDraft) (uuid.UUID, error) {
	return db.Write(ctx, s.DB, authz.DossierWrite, func(tx *db.Tx) (uuid.UUID, event.Event, error) {
		d, err := Lock(tx, dossierID)
		if err != nil {
			return uuid.Nil, event.Event{}, err
		}
		if err := d.Change(); err != nil {
			return uuid.Nil, event.Event{}, err
		}
		everybody, err := applicantsOf(tx, dossierID)
		if err != nil {
			return uuid.Nil, event.Event{}, err
		}
		present := applying(everybody)
		if len(present) >= maxApplicants {
			return uuid.Nil, event.Event{}, ErrTooManyApplicants
		}
		c, err := contactOf(tx, d.ClientID, in, "")
		if err != nil {
			return uuid.Nil, event.Event{}, err
		}
		a := Applicant{ID: uuid.Must(uuid.NewV7()), DossierID: dossierID, ContactID: c.ID, Position: len(present) + 1}
		at := slices.IndexFunc(everybody, func(was Applicant) bool { return was.ContactID == c.ID })
		switch {
		case at < 0:
			err = tx.Create(&a).Error
		case everybody[at].ArchivedAt == nil:
			err = fault.OnField("/contactId", "already-applicant")
		default:
			a.ID = everybody[at].ID
			err = tx.Select("position", "archived_at").Updates(&a).Error
		}
		if err != nil {
			return uuid.Nil, event.Event{}, err
		}
		if err := giveLogin(tx, d, c, in, "/username"); err != nil {
			return uuid.Nil, event.Event{}, err
		}
		return a.ID, event.Of("dossier.applicant_added", dossierID).In(dossierID).With("applicant", a.ID).With("name", c.Name()), save(tx, &d, s.Now())
	})
}

// RemoveApplicant archives an applicant: the login no longer opens the dossier, and what was still asked of this person
// alone is withdrawn. What was handed in stays, and so does the contact at the client. Where a login opens the dossier
// the caller says with endAccess that it knows, or gets ErrApplicantHasLogin; ErrLastApplicant: nobody would be left.
// db.ErrStale: somebody else changed the dossier since version.
func (s *Service) RemoveApplicant(ctx context.Context, dossierID, id uuid.UUID, version int64, endAccess bool) error {
	_, err := db.Write(ctx, s.DB, authz.DossierWrite, func(tx *db.Tx) (struct{}, event.Event, error) {
		ev, err := s.removeApplicant(tx, dossierID, id, version, endAccess)
		return struct{}{}, ev, err
	})
	return err
}

func (s *Service) removeApplicant(tx *db.Tx, dossierID, id uuid.UUID, version int64, endAccess bool) (event.Event, error) {
	d, err := lockVersion(tx, dossierID, version)
	if err != nil {
		return event.Event{}, err
	}
	if err := d.Change(); err != nil {
		return event.Event{}, err
	}
	everybody, err := applicantsOf(tx, dossierID)
	if err != nil {
		return event.Event{}, err
	}
	present := applying(everybody)
	at := slices.IndexFunc(present, func(a Applicant) bool { return a.ID == id })
	switch {
	case at < 0:
		return event.Event{}, db.ErrNotFound
	case len(present) == 1:
		return event.Event{}, ErrLastApplicant
	}
	a := present[at]
	closed, err := member.Close(tx, a.ContactID, dossierID)
	if err != nil {
		return event.Event{}, err
	}
	if closed && !endAccess {
		return event.Event{}, ErrApplicantHasLogin
	}
	withdrawn, err := s.Withdraw(tx, dossierID, a.ContactID)
	if err != nil {
		return event.Event{}, err
	}
	now := s.Now()
	a.ArchivedAt = &now
	if err := tx.Select("archived_at").Updates(&a).Error; err != nil {
		return event.Event{}, err
	}
	err = tx.Exec(`UPDATE applicants SET position = position - 1 WHERE dossier_id = ? AND archived_at IS NULL AND position > ?`, dossierID, a.Position).Error
	if err != nil {
		return event.Event{}, err
	}
	c, err := client.FindContact(tx, a.ContactID)
	if err != nil {
		return event.Event{}, err
	}
	ev := event.Of("dossier.applicant_removed", dossierID).In(dossierID).With("applicant", id).With("name", c.Name()).With("accessEnded", closed).With("withdrawn", withdrawn)
	return ev, save(tx, &d, now)
}

// applicantsOf returns everybody who applies or ever did. The dossier is locked: nobody else changes them.
func applicantsOf(tx *db.Tx, dossierID uuid.UUID) ([]Applicant, error) {
	var as []Applicant
	err := tx.Where("dossier_id = ?", dossierID).Order("position, id").Find(&as).Error
	return as, err
}

// applying leaves out who stopped.
func applying(everybody []Applicant) []Applicant {
	present := make([]Applicant, 0, len(everybody))
	for _, a := range everybody {
		if a.ArchivedAt == nil {
			present = append(present, a)
		}
	}
	return present
}
