package controlplane

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The parameters of Argon2id that new passwords are hashed with (RFC 9106, section 4, the second recommended option). A hash
// carries its own, so that these may change.
const (
	argonTime    = 3
	argonMemory  = 64 << 10 // KiB
	argonThreads = 4
	argonSalt    = 16
	argonKey     = 32
)

// maxHashes is how many passwords are hashed at once: each takes 64 MiB.
const maxHashes = 4

var hashing = make(chan struct{}, maxHashes)

// The length of passwords, in characters and bytes. There are no rules beside it (NIST SP 800-63B, section 3.1.1.2).
const (
	minPassword = 12
	maxPassword = 256
)

// checkPassword refuses what can be no password.
func checkPassword(password string) error {
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password) || len(password) > maxPassword:
		return refuse(Invalid, "A password has %d bytes of UTF-8 at most.", maxPassword)
	case n < minPassword:
		return refuse(Invalid, "A password has %d characters at least.", minPassword)
	}
	return nil
}

// hashPassword answers a password's hash with what is needed to check it, in the PHC string format.
func hashPassword(password string) string {
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // never fails: crypto/rand.Read
	key := argon(password, salt, argonTime, argonMemory, argonThreads, argonKey)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

func argon(password string, salt []byte, time, memory uint32, threads uint8, size uint32) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, time, memory, threads, size)
}

// nobodysPassword is hashed where there is no user, so that finding that out takes as long as a wrong password.
const nobodysPassword = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// samePassword reports whether a password is that of a hash. The time it takes depends on the parameters of the hash only.
func samePassword(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var version int
	var memory, time uint32
	var threads uint8
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil || time == 0 || threads == 0 || memory > 1<<21 {
		return false
	}
	salt, badSalt := base64.RawStdEncoding.DecodeString(parts[4])
	want, badKey := base64.RawStdEncoding.DecodeString(parts[5])
	if badSalt != nil || badKey != nil || len(want) == 0 {
		return false
	}
	have := argon(password, salt, time, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(have, want) == 1
}
