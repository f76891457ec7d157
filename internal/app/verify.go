package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"voordeur/internal/audit"
)

// version of a document, as the check needs it.
type stored struct {
	Key    string
	Size   int64
	SHA256 []byte
}

const storedSQL = `SELECT blob_key AS key, size, sha256 FROM document_versions ORDER BY blob_key`

// Verify checks that every version of a document has its bytes; with bytes it reads them all and compares their SHA-256.
// It returns an error when something is missing, and says what to w.
func (a *App) Verify(ctx context.Context, bytes bool, w io.Writer) error {
	conn, err := pgx.Connect(ctx, a.database.owner)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	rows, err := conn.Query(ctx, storedSQL)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	versions, err := pgx.CollectRows(rows, pgx.RowToStructByName[stored])
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	bad := 0
	for _, v := range versions {
		if err := a.verifyOne(ctx, v, bytes); err != nil {
			bad++
			_, _ = fmt.Fprintf(w, "%s: %v\n", v.Key, err)
		}
	}
	_, _ = fmt.Fprintf(w, "%d documents checked, %d wrong\n", len(versions), bad)
	if bad > 0 {
		return errors.New("documents are missing or changed")
	}
	return nil
}

func (a *App) verifyOne(ctx context.Context, v stored, bytes bool) error {
	size, err := a.blobs.Size(ctx, v.Key)
	if err != nil {
		return err
	}
	if size != v.Size {
		return fmt.Errorf("%d bytes, should be %d", size, v.Size)
	}
	if !bytes {
		return nil
	}
	r, err := a.blobs.Read(ctx, v.Key, 0, -1)
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, r)
	if err = errors.Join(err, r.Close()); err != nil {
		return err
	}
	if string(sum.Sum(nil)) != string(v.SHA256) {
		return errors.New("the bytes are not those that were stored")
	}
	return nil
}

// VerifyAudit checks the trail of every office, also against what was signed every hour, and writes one line about each. The error says that
// one is broken.
func (a *App) VerifyAudit(ctx context.Context, w io.Writer) error {
	conn, err := pgx.Connect(ctx, a.database.owner)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	// One moment of the database, while others go on writing; and it may take longer than a request.
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	signed, wrong, err := (&audit.Checkpoints{Blobs: a.blobs, Key: a.key}).Signed(ctx)
	if err != nil {
		return err
	}
	chains, err := audit.Verify(ctx, tx, signed...)
	if err != nil {
		return err
	}
	broken := len(wrong)
	for _, name := range wrong {
		_, _ = fmt.Fprintf(w, "%s: NOT SIGNED by this installation\n", name)
	}
	for _, c := range chains {
		name := cmp.Or(c.Slug, c.Organisation.String())
		if c.Broken == 0 {
			_, _ = fmt.Fprintf(w, "%s: %d events, whole, up to %x\n", name, c.Events, c.Hash)
			continue
		}
		broken++
		_, _ = fmt.Fprintf(w, "%s: BROKEN at event %d: %s\n", name, c.Broken, c.What)
	}
	_, _ = fmt.Fprintf(w, "%d offices checked with %d checkpoints, %d broken\n", len(chains), len(signed), broken)
	if broken > 0 {
		return errors.New("the trail was tampered with")
	}
	return nil
}
