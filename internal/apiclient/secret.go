package apiclient

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"math/big"
	"strings"

	"github.com/google/uuid"

	"voordeur/internal/sealed"
)

// What a program shows can be recognised wherever it turns up, so that scanners of source code find one that was left there:
//
//	vd_live_<22 characters: the client>_<43 characters: 256 bits><6 characters: CRC-32 of all before>
//
// A key has vd_live_, the secret for which a program gets tokens has vd_secret_.
const (
	keyPrefix    = "vd_live_"
	secretPrefix = "vd_secret_"
	idLength     = 22
	bitsLength   = 43
	sumLength    = 6
)

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// inLetters writes a number in as many characters as its bytes can need.
func inLetters(raw []byte, length int) string {
	out := make([]byte, length)
	n, base, digit := new(big.Int).SetBytes(raw), big.NewInt(int64(len(alphabet))), new(big.Int)
	for i := length - 1; i >= 0; i-- {
		n.DivMod(n, base, digit)
		out[i] = alphabet[digit.Int64()]
	}
	return string(out)
}

func checksum(s string) string {
	return inLetters(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(s))), sumLength)
}

func prefixOf(k Kind) string {
	if k == WithKey {
		return keyPrefix
	}
	return secretPrefix
}

// secretText is what the program will show. It follows from the id of the row and the server's key, so that a request that is
// repeated gets the same answer and yet nothing is kept but a digest.
func secretText(key sealed.Key, k Kind, client, secret uuid.UUID) string {
	bits := sealed.Token(key, "api client secret", secret.String())
	s := prefixOf(k) + inLetters(client[:], idLength) + "_" + inLetters(bits[:], bitsLength)
	return s + checksum(s)
}

func digestOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// WellFormed reports whether s has the shape and the checksum of something that we gave out to a program of kind k.
func WellFormed(k Kind, s string) bool {
	rest, ok := strings.CutPrefix(s, prefixOf(k))
	if !ok || len(rest) != idLength+1+bitsLength+sumLength || rest[idLength] != '_' {
		return false
	}
	at := len(s) - sumLength
	return checksum(s[:at]) == s[at:]
}
