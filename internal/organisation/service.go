package organisation

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg" // the two kinds of picture that are accepted
	_ "image/png"
	"io"
	"net/mail"
	"strings"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

// Service holds the use cases on the office itself.
type Service struct {
	DB  *db.DB
	Now func() time.Time
	// PortalBase is the address of the portal without a slug: "http://localhost:8080". It comes from the configuration,
	// never from a request.
	PortalBase string
}

// PortalURL is where the customers of the office with this slug go.
func (s *Service) PortalURL(slug string) string {
	return strings.TrimRight(s.PortalBase, "/") + "/" + slug
}

// Picture is one of the two pictures an office may have.
type Picture int

// The pictures.
const (
	Logo Picture = iota
	HeaderPhoto
)

type pictureRule struct {
	name             string
	limit            int64
	load, set, clear string
}

// The columns stand here in full: no SQL is put together from parts.
var pictures = map[Picture]pictureRule{
	Logo: {
		name: "logo", limit: 1 << 20,
		load:  `SELECT logo AS bytes, coalesce(logo_media_type, '') AS media_type FROM organisations WHERE organisation_id = ? AND logo IS NOT NULL`,
		set:   `UPDATE organisations SET logo = ?, logo_media_type = ?, version = version + 1, updated_at = ? WHERE organisation_id = ?`,
		clear: `UPDATE organisations SET logo = NULL, logo_media_type = NULL, version = version + 1, updated_at = ? WHERE organisation_id = ?`,
	},
	HeaderPhoto: {
		name: "header_photo", limit: 2 << 20,
		load: `SELECT header_photo AS bytes, coalesce(header_photo_media_type, '') AS media_type FROM organisations WHERE organisation_id = ? AND header_photo IS NOT NULL`,
		set:  `UPDATE organisations SET header_photo = ?, header_photo_media_type = ?, header_image = 'photo', version = version + 1, updated_at = ? WHERE organisation_id = ?`,
		clear: `UPDATE organisations SET header_photo = NULL, header_photo_media_type = NULL,
			header_image = CASE header_image WHEN 'photo' THEN 'street' ELSE header_image END, version = version + 1, updated_at = ? WHERE organisation_id = ?`,
	},
}

const maxPixels = 4000 // a side; a picture that unpacks to more is refused before it is unpacked

// The faults of a picture.
var (
	ErrPictureTooLarge   = fault.New(fault.TooLarge, "picture-too-large", "The picture is larger than 1 MiB (logo) or 2 MiB (photograph).")
	ErrPictureType       = fault.New(fault.UnsupportedType, "picture-type", "Only PNG and JPEG pictures are accepted.")
	ErrPictureDimensions = fault.New(fault.Invalid, "picture-dimensions", "The picture is more than 4000 pixels wide or high.")
)

const fields = `organisation_id AS id, slug, name, tagline, brand_colour, header_image, welcome_title, welcome_text, form_of_address,
	email, phone, opening_hours, customers_need_second_factor, invite_members, code_login, logo IS NOT NULL AS has_logo, header_photo IS NOT NULL AS has_header_photo, version, created_at, updated_at`

// Mine returns the office of the actor.
func Mine(tx *db.Tx) (Organisation, error) {
	var o Organisation
	err := tx.Raw(`SELECT `+fields+` FROM organisations WHERE organisation_id = ?`, tx.Actor.Organisation).Scan(&o).Error
	if err == nil && o.ID == uuid.Nil {
		err = db.ErrNotFound
	}
	return o, err
}

// BySlug finds an office by the word in its portal address, before anybody is known, or returns ErrNoOffice. Only for db.System.
func BySlug(tx *db.Tx, slug string) (Organisation, error) {
	var o Organisation
	err := tx.Raw(`SELECT `+fields+` FROM organisations WHERE slug = ?`, strings.ToLower(strings.TrimSpace(slug))).Scan(&o).Error
	if err == nil && o.ID == uuid.Nil {
		err = ErrNoOffice
	}
	return o, err
}

// Get returns the office of the employee.
func (s *Service) Get(ctx context.Context) (Organisation, error) {
	return db.Read(ctx, s.DB, authz.OrganisationRead, Mine)
}

// Update changes the branding. db.ErrStale: somebody else changed it since version.
func (s *Service) Update(ctx context.Context, version int64, c Change) (Organisation, error) {
	return db.Write(ctx, s.DB, authz.OrganisationWrite, func(tx *db.Tx) (Organisation, event.Event, error) {
		if err := lock(tx); err != nil {
			return Organisation{}, event.Event{}, err
		}
		o, err := Mine(tx)
		if err != nil {
			return o, event.Event{}, err
		}
		if o.Version != version {
			return o, event.Event{}, tx.Stale(o.ID)
		}
		codes, second, changed := o.CodeLogin, o.CustomersNeedSecondFactor, event.Of("organisation.changed", o.ID)
		if err := o.apply(c); err != nil {
			return o, event.Event{}, err
		}
		if o.CodeLogin != codes || o.CustomersNeedSecondFactor != second {
			if err := tx.Fresh(); err != nil { // an open screen or a program does not lower what customers come in by
				return o, event.Event{}, err
			}
		}
		if o.CustomersNeedSecondFactor != second {
			changed = changed.With("customersNeedSecondFactor", o.CustomersNeedSecondFactor)
		}
		if o.CodeLogin != codes { // how customers come in is worth an entry of its own
			name := map[bool]string{true: "organisation.code_login_on", false: "organisation.code_login_off"}[o.CodeLogin]
			if err := tx.Record(event.Of(name, o.ID)); err != nil {
				return o, event.Event{}, err
			}
		}
		o.Version, o.UpdatedAt = o.Version+1, s.Now()
		err = tx.Exec(`UPDATE organisations SET name = ?, tagline = ?, brand_colour = ?, header_image = ?, welcome_title = ?, welcome_text = ?,
			form_of_address = ?, email = ?, phone = ?, opening_hours = ?, customers_need_second_factor = ?, invite_members = ?, code_login = ?, version = ?, updated_at = ? WHERE organisation_id = ?`,
			o.Name, o.Tagline, o.BrandColour, o.HeaderImage, o.WelcomeTitle, o.WelcomeText,
			o.FormOfAddress, o.Email, o.Phone, o.OpeningHours, o.CustomersNeedSecondFactor, o.InviteMembers, o.CodeLogin, o.Version, o.UpdatedAt, o.ID).Error
		return o, changed, err
	})
}

func lock(tx *db.Tx) error {
	return tx.Exec(`SELECT 1 FROM organisations WHERE organisation_id = ? FOR UPDATE`, tx.Actor.Organisation).Error
}

// Image returns a picture of the office of the employee.
func (s *Service) Image(ctx context.Context, which Picture) (Image, error) {
	return db.Read(ctx, s.DB, authz.OrganisationRead, func(tx *db.Tx) (Image, error) {
		return load(tx, which, tx.Actor.Organisation)
	})
}

func load(tx *db.Tx, which Picture, organisation uuid.UUID) (Image, error) {
	var img Image
	if err := tx.Raw(pictures[which].load, organisation).Scan(&img).Error; err != nil {
		return img, err
	}
	if len(img.Bytes) == 0 {
		return img, db.ErrNotFound
	}
	return img, nil
}

// SetImage replaces a picture. What it is, is found out from its bytes; what the sender says it is does not matter.
func (s *Service) SetImage(ctx context.Context, which Picture, body io.Reader) (Organisation, error) {
	rule := pictures[which]
	raw, err := io.ReadAll(io.LimitReader(body, rule.limit+1))
	if err != nil {
		return Organisation{}, ErrPictureTooLarge.Because(err)
	}
	if int64(len(raw)) > rule.limit {
		return Organisation{}, ErrPictureTooLarge
	}
	mediaType, err := inspect(raw)
	if err != nil {
		return Organisation{}, err
	}
	return db.Write(ctx, s.DB, authz.OrganisationWrite, func(tx *db.Tx) (Organisation, event.Event, error) {
		if err := tx.Exec(rule.set, raw, mediaType, s.Now(), tx.Actor.Organisation).Error; err != nil {
			return Organisation{}, event.Event{}, err
		}
		o, err := Mine(tx)
		return o, event.Of("organisation."+rule.name+"_changed", o.ID), err
	})
}

// RemoveImage takes a picture away. It does not mind that there is none.
func (s *Service) RemoveImage(ctx context.Context, which Picture) (Organisation, error) {
	rule := pictures[which]
	return db.Write(ctx, s.DB, authz.OrganisationWrite, func(tx *db.Tx) (Organisation, event.Event, error) {
		if err := tx.Exec(rule.clear, s.Now(), tx.Actor.Organisation).Error; err != nil {
			return Organisation{}, event.Event{}, err
		}
		o, err := Mine(tx)
		return o, event.Of("organisation."+rule.name+"_removed", o.ID), err
	})
}

// inspect says what picture raw is by reading its header, without unpacking it.
func inspect(raw []byte) (string, error) {
	cfg, format, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return "", ErrPictureType.Because(err)
	}
	if cfg.Width > maxPixels || cfg.Height > maxPixels || cfg.Width < 1 || cfg.Height < 1 {
		return "", ErrPictureDimensions
	}
	return "image/" + format, nil
}

// Site returns the public face of an office; anybody may call it.
func (s *Service) Site(ctx context.Context, slug string) (Organisation, error) {
	return db.System(ctx, s.DB, "office of a portal address", func(tx *db.Tx) (Organisation, error) {
		return BySlug(tx, slug)
	})
}

// SiteImage returns a picture of an office; anybody may call it.
func (s *Service) SiteImage(ctx context.Context, slug string, which Picture) (Image, error) {
	return db.System(ctx, s.DB, "picture of a portal address", func(tx *db.Tx) (Image, error) {
		o, err := BySlug(tx, slug)
		if err != nil {
			return Image{}, err
		}
		return load(tx, which, o.ID)
	})
}

// ErrNoOffice is returned for a portal address that belongs to nobody.
var ErrNoOffice = fault.New(fault.NotFound, "office-unknown", "There is no office with this portal address.")

// plausibleAddress reports whether s is one bare e-mail address.
func plausibleAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}
