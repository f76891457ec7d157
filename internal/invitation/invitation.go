// Package invitation brings a customer to the portal: the login, the link and the mail that carries it (A5, E1). It also writes the
// other mails about a login.
package invitation

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/client"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/mailer"
	"voordeur/internal/member"
	"voordeur/internal/organisation"
	"voordeur/internal/sealed"
	"voordeur/internal/signin"
)

// MailInvitation is the kind of mail that carries the first links.
const MailInvitation = "invitation"

// MailUsername is the kind of mail that tells a changed username.
const MailUsername = "username"

// Service holds the use cases of inviting.
type Service struct {
	DB            *db.DB
	Now           func() time.Time
	Key           sealed.Key
	Organisations *organisation.Service // for the address of the portal
	OfficeURL     string                // where employees sign in
}

// The faults of inviting.
var (
	ErrNoAddress      = fault.New(fault.Conflict, "no-address", "Nobody here has an e-mail address to send to.")
	ErrNobodyToInvite = fault.New(fault.Conflict, "nobody-to-invite", "Everybody with a username has chosen a password already.")
)

// Mail tells the office which mail leaves, and whose logins stand in it.
type Mail struct {
	Recipient string
	Members   []string
}

// CreateMember gives a contact of a client a login, with the rights that were chosen, and invites by mail (E1, C1).
func (s *Service) CreateMember(ctx context.Context, d member.Draft) (member.View, error) {
	return db.Write(ctx, s.DB, authz.MemberWrite, func(tx *db.Tx) (member.View, event.Event, error) {
		p, err := contactOf(tx, d)
		if err != nil {
			return member.View{}, event.Event{}, err
		}
		if _, exists, err := member.OfContact(tx, p.ID); err != nil || exists {
			if err == nil {
				err = fault.OnField("/contactId", "has-login")
			}
			return member.View{}, event.Event{}, err
		}
		m, err := member.CreateForContact(tx, member.Spec{
			ClientID: d.ClientID, ContactID: p.ID, ContactEmail: p.Email, Username: d.Username, Function: d.Function, DossierIDs: d.DossierIDs,
			Rights: d.Rights,
		})
		if err == nil {
			err = tx.Flush() // a username that is taken is told before anything else
		}
		if err != nil {
			return member.View{}, event.Event{}, err
		}
		if err := s.welcome(tx, m.ID); err != nil {
			return member.View{}, event.Event{}, err
		}
		v, err := member.Find(tx, s.Now(), m.ID)
		return v, event.Of("portal_member.created", m.ID).With("username", m.Username), err
	})
}

// SplitMember gives one dossier of a login that opens several a login of its own, and invites by mail as for any new one.
// See member.Split for what can be wrong.
func (s *Service) SplitMember(ctx context.Context, id uuid.UUID, version int64, dossierID uuid.UUID, username string) (member.View, error) {
	return db.Write(ctx, s.DB, authz.MemberWrite, func(tx *db.Tx) (member.View, event.Event, error) {
		own, err := member.Split(tx, id, version, dossierID, username)
		if err != nil {
			return member.View{}, event.Event{}, err
		}
		if err := s.welcome(tx, own.ID); err != nil {
			return member.View{}, event.Event{}, err
		}
		v, err := member.Find(tx, s.Now(), own.ID)
		return v, event.Of("portal_member.split", id).In(dossierID).With("username", own.Username), err
	})
}

// welcome invites a new member, unless the office does that by hand (C1). Without any address the login waits: the office sees "new"
// and can send the invitation later.
func (s *Service) welcome(tx *db.Tx, id uuid.UUID) error {
	office, err := organisation.Mine(tx)
	if err != nil || !office.InviteMembers {
		return err
	}
	to, err := signin.Recipient(tx, id)
	if err != nil || to == "" {
		return err
	}
	return s.send(tx, MailInvitation, to, uuid.Nil, []uuid.UUID{id}, member.Activation)
}

// contactOf finds the contact of a draft, or adds it.
func contactOf(tx *db.Tx, d member.Draft) (client.Contact, error) {
	if _, err := client.Find(tx, d.ClientID); err != nil {
		return client.Contact{}, fault.OnField("/clientId", "unknown").Because(err)
	}
	if d.ContactID == nil {
		return client.AddContact(tx, d.ClientID, client.ContactDraft{FirstName: d.FirstName, LastName: d.LastName, Email: d.Email}, "")
	}
	p, err := client.FindContact(tx, *d.ContactID)
	if err != nil || p.ClientID != d.ClientID {
		return p, fault.OnField("/contactId", "unknown").Because(err)
	}
	return p, nil
}

// InviteMember sends one member a link: the first, or one to choose a new password. The office can send it and no more (A9).
func (s *Service) InviteMember(ctx context.Context, id uuid.UUID) (member.View, error) {
	return db.Write(ctx, s.DB, authz.MemberWrite, func(tx *db.Tx) (member.View, event.Event, error) {
		m, to, err := s.addressee(tx, id)
		if err != nil {
			return member.View{}, event.Event{}, err
		}
		kind, purpose := MailInvitation, signin.PurposeFor(m.PasswordHash != nil)
		if purpose == member.Reset {
			kind = signin.MailReset
		}
		if err := s.send(tx, kind, to, uuid.Nil, []uuid.UUID{id}, purpose); err != nil {
			return member.View{}, event.Event{}, err
		}
		v, err := member.Find(tx, s.Now(), id)
		return v, event.Of("portal_member.invited", id), err
	})
}

// MailUsername tells a member the username, after it was changed (A2). Who has no password yet gets it with a fresh link to choose one.
func (s *Service) MailUsername(ctx context.Context, id uuid.UUID) (member.View, error) {
	return db.Write(ctx, s.DB, authz.MemberWrite, func(tx *db.Tx) (member.View, event.Event, error) {
		m, to, err := s.addressee(tx, id)
		if err != nil {
			return member.View{}, event.Event{}, err
		}
		if m.PasswordHash == nil {
			err = s.send(tx, MailInvitation, to, uuid.Nil, []uuid.UUID{id}, member.Activation)
		} else {
			_, err = mailer.EnqueueByHand(tx, mailer.Mail{Kind: MailUsername, Recipient: to, Payload: usernameMail{Member: id}})
		}
		if err != nil {
			return member.View{}, event.Event{}, err
		}
		v, err := member.Find(tx, s.Now(), id)
		return v, event.Of("portal_member.username_mailed", id).With("username", m.Username), err
	})
}

// addressee is a member who may be mailed, and where mail goes.
func (s *Service) addressee(tx *db.Tx, id uuid.UUID) (member.Member, string, error) {
	m, err := member.Lock(tx, id)
	switch {
	case err != nil:
		return m, "", err
	case m.ArchivedAt != nil:
		return m, "", member.ErrArchived
	case m.BlockedAt != nil:
		return m, "", member.ErrBlocked
	}
	to, err := signin.Recipient(tx, id)
	if err == nil && to == "" {
		err = ErrNoAddress
	}
	return m, to, err
}

type invitee struct {
	MemberID    uuid.UUID
	FirstName   string
	LastName    string
	Email       string
	HasPassword bool
}

// InviteDossier sends the invitation to every applicant of a dossier who has a username and has not chosen a password: one mail
// per address; who has no address stands in the mail of the first applicant who has one (A5).
func (s *Service) InviteDossier(ctx context.Context, dossierID uuid.UUID) ([]Mail, error) {
	return db.Write(ctx, s.DB, authz.MemberWrite, func(tx *db.Tx) ([]Mail, event.Event, error) {
		all, err := invitees(tx, dossierID)
		if err != nil {
			return nil, event.Event{}, err
		}
		fallback, err := firstAddress(tx, dossierID)
		if err != nil {
			return nil, event.Event{}, err
		}
		var order []string
		ids, mails := map[string][]uuid.UUID{}, map[string]*Mail{}
		waiting := 0
		for _, p := range all {
			if p.HasPassword {
				continue
			}
			waiting++
			to := p.Email
			if to == "" {
				to = fallback
			}
			if to == "" {
				continue
			}
			key := strings.ToLower(to)
			if mails[key] == nil {
				order, mails[key] = append(order, key), &Mail{Recipient: to}
			}
			ids[key] = append(ids[key], p.MemberID)
			mails[key].Members = append(mails[key].Members, strings.TrimSpace(p.FirstName+" "+p.LastName))
		}
		switch {
		case waiting == 0:
			return nil, event.Event{}, ErrNobodyToInvite
		case len(order) == 0:
			return nil, event.Event{}, ErrNoAddress
		}
		out := make([]Mail, 0, len(order))
		for _, key := range order {
			if err := s.send(tx, MailInvitation, mails[key].Recipient, dossierID, ids[key], member.Activation); err != nil {
				return nil, event.Event{}, err
			}
			out = append(out, *mails[key])
		}
		return out, event.Of("dossier.invited", dossierID).In(dossierID).With("mails", len(out)), nil
	})
}

// invitees returns who can be invited on a dossier, in the order of the applicants, members who are no applicant last.
func invitees(tx *db.Tx, dossierID uuid.UUID) ([]invitee, error) {
	var found int
	if err := tx.Raw(`SELECT count(*) FROM dossiers WHERE id = ?`, dossierID).Scan(&found).Error; err != nil {
		return nil, err
	}
	if found == 0 {
		return nil, db.ErrNotFound
	}
	var all []invitee
	err := tx.Raw(`SELECT m.id AS member_id, c.first_name, c.last_name, c.email, m.password_hash IS NOT NULL AS has_password
		FROM dossier_members d
		JOIN portal_members m ON m.organisation_id = d.organisation_id AND m.id = d.member_id AND m.blocked_at IS NULL AND m.archived_at IS NULL
		JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
		LEFT JOIN applicants a ON a.organisation_id = d.organisation_id AND a.dossier_id = d.dossier_id AND a.contact_id = m.contact_id AND a.archived_at IS NULL
		WHERE d.dossier_id = ? ORDER BY a.position NULLS LAST, m.id`, dossierID).Scan(&all).Error
	return all, err
}

func firstAddress(tx *db.Tx, dossierID uuid.UUID) (string, error) {
	var to string
	err := tx.Raw(`SELECT coalesce((SELECT c.email FROM applicants a JOIN contacts c ON c.organisation_id = a.organisation_id AND c.id = a.contact_id
		WHERE a.dossier_id = ? AND a.archived_at IS NULL AND c.email <> '' ORDER BY a.position LIMIT 1), '')`, dossierID).Scan(&to).Error
	return to, err
}

// send makes a link for each member and puts the mail that carries them in the outbox.
func (s *Service) send(tx *db.Tx, kind, to string, dossierID uuid.UUID, members []uuid.UUID, purpose member.Purpose) error {
	var payload signin.LinkMail
	for _, id := range members {
		link, err := signin.IssueLink(tx, s.Key, id, purpose, to)
		if err != nil {
			return err
		}
		payload.Links = append(payload.Links, link)
	}
	_, err := mailer.EnqueueByHand(tx, mailer.Mail{Kind: kind, Recipient: to, Dossier: dossierID, Payload: payload})
	return err
}
