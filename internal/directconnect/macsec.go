package directconnect

import (
	"slices"
	"strings"
	"time"
)

// EncryptionMode is what a MACsec port does with plain frames (API reference, Connection.encryptionMode).
type EncryptionMode string

const (
	NoEncrypt     EncryptionMode = "no_encrypt"
	ShouldEncrypt EncryptionMode = "should_encrypt"
	MustEncrypt   EncryptionMode = "must_encrypt"
)

// ParseEncryptionMode checks a requested mode.
func ParseEncryptionMode(s string) (EncryptionMode, error) {
	switch m := EncryptionMode(s); m {
	case NoEncrypt, ShouldEncrypt, MustEncrypt:
		return m, nil
	}
	return "", Clientf("Encryption mode %s is not valid. Valid values are no_encrypt, should_encrypt and must_encrypt.", s)
}

// MACsecKeyState is where an association of a key with a connection or LAG stands (API reference, MacSecKey.state).
type MACsecKeyState string

const (
	KeyAssociating    MACsecKeyState = "associating"
	KeyAssociated     MACsecKeyState = "associated"
	KeyDisassociating MACsecKeyState = "disassociating"
	KeyDisassociated  MACsecKeyState = "disassociated"
)

// MACsecKeyStates lists every state, in the order of a life.
var MACsecKeyStates = []MACsecKeyState{KeyAssociating, KeyAssociated, KeyDisassociating, KeyDisassociated}

// MACsecKeyEvent is something that happens to an associated key.
type MACsecKeyEvent string

const (
	KeyInstalled    MACsecKeyEvent = "Installed"    // the router has it
	KeyDisassociate MACsecKeyEvent = "Disassociate" // the customer takes it away
	KeyRemoved      MACsecKeyEvent = "Removed"      // the router no longer has it
)

// MACsecKeyEvents lists every event.
var MACsecKeyEvents = []MACsecKeyEvent{KeyInstalled, KeyDisassociate, KeyRemoved}

var macsecKeyMoves = map[MACsecKeyState]map[MACsecKeyEvent]MACsecKeyState{
	KeyAssociating:    {KeyInstalled: KeyAssociated, KeyDisassociate: KeyDisassociating},
	KeyAssociated:     {KeyDisassociate: KeyDisassociating},
	KeyDisassociating: {KeyRemoved: KeyDisassociated},
}

// NextMACsecKeyState looks the move up.
func NextMACsecKeyState(s MACsecKeyState, e MACsecKeyEvent) (MACsecKeyState, bool) {
	to, ok := macsecKeyMoves[s][e]
	return to, ok
}

// MACsecKey is a connectivity association key as associated with a connection or LAG. The key itself (CAK) is not here:
// it is sealed, with its Secret.
type MACsecKey struct {
	SecretARN string         `json:"arn"`
	CKN       string         `json:"ckn"` // 64 hexadecimal digits, in the case they were given in
	State     MACsecKeyState `json:"state"`
	Start     time.Time      `json:"start,omitzero"` // when it was associated
}

// StartOn renders Start as the wire's string, in UTC.
func (k MACsecKey) StartOn() string { return k.Start.UTC().Format("2006-01-02 15:04:05.000") }

// Secret is where a key pair is kept: what AWS Secrets Manager holds for the real service.
type Secret struct {
	ARN     string
	Account string
	Region  string
	CKN     string
	CAK     string // sealed
	Created time.Time
}

// keyLength is 256 bits in hexadecimal digits: the only length the service takes (user guide, "MACsec").
const keyLength = 64

// CheckKeyPair refuses a CKN or CAK that is not 64 hexadecimal digits. The text never repeats the CAK.
func CheckKeyPair(ckn, cak string) error {
	if !isHexKey(ckn) {
		return Clientf("ckn is not valid: it must be %d hexadecimal characters.", keyLength)
	}
	if !isHexKey(cak) {
		return Clientf("cak is not valid: it must be %d hexadecimal characters.", keyLength)
	}
	return nil
}

func isHexKey(s string) bool {
	return len(s) == keyLength && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

// associateKey adds a key to a list, within the quota (0: none).
func associateKey(holder string, have []MACsecKey, secret Secret, quota int, now time.Time) ([]MACsecKey, error) {
	active := 0
	for _, k := range have {
		if k.State == KeyDisassociated {
			continue
		}
		if k.SecretARN == secret.ARN || strings.EqualFold(k.CKN, secret.CKN) {
			return nil, Clientf("MACsec key %s is already associated with %s.", secret.ARN, holder)
		}
		active++
	}
	if quota > 0 && active >= quota {
		return nil, QuotaExceeded("MACsec keys on "+holder, quota)
	}
	return append(slices.Clone(have), MACsecKey{SecretARN: secret.ARN, CKN: secret.CKN, State: KeyAssociating, Start: now}), nil
}

// disassociateKey marks a key for removal and answers the list and the key.
func disassociateKey(holder string, have []MACsecKey, arn string) ([]MACsecKey, MACsecKey, error) {
	keys := slices.Clone(have)
	i := slices.IndexFunc(keys, func(k MACsecKey) bool { return k.SecretARN == arn })
	if i < 0 {
		return nil, MACsecKey{}, Clientf("MACsec key %s is not associated with %s.", arn, holder)
	}
	to, ok := NextMACsecKeyState(keys[i].State, KeyDisassociate)
	if !ok {
		return nil, MACsecKey{}, Clientf("MACsec key %s is already being disassociated from %s.", arn, holder)
	}
	keys[i].State = to
	return keys, keys[i], nil
}

// advanceKeys follows what the routers have installed. installed tells for a CKN whether every router port that should
// carry it does, and absent whether none does. Keys that are gone leave the list.
func advanceKeys(have []MACsecKey, installed, absent func(ckn string) bool) []MACsecKey {
	var keys []MACsecKey
	for _, k := range have {
		if to, ok := NextMACsecKeyState(k.State, KeyInstalled); ok && installed(k.CKN) {
			k.State = to
		}
		if to, ok := NextMACsecKeyState(k.State, KeyRemoved); ok && absent(k.CKN) {
			k.State = to
		}
		if k.State != KeyDisassociated {
			keys = append(keys, k)
		}
	}
	return keys
}

// keysInUse are those that a router should have.
func keysInUse(keys []MACsecKey) []MACsecKey {
	return slices.DeleteFunc(slices.Clone(keys), func(k MACsecKey) bool {
		return k.State == KeyDisassociating || k.State == KeyDisassociated
	})
}

// CheckMACsec refuses a connection that cannot carry MACsec keys of its own.
func (c Connection) CheckMACsec() error {
	if err := c.mustWork(); err != nil {
		return err
	}
	if c.Kind == Hosted || !c.MACsec {
		return Clientf("Connection %s does not support MACsec.", c.ID)
	}
	if c.LagID != "" {
		return Clientf("Connection %s is a member of Lag %s: MACsec is set on the Lag.", c.ID, c.LagID)
	}
	return nil
}

// AssociateKey puts a key on the connection, state associating (API reference, AssociateMacSecKey). quota 0 is none.
func (c Connection) AssociateKey(s Secret, quota int, now time.Time) (Connection, error) {
	if err := c.CheckMACsec(); err != nil {
		return c, err
	}
	keys, err := associateKey("connection "+c.ID, c.MACsecKeys, s, quota, now)
	if err != nil {
		return c, err
	}
	c.MACsecKeys = keys
	return c.wake(now), nil
}

// DisassociateKey takes a key off the connection and answers it, state disassociating. Losing the last key under
// must_encrypt resets the mode to should_encrypt (user guide, "MACsec").
func (c Connection) DisassociateKey(arn string, now time.Time) (Connection, MACsecKey, error) {
	if err := c.CheckMACsec(); err != nil {
		return c, MACsecKey{}, err
	}
	keys, key, err := disassociateKey("connection "+c.ID, c.MACsecKeys, arn)
	if err != nil {
		return c, key, err
	}
	c.MACsecKeys = keys
	if len(keysInUse(keys)) == 0 && c.EncryptionMode == MustEncrypt {
		c.EncryptionMode = ShouldEncrypt
	}
	return c.wake(now), key, nil
}

// Encrypt changes the encryption mode (API reference, UpdateConnection); a LAG member's is the LAG's to change.
func (c Connection) Encrypt(m EncryptionMode, now time.Time) (Connection, error) {
	if err := c.CheckMACsec(); err != nil {
		return c, err
	}
	c.EncryptionMode = m
	return c.wake(now), nil
}

// KeysToInstall are the connection's own keys that its port should have; a LAG member's are the LAG's.
func (c Connection) KeysToInstall() []MACsecKey { return keysInUse(c.MACsecKeys) }

func (c Connection) advanceKeys(seen Seen) Connection {
	if len(c.MACsecKeys) == 0 || !seen.Readable {
		return c
	}
	c.MACsecKeys = advanceKeys(c.MACsecKeys,
		func(ckn string) bool { return slices.Contains(seen.InstalledCKNs, ckn) },
		func(ckn string) bool { return !slices.Contains(seen.InstalledCKNs, ckn) })
	return c
}

// SecretARN is the ARN that a new secret gets (provider documentation of aws_dx_macsec_key_association; recorded shape).
func SecretARN(partition, region, account, ckn string, random uint64) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	suffix := make([]byte, 6)
	for i := range suffix {
		suffix[i] = letters[random%uint64(len(letters))]
		random /= uint64(len(letters))
	}
	return "arn:" + partition + ":secretsmanager:" + region + ":" + account +
		":secret:directconnect!prod/" + region + "/directconnect/" + ckn + "-" + string(suffix)
}
