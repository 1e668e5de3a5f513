// Package event says what an event is: something that has happened to a resource, told in the envelope of Amazon
// EventBridge; which kinds there are, which of them a receiver has chosen, and how a delivery of one is signed.
//
// It keeps nothing, sends nothing and asks no clock: package store keeps events and package webhook delivers them. It is
// not the audit trail, which says who asked for what.
package event

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"
)

// Source is the envelope's source. The real service sends no events of its own: aws.directconnect is the source of
// CloudTrail's records only, and PutEvents refuses sources that begin with aws.
const Source = "onramp.directconnect"

// Event is one thing that has happened.
type Event struct {
	ID       string    // lower-case UUID; the store makes one where it is empty
	Kind     Kind      // must be one of Kinds
	Time     time.Time // of the installation's clock; the envelope has it to the second
	Account  string    // whose it is; empty: the operator's alone
	Region   string    // empty: global
	Resource string    // identifier; events of one are delivered in their order
	ARNs     []string  // the envelope's resources; may be empty
	Detail   json.RawMessage
}

// errDetail is an event whose detail is no JSON.
var errDetail = errors.New("event: the detail is no JSON object")

// JSON writes the event as it is stored and delivered (EventBridge User Guide, "Event structure"), in compact JSON. Detail
// must be a JSON object, compact if it is to be.
func (e Event) JSON() ([]byte, error) {
	if len(e.Detail) == 0 || e.Detail[0] != '{' || !json.Valid(e.Detail) {
		return nil, errDetail
	}
	dst := make([]byte, 0, 512+len(e.Detail))
	dst = append(dst, `{"version":"0","id":`...)
	dst = appendText(dst, e.ID)
	dst = appendText(append(dst, `,"detail-type":`...), e.Kind.DetailType())
	dst = appendText(append(dst, `,"source":`...), Source)
	dst = appendText(append(dst, `,"account":`...), e.Account)
	dst = append(dst, `,"time":"`...)
	dst = e.Time.UTC().AppendFormat(dst, time.RFC3339)
	dst = appendText(append(dst, `","region":`...), e.Region)
	dst = appendTexts(append(dst, `,"resources":`...), e.ARNs)
	dst = append(append(dst, `,"detail":`...), e.Detail...)
	return append(dst, '}'), nil
}

// NewID makes a random UUID (RFC 9562, version 4).
func NewID() string {
	var raw [16]byte
	rand.Read(raw[:]) // never fails: it ends the program instead
	raw[6], raw[8] = raw[6]&0x0f|0x40, raw[8]&0x3f|0x80
	text := hex.EncodeToString(raw[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
