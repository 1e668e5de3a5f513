package audit

import (
	"crypto/rand"
	"encoding/hex"
	"time"
)

// NewEventID makes a random UUID (RFC 9562, version 4).
func NewEventID() string {
	var raw [16]byte
	rand.Read(raw[:]) // never fails: it ends the program instead
	raw[6] = raw[6]&0x0f | 0x40
	raw[8] = raw[8]&0x3f | 0x80
	var text [36]byte
	hex.Encode(text[0:], raw[0:4])
	hex.Encode(text[9:], raw[4:6])
	hex.Encode(text[14:], raw[6:8])
	hex.Encode(text[19:], raw[8:10])
	hex.Encode(text[24:], raw[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// Change is a change of state that nobody asked for: the service itself saw, or did, something.
type Change struct {
	Time      time.Time
	Name      string // such as ConnectionStateChange
	Kind      Kind
	ID        string // of the resource
	Account   string // that owns it
	Region    string
	Partition string
	From, To  string // states
	Reason    string // may be empty
}

// Record is the change as a record: an AwsServiceEvent, whose details CloudTrail has in serviceEventDetails.
func (c Change) Record() Record {
	o := object{}
	o.open()
	o.text("resourceId", c.ID)
	o.text("previousState", c.From)
	o.text("state", c.To)
	o.some("reason", c.Reason)
	o.close()
	r := Record{
		Type: ServiceEvent, Time: c.Time, EventID: NewEventID(), Source: Service, Name: c.Name, Region: c.Region,
		Identity: Identity{Type: "AWSService", Account: c.Account, InvokedBy: Service}, SourceIP: Service, UserAgent: Service,
		Details: o.dst, Account: c.Account,
	}
	if resource, ok := (Named{c.Kind, c.ID}).Resource(c.Partition, c.Region, c.Account); ok {
		r.Resources = []Resource{resource}
	}
	return r
}

// Entry is the change on its way into a chain.
func (c Change) Entry() Entry {
	r := c.Record()
	return r.Entry([]Named{{c.Kind, c.ID}})
}

// Entry is the record on its way into a chain, to be found by what it names.
func (r *Record) Entry(named []Named) Entry {
	e := Entry{Time: r.Time.UnixMicro(), Account: r.Account, Name: r.Name, Body: string(r.Append(make([]byte, 0, 1536)))}
	for _, n := range named {
		if plain(n.ID) {
			e.Resources = append(e.Resources, n.ID)
		}
	}
	return e
}

// Object is a JSON object of texts: names and values by turns.
func Object(pairs ...string) []byte {
	o := object{}
	o.open()
	for i := 0; i+1 < len(pairs); i += 2 {
		o.some(pairs[i], pairs[i+1])
	}
	o.close()
	return o.dst
}

// Member is a member of a JSON object.
type Member struct {
	Name  string
	Value []byte // JSON
}

// Text is a text as JSON.
func Text(s string) []byte { return appendText(nil, s) }

// longestMember bounds what ObjectOf takes of a member: a policy document of the longest that IAM takes, 10,240 characters, as
// a JSON text.
const longestMember = 64 << 10

// ObjectOf is a JSON object with members after those that it has. In place of what is longer than a record has room for
// stands how long it was.
func ObjectOf(json []byte, more []Member) []byte {
	o := object{dst: json[:len(json)-1]}
	for _, m := range more {
		o.element(m.Name, m.Value, longestMember)
	}
	o.close()
	return o.dst
}
