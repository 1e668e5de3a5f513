package directconnect

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"slices"
	"time"
)

// CustomerScript is what the customer's router at the far end of a simulated interface does instead of what it does by
// default. Without a script it has the right VLAN, addresses, ASN and key, and announces one prefix; see the simulated
// fabric.
type CustomerScript struct {
	Peers    []string        `json:"peers,omitempty"` // BGP peer IDs that Silent, WrongKey, ASN and Flap are about; empty: all
	Silent   bool            `json:"silent,omitempty"`
	WrongKey bool            `json:"wrongKey,omitempty"`
	ASN      int64           `json:"asn,omitempty"` // that it speaks as; 0: the right one
	Flap     *Flap           `json:"flap,omitempty"`
	Announce []CustomerRoute `json:"announce"` // absent or null: as by default; empty: nothing
}

// CustomerRoute is a prefix that the customer's router announces.
type CustomerRoute struct {
	CIDR        netip.Prefix `json:"cidr"`
	Path        []int64      `json:"path,omitempty"` // behind the customer's own number
	Communities []string     `json:"communities,omitempty"`
}

// CustomerSetting is the name of the installation's setting that holds the script of an interface, in JSON. Not set or
// empty: there is none.
func CustomerSetting(interfaceID string) string { return CustomerSettings + interfaceID }

// CustomerSettings is how the names of all of them begin.
const CustomerSettings = "customer/"

// maxScripted bounds a script's routes: more than any prefix limit, less than what a setting should hold.
const maxScripted = 20000

// maxFlapSeconds is 30 days: a flap that nobody waits for is a mistake, and longer ones would end beyond all times.
const maxFlapSeconds = 30 * 24 * 60 * 60

// ParseCustomerScript reads a script and refuses members that it does not have, prefixes and communities that are not
// valid, and numbers that make no sense.
func ParseCustomerScript(text string) (CustomerScript, error) {
	var s CustomerScript
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return s, Clientf("The customer router script is not valid: %v.", err)
	}
	return s, s.Check()
}

// Check refuses a script that no router could follow.
func (s CustomerScript) Check() error {
	if s.ASN < 0 || s.ASN > maxASNLong {
		return Clientf("ASN %d is not valid.", s.ASN)
	}
	if s.Flap != nil {
		if err := s.Flap.check(); err != nil {
			return err
		}
	}
	if len(s.Announce) > maxScripted {
		return QuotaExceeded("prefixes in a customer router script", maxScripted)
	}
	seen := make(map[netip.Prefix]bool, len(s.Announce))
	for _, r := range s.Announce {
		if !r.CIDR.IsValid() || r.CIDR != r.CIDR.Masked() || r.CIDR.Addr().Is4In6() {
			return Clientf("CIDR %s is not valid.", r.CIDR)
		}
		if seen[r.CIDR] {
			return Clientf("CIDR %s is announced twice.", r.CIDR)
		}
		seen[r.CIDR] = true
		if i := slices.IndexFunc(r.Path, func(n int64) bool { return n < 1 || n > maxASNLong }); i >= 0 {
			return Clientf("ASN %d is not valid.", r.Path[i])
		}
		for _, c := range r.Communities {
			if err := CheckCommunity(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// Flap is a session that the customer's router drops and takes up again, or a cable that loses its light and gets it back: from From on, down for Seconds, then up for
// Seconds, Times times or, at 0, for ever.
type Flap struct {
	From    time.Time `json:"from"`
	Seconds int64     `json:"seconds"`
	Times   int64     `json:"times,omitempty"`
}

func (f Flap) check() error {
	if f.Seconds < 1 || f.Seconds > maxFlapSeconds || f.Times < 0 {
		return Clientf("A flap is 1 to %d seconds down and as many up, a number of times or, at 0 times, for ever.", maxFlapSeconds)
	}
	return nil
}

// Down reports whether the session is down at a time because of the flap.
func (f Flap) Down(now time.Time) bool {
	round, down, _ := f.at(now)
	return down && (f.Times == 0 || round < f.Times)
}

// Over reports whether all of its times have passed.
func (f Flap) Over(now time.Time) bool { return !f.Down(now) && f.Next(now).IsZero() }

// Next is when the session changes next; zero: never.
func (f Flap) Next(now time.Time) time.Time {
	round, down, end := f.at(now)
	last := f.Times > 0 && (round >= f.Times || round == f.Times-1 && !down)
	switch {
	case now.Before(f.From):
		return f.From
	case last:
		return time.Time{}
	}
	return end
}

// at answers which round a time lies in, in which half of it, and when the half ends.
func (f Flap) at(now time.Time) (round int64, down bool, end time.Time) {
	half := time.Duration(f.Seconds) * time.Second
	if now.Before(f.From) || half <= 0 {
		return 0, false, f.From
	}
	halves := int64(now.Sub(f.From) / half)
	return halves / 2, halves%2 == 0, f.From.Add(time.Duration(halves+1) * half)
}
