// Package sealed keeps secrets in the database unreadable without the server's
// key, and derives tokens from it that can be made again after a crash.
package sealed

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Key is the server's key: 32 random bytes.
type Key [32]byte

// ErrOpen means: another key, other data beside it, or changed bytes.
var ErrOpen = errors.New("sealed: cannot be opened with this key")

const (
	version = 1 // first byte of what Seal returns
	idSize  = 4 // then the key's id, so that a second key can live beside it
)

// Parse reads a key written as base64 (any alphabet) of 32 bytes.
func Parse(s string) (Key, error) {
	s = strings.TrimRight(strings.TrimSpace(s), "=")
	s = strings.NewReplacer("+", "-", "/", "_").Replace(s)
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(raw) != len(Key{}) {
		return Key{}, errors.New("sealed: a key is 32 bytes in base64")
	}
	return Key(raw), nil
}

// New makes a key.
func New() Key {
	var k Key
	_, _ = rand.Read(k[:]) // never fails: crypto/rand ends the program instead
	return k
}

// String writes the key as Parse reads it.
func (k Key) String() string { return base64.RawURLEncoding.EncodeToString(k[:]) }

// FromFile reads the key in path and makes one when the file does not exist
// yet. Two programs that start at once end with the same key.
func FromFile(path string) (Key, error) {
	raw, err := os.ReadFile(path) //nolint:gosec // the path is the operator's
	if err == nil {
		return Parse(string(raw))
	}
	if !errors.Is(err, os.ErrNotExist) {
		return Key{}, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return Key{}, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return Key{}, err
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	_, werr := tmp.WriteString(New().String() + "\n")
	if err := errors.Join(werr, tmp.Sync(), tmp.Close()); err != nil {
		return Key{}, err
	}
	// A link, not a rename: whoever comes second keeps the first one's key.
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return Key{}, err
	}
	raw, err = os.ReadFile(path) //nolint:gosec // the path is the operator's
	if err != nil {
		return Key{}, err
	}
	return Parse(string(raw))
}

// ID tells keys apart without telling the key.
func (k Key) ID() [idSize]byte {
	sum := sha256.Sum256(k.derive("key id"))
	return [idSize]byte(sum[:idSize])
}

// derive gives every use a key of its own.
func (k Key) derive(purpose string) []byte {
	out, err := hkdf.Key(sha256.New, k[:], nil, "voordeur "+purpose, 32)
	if err != nil {
		panic(err) // only for lengths that HKDF cannot give
	}
	return out
}

func (k Key) aead() cipher.AEAD { return own(k.derive("seal")) }

// Seal encrypts plaintext with AES-256-GCM. aad binds it to its place (for
// instance "employee.totp:" + id): moved to another row it does not open.
func Seal(k Key, aad string, plaintext []byte) []byte { return seal(k.aead(), k.ID(), aad, plaintext) }

func seal(with cipher.AEAD, id [idSize]byte, aad string, plaintext []byte) []byte {
	head := append([]byte{version}, id[:]...)
	nonce := make([]byte, 12)
	_, _ = rand.Read(nonce) // never fails
	out := append(append([]byte(nil), head...), nonce...)
	return with.Seal(out, nonce, plaintext, append(head, aad...))
}

// Open decrypts what Seal made; ErrOpen when it cannot.
func Open(k Key, aad string, box []byte) ([]byte, error) { return open(k.aead(), k.ID(), aad, box) }

func open(with cipher.AEAD, id [idSize]byte, aad string, box []byte) ([]byte, error) {
	const start = 1 + idSize
	if len(box) < start+12 || box[0] != version {
		return nil, ErrOpen
	}
	if !hmac.Equal(box[1:start], id[:]) {
		return nil, fmt.Errorf("%w: it was sealed with key %x, this is %x", ErrOpen, box[1:start], id)
	}
	plain, err := with.Open(nil, box[start:start+12], box[start+12:], append(append([]byte(nil), box[:start]...), aad...))
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

// Token derives a secret for one thing: HMAC-SHA256 under a key for that
// purpose alone. The same id gives the same token, so nothing need be stored.
func Token(k Key, purpose, id string) [32]byte {
	m := hmac.New(sha256.New, k.derive("token "+purpose))
	m.Write([]byte(id))
	return [32]byte(m.Sum(nil))
}
