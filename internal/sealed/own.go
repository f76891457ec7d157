package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
)

// Vault locks each text under a key of its own, and hands that key out sealed with the server's. The two are kept apart:
// whoever deletes the key has erased the text, wherever copies of the box may be. The server's key can be exchanged by
// sealing the small keys again; the boxes stay as they are.
type Vault struct {
	id   [idSize]byte
	aead cipher.AEAD
}

// NewVault makes the vault of k. It derives once what Seal and Open derive at every call.
func NewVault(k Key) *Vault { return &Vault{id: k.ID(), aead: k.aead()} }

// alone is the nonce of a key that encrypts one text in its life.
var alone = make([]byte, 12)

// Lock returns plaintext encrypted under a fresh key, the box, and that key sealed. aad binds both to their place.
func (v *Vault) Lock(aad string, plaintext []byte) ([]byte, []byte) {
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh)                                    // never fails
	box := own(fresh).Seal(nil, alone, plaintext, []byte(aad)) //nolint:gosec // the key is used this once
	return box, seal(v.aead, v.id, aad, fresh)
}

// Unlock decrypts what Lock made; ErrOpen when it cannot.
func (v *Vault) Unlock(aad string, box, key []byte) ([]byte, error) {
	fresh, err := open(v.aead, v.id, aad, key)
	if err != nil {
		return nil, err
	}
	if len(fresh) != 32 {
		return nil, ErrOpen
	}
	plain, err := own(fresh).Open(nil, alone, box, []byte(aad))
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

func own(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // only for a wrong key size
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return gcm
}
