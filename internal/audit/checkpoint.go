package audit

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"voordeur/internal/blobstore"
	"voordeur/internal/db"
	"voordeur/internal/sealed"
)

// Checkpoint is where the chain of an office ended at some moment, signed. It lies where the documents are, outside the database:
// whoever writes a whole chain anew, with every hash in it, does not reach what was signed before.
type Checkpoint struct {
	Organisation uuid.UUID `json:"organisation"`
	Seq          int64     `json:"seq"`
	Hash         string    `json:"hash"` // in hexadecimal
	At           time.Time `json:"at"`
	Signature    []byte    `json:"signature"`
}

const (
	checkpointPrefix  = "checkpoints/"
	longestCheckpoint = 4 << 10
)

// name is of one number in one chain, so that none takes the place of an earlier one; the zeros keep them in order.
func (c Checkpoint) name() string {
	return fmt.Sprintf("%s%s/%020d.json", checkpointPrefix, c.Organisation, c.Seq)
}

func (c Checkpoint) message() []byte {
	return fmt.Appendf(nil, "voordeur audit checkpoint\n%s\n%d\n%s\n%s\n", c.Organisation, c.Seq, c.Hash, c.At.UTC().Format(time.RFC3339Nano))
}

// Checkpoints signs where chains end, and finds what was signed before.
type Checkpoints struct {
	DB    *db.DB
	Blobs *blobstore.Store
	Key   sealed.Key
	Now   func() time.Time
}

// signer follows from the server's key: there is nothing in the database that somebody could exchange for a key of their own.
func (s *Checkpoints) signer() ed25519.PrivateKey {
	seed := sealed.Token(s.Key, "audit checkpoint", "1")
	return ed25519.NewKeyFromSeed(seed[:])
}

// Sign keeps where the chain of every office ends. What was signed already stays as it is.
func (s *Checkpoints) Sign(ctx context.Context) error {
	type head struct {
		Organisation uuid.UUID
		Seq          int64
		Hash         []byte
	}
	heads, err := db.System(ctx, s.DB, "ends of the chains, to be signed", func(tx *db.Tx) ([]head, error) {
		rows, err := tx.Query(`SELECT organisation_id, seq, hash FROM audit_heads WHERE seq > 0 ORDER BY organisation_id`)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, pgx.RowToStructByPos[head])
	})
	if err != nil {
		return err
	}
	key, now := s.signer(), s.Now().UTC()
	var failed []error
	for _, h := range heads { // one that cannot be kept does not keep the others from it
		c := Checkpoint{Organisation: h.Organisation, Seq: h.Seq, Hash: hex.EncodeToString(h.Hash), At: now}
		c.Signature = ed25519.Sign(key, c.message())
		failed = append(failed, s.keep(ctx, c))
	}
	return errors.Join(failed...)
}

func (s *Checkpoints) keep(ctx context.Context, c Checkpoint) error {
	if _, err := s.Blobs.Size(ctx, c.name()); !errors.Is(err, blobstore.ErrNotFound) {
		return err
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return err
	}
	w, err := s.Blobs.Create(ctx, c.name())
	if err != nil {
		return err
	}
	defer w.Discard()
	if _, err := w.Write(raw); err != nil {
		return err
	}
	return w.Commit()
}

// Signed returns what was signed before, and the names of those that are no checkpoint of ours.
func (s *Checkpoints) Signed(ctx context.Context) ([]Checkpoint, []string, error) {
	var names, wrong []string
	var all []Checkpoint
	if err := s.Blobs.Each(ctx, checkpointPrefix, func(key string, _ time.Time) error { names = append(names, key); return nil }); err != nil {
		return nil, nil, fmt.Errorf("audit: checkpoints: %w", err)
	}
	public, _ := s.signer().Public().(ed25519.PublicKey)
	for _, name := range names {
		c, err := s.read(ctx, name)
		if err != nil {
			return nil, nil, fmt.Errorf("audit: %s: %w", name, err)
		}
		if c.name() != name || !ed25519.Verify(public, c.message(), c.Signature) {
			wrong = append(wrong, name)
			continue
		}
		all = append(all, c)
	}
	return all, wrong, nil
}

// read returns what stands in a checkpoint; an empty one where that cannot be understood.
func (s *Checkpoints) read(ctx context.Context, name string) (Checkpoint, error) {
	r, err := s.Blobs.Read(ctx, name, 0, -1)
	if err != nil {
		return Checkpoint{}, err
	}
	raw, err := io.ReadAll(io.LimitReader(r, longestCheckpoint))
	if err = errors.Join(err, r.Close()); err != nil {
		return Checkpoint{}, err
	}
	var c Checkpoint
	in := json.NewDecoder(strings.NewReader(string(raw)))
	in.DisallowUnknownFields()
	if in.Decode(&c) != nil {
		return Checkpoint{}, nil
	}
	return c, nil
}

// SignKind is the task that signs where the chains end; it works for no office.
const SignKind = "audit.checkpoint"

// Sign is its arguments.
type Sign struct{}

// Kind implements river.JobArgs.
func (Sign) Kind() string { return SignKind }

// InsertOpts implements river.JobArgsWithInsertOpts: one that failed comes again by itself within the hour.
func (Sign) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

// SignWorker works Sign.
type SignWorker struct {
	river.WorkerDefaults[Sign]
	Checkpoints *Checkpoints
}

// Work implements river.Worker.
func (w *SignWorker) Work(ctx context.Context, _ *river.Job[Sign]) error {
	return w.Checkpoints.Sign(ctx)
}
