package sigv4

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"
)

// maxKeys bounds the signing keys kept: two generations of half as many each,
// about 3 MiB in all.
const maxKeys = 1 << 15

type (
	signingKey [sha256.Size]byte
	keyID      [sha256.Size]byte
)

// keyCache keeps derived signing keys; a derivation is four HMACs, more than all
// the rest of a verification, and its result is good for a day.
//
// A key is found by a salted hash of all it is derived from, the secret
// included. So no secret is kept, and an access key that gets another secret
// finds nothing of the old one's. When the young generation is full it becomes
// the old one, and what nobody asked for in the meantime is forgotten.
//
// The zero value is ready; safe for concurrent use.
type keyCache struct {
	salted sync.Once
	salt   [sha256.Size]byte

	mu         sync.RWMutex
	young, old map[keyID]signingKey
}

// id names the signing key of a secret for a day and Region (of the verifier's
// one service).
func (k *keyCache) id(secret, date, region string) keyID {
	k.salted.Do(func() { rand.Read(k.salt[:]) }) // never fails, says crypto/rand
	var space [256]byte
	b := append(space[:0], k.salt[:]...)
	b = append(b, date...)
	b = append(b, '/')
	b = append(b, region...) // neither holds a slash
	b = append(b, '/')
	b = append(b, secret...)
	sum := sha256.Sum256(b)
	clear(b)
	return sum
}

func (k *keyCache) get(id keyID) (signingKey, bool) {
	k.mu.RLock()
	key, found := k.young[id]
	if found {
		k.mu.RUnlock()
		return key, true
	}
	key, found = k.old[id]
	k.mu.RUnlock()
	if found {
		k.put(id, key)
	}
	return key, found
}

func (k *keyCache) put(id keyID, key signingKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.young == nil || len(k.young) >= maxKeys/2 {
		k.young, k.old = make(map[keyID]signingKey), k.young
	}
	k.young[id] = key
}

// deriveKey is step 4 of the signing process: HMACs over day, Region, service
// and terminator, beginning with "AWS4" and the secret.
func deriveKey(secret, date, region, service string) signingKey {
	var key signingKey
	sumHMAC((*[sha256.Size]byte)(&key), []byte("AWS4"+secret), []byte(date))
	for _, part := range [...]string{region, service, terminator} {
		sumHMAC((*[sha256.Size]byte)(&key), key[:], []byte(part))
	}
	return key
}

// sumHMAC writes HMAC-SHA256 of message under key to out, which may be the key.
func sumHMAC(out *[sha256.Size]byte, key, message []byte) {
	mac := hmac.New(sha256.New, key)
	mac.Write(message)
	mac.Sum(out[:0])
}
