package event

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
)

// The headers of a delivery (Standard Webhooks 1.0.0, "Webhook headers").
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

// secretPrefix is what signing secrets begin with (Standard Webhooks 1.0.0, "Signature scheme").
const secretPrefix = "whsec_"

// NewSecret makes a signing secret of 256 random bits, as it is given to the receiver.
func NewSecret() string {
	var raw [32]byte
	rand.Read(raw[:]) // never fails: it ends the program instead
	return secretPrefix + base64.StdEncoding.EncodeToString(raw[:])
}

var errSecret = errors.New("event: the signing secret is not one")

// Sign answers the signature of a delivery: "v1," and the HMAC-SHA256 over its ID, its time in seconds since 1970 and its
// body, joined by full stops. The secret is of NewSecret's form.
func Sign(secret, id string, at time.Time, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil || !strings.HasPrefix(secret, secretPrefix) || len(key) < 24 {
		return "", errSecret // without the text, which is secret
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}
