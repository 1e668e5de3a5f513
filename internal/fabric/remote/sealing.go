package remote

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote/wire"
)

// The suite of RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
func kem() hpke.KEM   { return hpke.DHKEM(ecdh.X25519()) }
func kdf() hpke.KDF   { return hpke.HKDFSHA256() }
func aead() hpke.AEAD { return hpke.AES256GCM() }

// NewSealingKey makes an agent's key pair: the private key opens what is sealed with the public one.
func NewSealingKey() (private, public []byte, err error) {
	key, err := kem().GenerateKey()
	if err != nil {
		return nil, nil, err
	}
	private, err = key.Bytes()
	return private, key.PublicKey().Bytes(), err
}

// Order is an intent on its way to one router, and as that router keeps it: its keys are sealed, the rest is not.
type Order struct{ m *wire.Order }

// Sequence is higher than that of every order before.
func (o Order) Sequence() uint64 { return o.m.GetSequence() }

// Fingerprint is the intent's.
func (o Order) Fingerprint() (f fabric.Fingerprint) {
	copy(f[:], o.m.GetFingerprint())
	return f
}

// MarshalBinary writes the order for a disk.
func (o Order) MarshalBinary() ([]byte, error) { return proto.Marshal(o.m) }

// UnmarshalBinary reads it again.
func (o *Order) UnmarshalBinary(text []byte) error {
	o.m = &wire.Order{}
	return proto.Unmarshal(text, o.m)
}

// Seal makes the order for a router, that only the holder of the private sealing key can carry out, in that place of the
// sequence and for that intent.
func Seal(router string, sequence uint64, in fabric.Intent, public []byte) (Order, error) {
	return seal(router, sequence, in, in.Fingerprint(), public)
}

func seal(router string, sequence uint64, in fabric.Intent, mark fabric.Fingerprint, public []byte) (Order, error) {
	message, keys := encodeIntent(in)
	text, err := proto.Marshal(message)
	if err != nil {
		return Order{}, fmt.Errorf("%w: %w", fabric.ErrInvalid, err)
	}
	o := &wire.Order{Router: router, Sequence: sequence, Fingerprint: mark[:], Intent: text}
	if len(keys) == 0 {
		return Order{o}, nil
	}
	secret, err := proto.Marshal(&wire.Keys{Keys: keys})
	if err != nil {
		return Order{}, fmt.Errorf("%w: a key is no text", fabric.ErrInvalid) // the error itself may hold the key
	}
	defer clear(secret)
	key, err := kem().NewPublicKey(public)
	if err != nil {
		return Order{}, fmt.Errorf("the sealing key of router %s: %w", router, err)
	}
	encapsulated, sender, err := hpke.NewSender(key, kdf(), aead(), info(router))
	if err != nil {
		return Order{}, err
	}
	sealed, err := sender.Seal(bound(o), secret)
	o.Sealed = slices.Concat(encapsulated, sealed)
	return Order{o}, err
}

// errSealed says no more than that: what cannot be opened is not described.
var errSealed = errors.New("its keys cannot be opened: they were sealed to another agent, or changed on the way")

// Open answers the intent of an order for router. Errors wrap fabric.ErrInvalid.
func (o Order) Open(router string, private []byte) (fabric.Intent, error) {
	in, err := o.open(router, private)
	if err != nil {
		return fabric.Intent{}, fmt.Errorf("%w: order %d: %w", fabric.ErrInvalid, o.Sequence(), err)
	}
	return in, nil
}

func (o Order) open(router string, private []byte) (fabric.Intent, error) {
	if o.m.GetRouter() != router {
		return fabric.Intent{}, fmt.Errorf("it is for router %q, this is %q", o.m.GetRouter(), router)
	}
	keys, err := o.keys(private)
	if err != nil {
		return fabric.Intent{}, err
	}
	message := &wire.Intent{}
	if err := proto.Unmarshal(o.m.GetIntent(), message); err != nil {
		return fabric.Intent{}, err
	}
	in, err := decodeIntent(message, keys)
	if err != nil {
		return fabric.Intent{}, err
	}
	if in.Fingerprint() != o.Fingerprint() {
		return fabric.Intent{}, errors.New("it says more than this version of the agent understands: use the control plane's version")
	}
	return in, in.Check()
}

func (o Order) keys(private []byte) ([]string, error) {
	sealed := o.m.GetSealed()
	if len(sealed) == 0 {
		return nil, nil
	}
	key, err := kem().NewPrivateKey(private)
	if err != nil {
		return nil, errors.New("the agent's sealing key is damaged")
	}
	const encapsulated = 32 // Nenc of DHKEM(X25519), RFC 9180, section 7.1
	if len(sealed) < encapsulated {
		return nil, errSealed
	}
	recipient, err := hpke.NewRecipient(sealed[:encapsulated], key, kdf(), aead(), info(o.m.GetRouter()))
	if err != nil {
		return nil, errSealed
	}
	secret, err := recipient.Open(bound(o.m), sealed[encapsulated:])
	if err != nil {
		return nil, errSealed
	}
	defer clear(secret)
	keys := &wire.Keys{}
	if err := proto.Unmarshal(secret, keys); err != nil {
		return nil, errSealed
	}
	return keys.GetKeys(), nil
}

// info binds the keys to a router.
func info(router string) []byte { return append([]byte("onramp intent 1\x00"), router...) }

// bound is what the keys are good for, and nothing else: the order's place and its intent.
func bound(o *wire.Order) []byte {
	sum := sha256.Sum256(o.GetIntent())
	return append(binary.BigEndian.AppendUint64(nil, o.GetSequence()), sum[:]...)
}

// PublicSealingKey is the public key of a private one of NewSealingKey.
func PublicSealingKey(private []byte) ([]byte, error) {
	key, err := kem().NewPrivateKey(private)
	if err != nil {
		return nil, errors.New("this is no sealing key")
	}
	return key.PublicKey().Bytes(), nil
}
