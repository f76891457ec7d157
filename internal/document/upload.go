package document

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"voordeur/internal/authz"
	"voordeur/internal/blobstore"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/failpoint"
	"voordeur/internal/fault"
	"voordeur/internal/filecheck"
)

const (
	// lifetime is how long an upload may take, and wait to be used.
	lifetime = 24 * time.Hour
	// perDay is how many uploads one customer may start in a day.
	perDay = 200
	// aftermath bounds what is still done for a client whose connection has ended.
	aftermath = 30 * time.Second
	// politeness is how long a refused file's remaining bytes are read and dropped, so that the client gets to read why.
	politeness = 10 * time.Second
)

// Blobs lie under their organisation; what is in uploads/ is a stretch of a file, in documents/ a whole one.
func partKey(organisation uuid.UUID) string {
	return "uploads/" + organisation.String() + "/" + uuid.Must(uuid.NewV7()).String()
}

func fileKey(organisation uuid.UUID) string {
	return wholePrefix + organisation.String() + "/" + uuid.Must(uuid.NewV7()).String()
}

const (
	wholePrefix = "documents/"
	partPrefix  = "uploads/"
)

// own narrows to the uploads of the actor. For a customer the database does the same.
func own(tx *db.Tx) *gorm.DB {
	switch tx.Actor.Kind {
	case authz.Member:
		return tx.Where("organisation_id = ? AND member_id = ?", tx.Actor.Organisation, tx.Actor.ID)
	case authz.APIClient:
		return tx.Where("organisation_id = ? AND api_client_id = ?", tx.Actor.Organisation, tx.Actor.ID)
	case authz.Employee, authz.System, authz.Visitor:
	}
	return tx.Where("organisation_id = ? AND employee_id = ?", tx.Actor.Organisation, tx.Actor.ID)
}

// CreateUpload announces a file of size bytes. Name and size are judged at once, the bytes when they arrive.
func (s *Service) CreateUpload(ctx context.Context, filename string, size int64) (Upload, error) {
	name, err := filecheck.Announce(filename, size, MaxSize)
	if err != nil {
		return Upload{}, err
	}
	return db.Write(ctx, s.DB, sending(ctx), func(tx *db.Tx) (Upload, event.Event, error) {
		now := s.Now()
		u := Upload{
			ID: uuid.Must(uuid.NewV7()), Filename: name, Size: size, Parts: []Part{}, State: Receiving, CreatedAt: now, ExpiresAt: now.Add(lifetime),
		}
		switch tx.Actor.Kind {
		case authz.Member:
		case authz.APIClient:
			u.ClientID = &tx.Actor.ID
			return u, event.None, tx.Create(&u).Error
		case authz.Employee, authz.System, authz.Visitor:
			u.EmployeeID = &tx.Actor.ID
			return u, event.None, tx.Create(&u).Error
		}
		u.MemberID = &tx.Actor.ID
		// One at a time for a customer, so that many at once do not all see room for one more.
		if err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtextextended('uploads of ' || ?, 0))`, tx.Actor.ID.String()).Error; err != nil {
			return u, event.None, err
		}
		var today int64
		if err := own(tx).Model(&Upload{}).Where("created_at > ?", now.Add(-24*time.Hour)).Count(&today).Error; err != nil {
			return u, event.None, err
		}
		if today >= perDay {
			return u, event.None, ErrTooMany.After(time.Hour)
		}
		return u, event.None, tx.Create(&u).Error
	})
}

// Upload returns an upload of the actor.
func (s *Service) Upload(ctx context.Context, id uuid.UUID) (Upload, error) {
	u, err := db.Read(ctx, s.DB, sending(ctx), func(tx *db.Tx) (Upload, error) {
		var u Upload
		err := own(tx).Where("id = ?", id).First(&u).Error
		return u, err
	})
	if err == nil && s.Now().After(u.ExpiresAt) {
		return u, ErrExpired
	}
	return u, err
}

// ResumeUpload returns how far an upload has come. A request that still waits for bytes on a connection that was lost ends here, and a
// check that a crash interrupted is done now. A refused upload is the fault it was refused with.
func (s *Service) ResumeUpload(ctx context.Context, id uuid.UUID) (Upload, error) {
	if _, err := s.Upload(ctx, id); err != nil { // only its owner may interrupt
		return Upload{}, err
	}
	if !s.transfers.stop(ctx, id) {
		return Upload{}, ErrBusy
	}
	u, err := s.Upload(ctx, id)
	if err != nil {
		return u, err
	}
	if u.State == Refused {
		return u, filecheck.Refusal(*u.Refusal)
	}
	if u.State != Receiving || u.Received < u.Size {
		return u, nil
	}
	release, free := s.transfers.take(id, func() {})
	if !free {
		return u, ErrBusy
	}
	defer release()
	return s.complete(ctx, u, nil)
}

// Append adds the bytes of body at offset, which must be where the upload stands. Bytes that arrived count even when the connection ends
// early. With the last byte the file is checked: the upload is ready then, or refused with the fault that is returned.
func (s *Service) Append(ctx context.Context, id uuid.UUID, offset int64, body io.Reader) (Upload, error) {
	u, err := s.Upload(ctx, id)
	if err != nil {
		return u, err
	}
	release, free := s.transfers.take(id, interrupter(body))
	if !free {
		return u, ErrBusy
	}
	defer release()
	if u, err = s.Upload(ctx, id); err != nil { // again: another request may have been at it until now
		return u, err
	}
	switch {
	case u.State == Refused:
		drain(body)
		return u, filecheck.Refusal(*u.Refusal)
	case u.Received != offset:
		return u, ErrOffset
	case u.State != Receiving:
		return u, nil // all is there, and nothing more was sent
	case length(body) > u.Size-offset:
		return u, ErrTooLong
	case u.Received == u.Size:
		return s.complete(ctx, u, nil)
	}
	if offset == 0 {
		head, err := firstBytes(body, u.Size)
		if err != nil {
			return u, ErrCut.Because(err)
		}
		// A client may send pieces so small that nothing can be told from the first; the check at the end tells.
		if int64(len(head)) == min(filecheck.HeadLength, u.Size) {
			if err := filecheck.Sniff(u.Filename, head); err != nil {
				return s.refuse(ctx, u, err, body)
			}
		}
		return s.receive(ctx, u, body, head)
	}
	return s.receive(ctx, u, body, nil)
}

// firstBytes reads as much as telling kinds of file apart takes. When the connection ends before that, nothing is stored.
func firstBytes(body io.Reader, size int64) ([]byte, error) {
	var head bytes.Buffer
	_, err := copyBytes(&head, body, min(filecheck.HeadLength, size))
	return head.Bytes(), err
}

// maxParts bounds what one upload costs: every piece is written down beside the ones before it.
const maxParts = 2000

// receive stores what comes, as one part.
func (s *Service) receive(ctx context.Context, u Upload, body io.Reader, head []byte) (Upload, error) {
	if len(u.Parts) >= maxParts {
		return u, ErrPieces
	}
	// From here on the client may go away: what it sent is kept.
	kept := context.WithoutCancel(ctx)
	who, err := authz.From(ctx)
	if err != nil {
		return u, err
	}
	part, sum := Part{Key: partKey(who.Organisation)}, sha256.New()
	if u.Received == 0 && length(body) == u.Size {
		part.Key = fileKey(who.Organisation) // the usual case: one request brings the whole file, and it need not be moved
	}
	w, err := s.Blobs.Create(kept, part.Key)
	if err != nil {
		return u, err
	}
	defer w.Discard()
	room := u.Size - u.Received
	n, cut := copyBytes(io.MultiWriter(w, sum), io.MultiReader(bytes.NewReader(head), body), room)
	if errors.Is(cut, errStore) {
		return u, cut
	}
	if n == room && more(body) {
		return u, ErrTooLong
	}
	switch {
	case n == 0 && cut != nil:
		return u, ErrCut.Because(cut)
	case n == 0:
		return u, nil
	}
	if err := w.Commit(); err != nil {
		return u, err
	}
	if err := failpoint.Hit("upload.part-stored"); err != nil {
		return u, err
	}
	part.Size = n
	after, cancel := context.WithTimeout(kept, aftermath)
	defer cancel()
	if u, err = s.grow(after, u, part); err != nil {
		if !unsure(err) {
			s.forget(after, part.Key)
		}
		return u, err
	}
	switch {
	case u.Received < u.Size && cut != nil:
		return u, ErrCut.Because(cut)
	case u.Received < u.Size:
		return u, nil
	}
	if u.Received == n {
		return s.complete(kept, u, sum)
	}
	return s.complete(kept, u, nil)
}

// grow records a part, if the upload still stands where it stood.
func (s *Service) grow(ctx context.Context, u Upload, part Part) (Upload, error) {
	added, err := json.Marshal([]Part{part})
	if err != nil {
		return u, err
	}
	return db.Write(ctx, s.DB, sending(ctx), func(tx *db.Tx) (Upload, event.Event, error) {
		done := tx.Exec(`UPDATE uploads SET received = received + ?, parts = parts || ?::jsonb
			WHERE organisation_id = ? AND id = ? AND received = ? AND state = 'receiving'`,
			part.Size, string(added), tx.Actor.Organisation, u.ID, u.Received)
		if done.Error != nil {
			return u, event.None, done.Error
		}
		if done.RowsAffected == 0 {
			return u, event.None, ErrOffset
		}
		grown := u
		grown.Received, grown.Parts = u.Received+part.Size, append(append([]Part(nil), u.Parts...), part)
		return grown, event.None, nil
	})
}

// complete makes one blob of the parts, checks it, and marks the upload ready or refused. sum is the SHA-256 where all bytes went through
// this request. It may run again after a crash: nothing counts before its last statement.
func (s *Service) complete(ctx context.Context, u Upload, sum hash.Hash) (Upload, error) {
	ctx = context.WithoutCancel(ctx)
	who, err := authz.From(ctx)
	if err != nil {
		return u, err
	}
	key := u.Parts[0].Key
	if len(u.Parts) > 1 || !strings.HasPrefix(key, wholePrefix) {
		key, sum = fileKey(who.Organisation), sha256.New()
		if err := s.assemble(ctx, key, u, sum); err != nil {
			return u, err
		}
	} else if sum == nil {
		sum = sha256.New()
		if err := s.copyParts(ctx, sum, u); err != nil {
			return u, err
		}
	}
	if err := failpoint.Hit("upload.assembled"); err != nil {
		return u, err
	}
	found, err := s.check(ctx, u.Filename, key, u.Size)
	if _, refused := errors.AsType[*fault.Error](err); refused {
		defer s.forget(ctx, key)
		return s.refuse(ctx, u, err, nil)
	}
	if err != nil {
		return u, err
	}
	ready, err := db.Write(ctx, s.DB, sending(ctx), func(tx *db.Tx) (Upload, event.Event, error) {
		done := tx.Exec(`UPDATE uploads SET state = 'ready', media_type = ?, sha256 = ?, blob_key = ?, parts = '[]'
			WHERE organisation_id = ? AND id = ? AND state = 'receiving' AND received = size`,
			found, sum.Sum(nil), key, tx.Actor.Organisation, u.ID)
		if done.Error != nil {
			return u, event.None, done.Error
		}
		if done.RowsAffected == 0 {
			return u, event.None, ErrBusy // another replica was at it too
		}
		r := u
		r.State, r.MediaType, r.SHA256, r.BlobKey, r.Parts = Ready, &found, sum.Sum(nil), &key, nil
		return r, event.None, nil
	})
	if err != nil {
		return u, err
	}
	for _, p := range u.Parts {
		if p.Key != key {
			s.forget(ctx, p.Key)
		}
	}
	return ready, nil
}

// check judges a stored file.
func (s *Service) check(ctx context.Context, name, key string, size int64) (string, error) {
	r := s.Blobs.Random(ctx, key, size)
	defer func() { _ = r.Close() }()
	return filecheck.Check(name, r, size)
}

func (s *Service) assemble(ctx context.Context, key string, u Upload, sum io.Writer) error {
	w, err := s.Blobs.Create(ctx, key)
	if err != nil {
		return err
	}
	defer w.Discard()
	if err := s.copyParts(ctx, io.MultiWriter(w, sum), u); err != nil {
		return err
	}
	return w.Commit()
}

func (s *Service) copyParts(ctx context.Context, to io.Writer, u Upload) error {
	for _, p := range u.Parts {
		r, err := s.Blobs.Read(ctx, p.Key, 0, -1)
		if err != nil {
			return err
		}
		n, err := io.Copy(to, r)
		if err = errors.Join(err, r.Close()); err != nil {
			return err
		}
		if n != p.Size {
			return errors.New("document: a part of an upload has changed")
		}
	}
	return nil
}

// refuse remembers why a file is not taken and throws its bytes away. It returns why.
func (s *Service) refuse(ctx context.Context, u Upload, why error, rest io.Reader) (Upload, error) {
	f, ok := errors.AsType[*fault.Error](why)
	if !ok {
		return u, why
	}
	ctx = context.WithoutCancel(ctx)
	_, err := db.Write(ctx, s.DB, sending(ctx), func(tx *db.Tx) (struct{}, event.Event, error) {
		return struct{}{}, event.None, tx.Exec(`UPDATE uploads SET state = 'refused', refusal = ?, parts = '[]'
			WHERE organisation_id = ? AND id = ? AND state = 'receiving'`, f.Code, tx.Actor.Organisation, u.ID).Error
	})
	if err != nil {
		return u, err
	}
	for _, p := range u.Parts {
		s.forget(ctx, p.Key)
	}
	if rest != nil {
		drain(rest)
	}
	u.State, u.Refusal = Refused, &f.Code
	return u, why
}

// CancelUpload takes an upload back. One that has become a document is ErrUsed.
func (s *Service) CancelUpload(ctx context.Context, id uuid.UUID) error {
	if _, err := s.Upload(ctx, id); err != nil {
		return err
	}
	if !s.transfers.stop(ctx, id) {
		return ErrBusy
	}
	gone, err := db.Write(ctx, s.DB, sending(ctx), func(tx *db.Tx) ([]string, event.Event, error) {
		var u Upload
		err := own(tx).Raw(`SELECT * FROM uploads WHERE organisation_id = ? AND id = ? FOR UPDATE`, tx.Actor.Organisation, id).Scan(&u).Error
		switch {
		case err != nil:
			return nil, event.None, err
		case u.ID == uuid.Nil:
			return nil, event.None, db.ErrNotFound
		case u.State == Attached:
			return nil, event.None, ErrUsed
		}
		return u.keys(), event.None, own(tx).Where("id = ?", id).Delete(&Upload{}).Error
	})
	for _, key := range gone {
		s.forget(context.WithoutCancel(ctx), key)
	}
	return err
}

// keys lists the blobs that only this upload knows.
func (u Upload) keys() []string {
	var keys []string
	for _, p := range u.Parts {
		keys = append(keys, p.Key)
	}
	if u.BlobKey != nil && u.State != Attached {
		keys = append(keys, *u.BlobKey)
	}
	return keys
}

// forget deletes a blob that no row names. Where that fails the nightly sweep finds it.
func (s *Service) forget(ctx context.Context, key string) {
	if err := s.Blobs.Delete(ctx, key); err != nil {
		s.Log.WarnContext(ctx, "a blob could not be deleted; the sweep will", "key", key, "err", err)
	}
}

// Create stores a file that comes in one request as a document. draft is asked after the last byte, because a multipart form may say the
// rest behind the file.
func (s *Service) Create(ctx context.Context, dossier uuid.UUID, filename string, body io.Reader, draft func() (Draft, error)) (Document, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return Document{}, err
	}
	// Who may not do it, or names another office's dossier, or a closed one, is told before the bytes are stored.
	if _, err := db.Read(ctx, s.DB, authz.DocumentWrite, func(tx *db.Tx) (struct{}, error) { return struct{}{}, isOpen(tx, dossier) }); err != nil {
		return Document{}, err
	}
	v, err := s.store(ctx, who.Organisation, filename, body)
	if err != nil {
		return Document{}, err
	}
	d, err := s.insertDrafted(ctx, dossier, v, draft)
	if (err != nil && !unsure(err)) || (err == nil && authz.Replayed(ctx)) { // a repetition brings the same bytes again
		s.forget(context.WithoutCancel(ctx), v.BlobKey)
	}
	return d, err
}

func (s *Service) insertDrafted(ctx context.Context, dossier uuid.UUID, v Version, draft func() (Draft, error)) (Document, error) {
	in, err := draft()
	if err != nil {
		return Document{}, err
	}
	authz.SameBody(ctx, v.SHA256, []byte(v.Filename), []byte(in.Title), []byte(in.Remark), fmt.Append(nil, in.Visible, in.ProductID))
	return db.Write(ctx, s.DB, authz.DocumentWrite, func(tx *db.Tx) (Document, event.Event, error) {
		if err := in.check(tx, dossier); err != nil {
			return Document{}, event.Event{}, err
		}
		now := s.Now()
		d := Document{
			ID: uuid.Must(uuid.NewV7()), DossierID: dossier, ProductID: in.ProductID, Title: in.Title, Origin: FromOffice, Visible: in.Visible,
			Remark: in.Remark, CurrentVersion: 1, Version: 1, CreatedAt: now, UpdatedAt: now,
		}
		d.insert(tx, v)
		if err := touch(tx, dossier); err != nil {
			return d, event.Event{}, err
		}
		d, err := Find(tx, d.ID)
		return d, d.event("document.created"), err
	})
}

// store checks a file while it comes in, and returns where its bytes are.
func (s *Service) store(ctx context.Context, organisation uuid.UUID, filename string, body io.Reader) (Version, error) {
	v := Version{BlobKey: fileKey(organisation)}
	var err error
	if v.Filename, err = filecheck.CleanName(filename); err != nil {
		return v, err
	}
	head := make([]byte, filecheck.HeadLength)
	n, err := io.ReadFull(body, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return v, err
	}
	if err := filecheck.Sniff(v.Filename, head[:n]); err != nil {
		drain(body)
		return v, err
	}
	w, err := s.Blobs.Create(ctx, v.BlobKey)
	if err != nil {
		return v, err
	}
	defer w.Discard()
	sum := sha256.New()
	if v.Size, err = copyBytes(io.MultiWriter(w, sum), io.MultiReader(bytes.NewReader(head[:n]), body), MaxSize+1); err != nil {
		return v, err
	}
	if v.Size > MaxSize {
		drain(body)
		return v, filecheck.ErrTooLarge
	}
	if err := w.Commit(); err != nil {
		return v, err
	}
	v.SHA256 = sum.Sum(nil)
	if v.MediaType, err = s.check(ctx, v.Filename, v.BlobKey, v.Size); err != nil {
		s.forget(context.WithoutCancel(ctx), v.BlobKey)
		return v, err
	}
	return v, nil
}

// Open returns length bytes of v from offset on.
func (s *Service) Open(ctx context.Context, v Version, offset, length int64) (io.ReadCloser, error) {
	r, err := s.Blobs.Read(ctx, v.BlobKey, offset, length)
	if errors.Is(err, blobstore.ErrNotFound) {
		s.Log.ErrorContext(ctx, "a document's bytes are missing", "document", v.DocumentID, "number", v.Number, "key", v.BlobKey)
	}
	return r, err
}
