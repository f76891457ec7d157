package signin

import (
	"context"
	_ "embed"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"voordeur/internal/fault"
	"voordeur/internal/member"
)

// The length of a password. Alone it must be long; beside a second factor it may be shorter. There are no rules on composition.
const (
	MinPasswordAlone        = 15
	MinPasswordSecondFactor = 10
	maxPassword             = 256
)

// minimum is the length of a password, alone or beside a second factor.
func minimum(secondFactor bool) int {
	if secondFactor {
		return MinPasswordSecondFactor
	}
	return MinPasswordAlone
}

// The faults of a password that somebody chooses.
var (
	ErrPasswordTooShort  = fault.New(fault.Invalid, "password-too-short", "The password is too short.").With(fault.Field{Pointer: "/password", Code: "password-too-short"})
	ErrPasswordTooLong   = fault.New(fault.Invalid, "password-too-long", "The password is longer than 256 characters.").With(fault.Field{Pointer: "/password", Code: "password-too-long"})
	ErrPasswordTooCommon = fault.New(fault.Invalid, "password-too-common", "The password is easy to guess.").With(fault.Field{Pointer: "/password", Code: "password-too-common"})
)

// errHashBusy keeps guesses from taking all memory: an argon2id hash needs 64 MiB.
var errHashBusy = fault.New(fault.Unavailable, "busy", "Too many people sign in at this moment.").After(3 * time.Second)

// Cost is what hashing a password takes.
type Cost struct{ MemoryKiB, Passes uint32 }

// DefaultCost is 64 MiB and two passes, about an eighth of a second.
var DefaultCost = Cost{MemoryKiB: 64 << 10, Passes: 2}

// hashWait is how long a request waits for its turn to hash.
const hashWait = 2 * time.Second

// Hasher hashes passwords with argon2id, as many at once as there are cores.
type Hasher struct {
	params *argon2id.Params
	slots  chan struct{}
	dummy  string // of a password nobody has; an unknown name costs as much as a known one
}

// NewHasher returns a hasher; tests choose a lower cost.
func NewHasher(c Cost) (*Hasher, error) {
	h := &Hasher{
		params: &argon2id.Params{Memory: c.MemoryKiB, Iterations: c.Passes, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		slots:  make(chan struct{}, max(1, runtime.GOMAXPROCS(0))),
	}
	var err error
	h.dummy, err = argon2id.CreateHash("no password at all", h.params)
	return h, err
}

func (h *Hasher) take(ctx context.Context) (func(), error) {
	release := func() { <-h.slots }
	select {
	case h.slots <- struct{}{}:
		return release, nil
	default:
	}
	t := time.NewTimer(hashWait)
	defer t.Stop()
	select {
	case h.slots <- struct{}{}:
		return release, nil
	case <-t.C:
		return nil, errHashBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Hash returns what is kept of a password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	release, err := h.take(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return argon2id.CreateHash(password, h.params)
}

// verdict is what comes of comparing a password with a hash.
type verdict struct {
	ok    bool
	again bool // the hash was made at another cost, and should be replaced
}

// verify compares password with hash; without a hash it does the same work and says no.
func (h *Hasher) verify(ctx context.Context, password string, hash *string) (verdict, error) {
	release, err := h.take(ctx)
	if err != nil {
		return verdict{}, err
	}
	defer release()
	against := h.dummy
	if hash != nil && *hash != "" {
		against = *hash
	}
	match, params, err := argon2id.CheckHash(password, against)
	if err != nil {
		return verdict{}, err
	}
	return verdict{ok: match && hash != nil && *hash != "", again: *params != *h.params}, nil
}

//go:embed common-passwords.txt
var commonList string

var common = func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(commonList) {
		if w := strings.TrimSpace(line); w != "" && !strings.HasPrefix(w, "#") {
			set[w] = true
		}
	}
	return set
}()

// CheckPassword says what is wrong with a password that somebody chooses. context holds words that an attacker would try first:
// the office, the username, the names.
func CheckPassword(password string, minimum int, context ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n > maxPassword:
		return ErrPasswordTooLong
	case n < minimum:
		return ErrPasswordTooShort
	case guessable(password, context):
		return ErrPasswordTooCommon
	}
	return nil
}

// runs are what fingers type by themselves.
var runs = []string{"01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "1q2w3e4r5t6y7u8i9o0p"}

// guessable: nothing is left of it once common words, context words, keyboard runs and repetition are taken away.
func guessable(password string, context []string) bool {
	p := member.Fold(password)
	if common[p] || common[plain(p)] || common[strings.TrimRight(p, "0123456789!?.#@*$")] {
		return true
	}
	if unit := repeated(p); unit != "" && (utf8.RuneCountInString(unit) < 8 || common[unit]) {
		return true
	}
	words := slices.Clone(obvious)
	for _, c := range context {
		for _, w := range strings.FieldsFunc(member.Fold(c), func(r rune) bool { return strings.ContainsRune(" .@_-+", r) }) {
			if len(w) >= 4 {
				words = append(words, w)
			}
		}
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	rest := p
	for _, w := range words {
		rest = strings.ReplaceAll(rest, w, "")
	}
	rest = plain(withoutRuns(rest))
	distinct := map[rune]bool{}
	for _, r := range rest {
		distinct[r] = true
	}
	return utf8.RuneCountInString(rest) < 5 || len(distinct) < 4
}

// obvious are the words that people put before a year and an exclamation mark.
var obvious = []string{"welkom", "wachtwoord", "password", "geheim", "inloggen", "login", "portaal", "portal", "admin", "hypotheek", "voordeur", "zomer", "winter", "lente", "herfst", "januari", "februari", "september", "oktober", "november", "december", "letmein", "iloveyou", "ikhouvanjou", "welcome", "secret"}

// plain keeps the letters: digits and signs behind a word add nothing that is not tried.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || strings.ContainsRune(" !?.,#@*$%&-_+=()/\\:;'\"", r) {
			return -1
		}
		return r
	}, s)
}

func withoutRuns(s string) string {
	for _, run := range runs {
		for n := len(run); n >= 4; n-- {
			for i := 0; i+n <= len(run); i++ {
				s = strings.ReplaceAll(s, run[i:i+n], "")
			}
		}
	}
	return s
}

// repeated returns the part that s consists of, if it is one part again and again.
func repeated(s string) string {
	for n := 1; n <= len(s)/2; n++ {
		if len(s)%n == 0 && strings.Repeat(s[:n], len(s)/n) == s {
			return s[:n]
		}
	}
	return ""
}
