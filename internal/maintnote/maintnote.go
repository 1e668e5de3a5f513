// Package maintnote writes notices of planned work as calendars that machines can read: iCalendar (RFC 5545) in the form of the
// network operators' Maintenance Notification standard (draft-gunter-calext-maintenance-notifications, the X-MAINTNOTE
// properties), one event for each account that is told.
//
// It is text only: what is planned, whom it concerns and how it reaches them is decided elsewhere. It does not know the nouns of
// the service.
package maintnote

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// Status is where the work stands (X-MAINTNOTE-STATUS).
type Status string

// The statuses that are used: what is planned here is meant, and never tentative.
const (
	Confirmed Status = "CONFIRMED"
	InProcess Status = "IN-PROCESS"
	Completed Status = "COMPLETED"
	Cancelled Status = "CANCELLED"
)

// Object is something of the account's that is hit, with what it suffers: NO-IMPACT, REDUCED-REDUNDANCY, DEGRADED or OUTAGE.
type Object struct{ ID, Impact string }

// Notice is what one account is told of planned work.
type Notice struct {
	Provider string // a domain name, or a name
	Contact  string // with an e-mail address in it, or any text, or empty
	Account  string
	ID       string // of the work
	Objects  []Object
	Impact   string // of the work
	Status   Status
	Reason   string
	From, To time.Time
	Stamp    time.Time // when it was planned or changed last
	Sequence int64     // of this edition of the notice, from 0
}

// How a calendar is meant (RFC 5546): a file to be sent announces or cancels, a feed to be subscribed to is neither.
const (
	publish = "PUBLISH"
	cancel  = "CANCEL"
)

// File is a calendar to be sent. It cancels if all notices do.
func File(notices []Notice) []byte {
	method := publish
	if len(notices) > 0 && !slices.ContainsFunc(notices, func(n Notice) bool { return n.Status != Cancelled }) {
		method = cancel
	}
	return calendar(notices, method)
}

// Feed is a calendar to be subscribed to: it always has all that there is to tell.
func Feed(notices []Notice) []byte { return calendar(notices, "") }

func calendar(notices []Notice, method string) []byte {
	c := ics.NewCalendar()
	c.SetProductId("-//Onramp//Maintenance notices//EN")
	if method != "" {
		c.SetMethod(ics.Method(method))
	}
	for _, n := range notices {
		n.add(c)
	}
	return []byte(c.Serialize(ics.WithNewLine("\r\n")))
}

// statuses are those of RFC 5545, which knows fewer.
var statuses = map[Status]ics.ObjectStatus{Cancelled: ics.ObjectStatusCancelled}

func (n Notice) add(c *ics.Calendar) {
	e := c.AddEvent(n.ID + "." + n.Account + "@" + host(n.Provider))
	e.SetDtStampTime(n.Stamp)
	e.SetModifiedAt(n.Stamp)
	e.SetSequence(int(n.Sequence))
	e.SetStartAt(n.From)
	e.SetEndAt(n.To)
	e.SetSummary(fmt.Sprintf("%s: maintenance %s, %s", plain(n.Provider), n.ID, strings.ToLower(n.Impact)))
	e.SetDescription(n.description())
	status, other := statuses[n.Status]
	if !other {
		status = ics.ObjectStatusConfirmed
	}
	e.SetStatus(status)
	e.SetTimeTransparency(ics.TransparencyTransparent)
	e.SetOrganizer(address(n.Contact), ics.WithCN(plain(n.Provider)))
	add := func(name, value string, about ...ics.PropertyParameter) {
		e.AddProperty(ics.ComponentProperty("X-MAINTNOTE-"+name), value, about...)
	}
	add("PROVIDER", n.Provider)
	add("ACCOUNT", n.Account)
	add("MAINTENANCE-ID", n.ID)
	for _, o := range n.Objects {
		add("OBJECT-ID", o.ID, &ics.KeyValues{Key: "X-MAINTNOTE-OBJECT-IMPACT", Value: []string{o.Impact}})
	}
	add("IMPACT", n.Impact)
	add("STATUS", string(n.Status))
}

// described bounds how many objects the text for people names; the properties name all.
const described = 20

func (n Notice) description() string {
	lines := []string{n.Reason, "", "Account " + n.Account + ":"}
	for i, o := range n.Objects {
		if i == described {
			lines = append(lines, fmt.Sprintf("and %d more", len(n.Objects)-described))
			break
		}
		lines = append(lines, o.ID+" "+strings.ToLower(o.Impact))
	}
	return strings.Join(lines, "\n")
}

// nobody is who organizes what has no address: a cal-address is demanded (RFC 5545, section 3.8.4.3), and this domain is
// nobody's (RFC 2606).
const nobody = "maintenance@onramp.invalid"

// address finds an e-mail address in what a provider writes under its letters.
func address(contact string) string {
	for _, word := range strings.FieldsFunc(contact, func(r rune) bool { return strings.ContainsRune(" \t,;<>()", r) }) {
		if a, err := mail.ParseAddress(word); err == nil {
			return a.Address
		}
	}
	return nobody
}

// plain leaves out what a parameter's value cannot have (RFC 5545, section 3.2), or what libraries write in ways of their own.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`",;:\'`, r) {
			return -1
		}
		return r
	}, text)
}

// host is a name as the right side of an identifier.
func host(name string) string {
	h := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '-':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, name)
	if h == "" {
		return "onramp"
	}
	return h
}
