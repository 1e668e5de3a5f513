// Package sigv4 verifies AWS Signature Version 4 on the server's side: it
// answers who signed a request, for which Region and when, or why the request
// is not to be believed.
//
// It follows "AWS Signature Version 4 for API requests" of the IAM user guide
// and the common errors of the Direct Connect API reference. What it is not: a
// signer, an authorisation (it knows no policies), a store of credentials (it
// asks a Lookup), and not an S3 verifier: the payload is always signed, the
// path is normalised and encoded twice, and there are no chunked signatures.
//
// Where the documents leave room, the stricter reading is taken:
//
//   - host and every X-Amz-* header that is present must be signed. The signing
//     documents ask that of clients; many services let it pass, but here it is
//     what keeps a signed body from being sent to another operation. A proxy in
//     front must therefore neither add X-Amz-* headers nor rewrite Host.
//   - SignedHeaders must be lower case, in order and without repetition.
//   - X-Amz-Content-Sha256, when present, must be the hash of the body;
//     UNSIGNED-PAYLOAD is refused.
//
// No error text carries a signature, a token or the canonical request.
package sigv4

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Algorithm is the only signing algorithm that is accepted.
const Algorithm = "AWS4-HMAC-SHA256"

// DefaultSkew is how far a client's clock may be from ours: the five minutes
// that the service's own error text names.
const DefaultSkew = 5 * time.Minute

// ErrUnknownKey is what a Lookup answers (or wraps) when there is no such
// access key. The caller of Verify sees it as UnrecognizedClientException.
var ErrUnknownKey = errors.New("sigv4: unknown access key")

// Credential is one access key as the store knows it. A non-empty SessionToken
// makes it a temporary credential, good only together with that token.
type Credential struct {
	AccessKeyID  string
	Secret       string
	SessionToken string
	Account      string
	Expires      time.Time // zero: never
	Owner        any       // who holds it, as the Lookup calls it; passed on unread
}

// Identity is what a verified request proves.
type Identity struct {
	AccessKeyID string
	Account     string
	Region      string    // of the credential scope
	SignedAt    time.Time // UTC, whole seconds
	Owner       any       // of the credential
}

// Lookup finds the credential of an access key. The key ID it is given is 1 to
// 128 characters of [A-Za-z0-9_]; the session token is the one sent, of any
// content, empty when none was: a token may hold the credential itself, sealed.
// It answers ErrUnknownKey when there is none. That the token is right is held
// against the answer's SessionToken afterwards.
type Lookup func(ctx context.Context, accessKeyID, sessionToken string) (Credential, error)

// Verifier verifies requests to one service. The exported fields are set before
// first use and not changed afterwards; Verify is then safe for concurrent use.
// A Verifier must not be copied after first use.
type Verifier struct {
	Service string                   // as in the credential scope: "directconnect"
	Lookup  Lookup                   // required
	Now     func() time.Time         // nil: time.Now
	Skew    time.Duration            // 0: DefaultSkew
	Regions func(region string) bool // nil: every well-formed Region

	keys keyCache
}

// Verify answers who signed r, whose whole body is given apart. It reads r and
// changes nothing.
//
// The error is an *Error, to be sent to the client with HTTP status 400, or, if
// the Lookup itself failed, that error wrapped. The checks run in the order that
// was observed on AWS JSON services: form of the header, date, host, algorithm,
// scope, access key, signature, session token. So only the holder of the secret
// learns anything about a session token or its expiry.
func (v *Verifier) Verify(r *http.Request, body []byte) (Identity, error) {
	c, err := readClaim(r)
	if err != nil {
		return Identity{}, err
	}
	now := v.now()
	if err := c.checkTime(now, v.skew()); err != nil {
		return Identity{}, err
	}
	if err := c.checkSignedHeaders(r.Header); err != nil {
		return Identity{}, err
	}
	if err := c.checkScope(v.Service, v.Regions); err != nil {
		return Identity{}, err
	}
	cred, err := v.find(r.Context(), c.accessKeyID, c.token)
	if err != nil {
		return Identity{}, err
	}
	if err := v.checkSignature(r, body, &c, cred.Secret); err != nil {
		return Identity{}, err
	}
	if err := checkSession(cred, &c, now); err != nil {
		return Identity{}, err
	}
	return Identity{
		AccessKeyID: c.accessKeyID, Account: cred.Account, Region: c.region, SignedAt: c.signedAt, Owner: cred.Owner,
	}, nil
}

func (v *Verifier) now() time.Time {
	if v.Now == nil {
		return time.Now()
	}
	return v.Now()
}

func (v *Verifier) skew() time.Duration {
	if v.Skew <= 0 {
		return DefaultSkew
	}
	return v.Skew
}

func (v *Verifier) find(ctx context.Context, accessKeyID, token string) (Credential, error) {
	if !wellFormedKeyID(accessKeyID) {
		return Credential{}, unrecognizedClient()
	}
	cred, err := v.Lookup(ctx, accessKeyID, token)
	switch {
	case errors.Is(err, ErrUnknownKey):
		return Credential{}, unrecognizedClient()
	case err != nil:
		return Credential{}, fmt.Errorf("sigv4: looking up the access key: %w", err)
	case cred.Secret == "":
		// Anybody can sign with the empty secret, so a row that lost its secret
		// must not become a key that everybody holds.
		return Credential{}, errors.New("sigv4: the credential found has no secret")
	case cred.AccessKeyID != "" && cred.AccessKeyID != accessKeyID:
		// A store that compares without regard to case would find another key.
		return Credential{}, unrecognizedClient()
	}
	return cred, nil
}

// checkSignature computes the signature that the secret gives for this request
// and compares it, in constant time, with the one sent.
func (v *Verifier) checkSignature(r *http.Request, body []byte, c *claim, secret string) error {
	sum := sha256.Sum256(body)
	var payload [2 * sha256.Size]byte
	hex.Encode(payload[:], sum[:])
	if err := checkPayloadHash(r.Header, payload[:]); err != nil {
		return err
	}

	scratch := scratchPool.Get().(*scratch)
	defer scratch.release()
	if err := scratch.canonicalRequest(r, c, payload[:]); err != nil {
		return err
	}
	hashed := sha256.Sum256(scratch.buf)
	scratch.stringToSign(c, hashed)

	id := v.keys.id(secret, c.date, c.region)
	key, cached := v.keys.get(id)
	if !cached {
		key = deriveKey(secret, c.date, c.region, v.Service)
	}
	var mac [sha256.Size]byte
	sumHMAC(&mac, key[:], scratch.buf)
	var want [2 * sha256.Size]byte
	hex.Encode(want[:], mac[:])
	if subtle.ConstantTimeCompare(want[:], []byte(c.signature)) != 1 {
		return signatureMismatch()
	}
	if !cached {
		// Only now: what cannot sign must not push others' keys out of the cache.
		v.keys.put(id, key)
	}
	return nil
}

// checkPayloadHash holds X-Amz-Content-Sha256, if sent, equal to the body's hash.
func checkPayloadHash(h http.Header, payload []byte) error {
	sent, present := headerValue(h, "X-Amz-Content-Sha256")
	if !present || subtle.ConstantTimeCompare([]byte(sent), payload) == 1 {
		return nil
	}
	if sent == "UNSIGNED-PAYLOAD" {
		return &Error{CodeInvalidSignature, "The payload must be signed: 'UNSIGNED-PAYLOAD' is not accepted by this service."}
	}
	return &Error{CodeInvalidSignature, "The provided 'x-amz-content-sha256' header does not match what was computed."}
}

// checkSession holds the session token sent against the credential's own, and
// the credential's expiry against the clock.
func checkSession(cred Credential, c *claim, now time.Time) error {
	if c.hasToken != (cred.SessionToken != "") ||
		subtle.ConstantTimeCompare([]byte(c.token), []byte(cred.SessionToken)) != 1 {
		return unrecognizedClient()
	}
	if !cred.Expires.IsZero() && !now.Before(cred.Expires) {
		return &Error{CodeExpiredToken, "The security token included in the request is expired"}
	}
	return nil
}
