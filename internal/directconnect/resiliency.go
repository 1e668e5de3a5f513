package directconnect

import (
	"slices"
	"strings"
	"time"
)

// ResiliencyGroupPrefix begins the identifier of a resiliency group.
const ResiliencyGroupPrefix = "dxrg-"

// longIDLength is the length of what follows the prefix (API reference 2026, ResiliencyGroup.resiliencyGroupId).
const longIDLength = 17

// ResiliencyGroupID makes an identifier from 128 random bits, of which it takes 88.
func ResiliencyGroupID(hi, lo uint64) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	b := []byte(ResiliencyGroupPrefix)
	for i := range longIDLength {
		from := &hi
		if i%2 == 1 {
			from = &lo
		}
		b = append(b, digits[*from%36])
		*from /= 36
	}
	return string(b)
}

// CheckResiliencyGroupID refuses what has not the shape of a group's ID. The model's pattern takes upper case, of which no
// identifier is made.
func CheckResiliencyGroupID(id string) error {
	rest, ok := strings.CutPrefix(id, ResiliencyGroupPrefix)
	ok = ok && len(rest) == longIDLength && !slices.ContainsFunc([]byte(rest), func(c byte) bool { return !isAlphanumeric(c) })
	if !ok {
		return Clientf("Resiliency Group ID %s has an invalid format.", id)
	}
	return nil
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// ResiliencyGroup is a set of connections that are meant to stand in for each other (API reference, ResiliencyGroup).
// Fields marked json:"-" are columns of their own in the store.
type ResiliencyGroup struct {
	ID      string               `json:"-"` // dxrg-...
	Account string               `json:"-"`
	Region  string               `json:"-"`
	State   ResiliencyGroupState `json:"-"`
	Created time.Time            `json:"-"`
	Due     time.Time            `json:"-"`
	Deleted time.Time            `json:"-"`
	Version int64                `json:"-"`

	Name  string          `json:"name"`
	Model ResiliencyModel `json:"model"` // the intended one
	Tags  []Tag           `json:"tags,omitempty"`
	Since time.Time       `json:"since,omitzero"` // when State was entered
}

// NewResiliencyGroup is a group of no connections, pending until the reconciler has looked.
func NewResiliencyGroup(id, account, region, name, model string, tags []Tag, now time.Time) (ResiliencyGroup, error) {
	if err := checkResiliencyName(name); err != nil {
		return ResiliencyGroup{}, err
	}
	m, err := ParseResiliencyModel(model)
	if err != nil {
		return ResiliencyGroup{}, err
	}
	if err := CheckTags(tags); err != nil {
		return ResiliencyGroup{}, err
	}
	return ResiliencyGroup{
		ID: id, Account: account, Region: region, State: ResiliencyPending, Created: now, Due: now, Since: now,
		Name: name, Model: m, Tags: tags,
	}, nil
}

// maxResiliencyName bounds the name of a group (API reference, CreateResiliencyGroup).
const maxResiliencyName = 255

// checkResiliencyName refuses what the pattern ^[a-zA-Z0-9_\-]+$ does not match.
func checkResiliencyName(name string) error {
	const member = "resiliencyGroupName"
	switch {
	case name == "":
		return Required(member)
	case len(name) > maxResiliencyName:
		return Clientf("%s must be at most %d characters long.", member, maxResiliencyName)
	case slices.ContainsFunc([]byte(name), func(c byte) bool { return !isAlphanumeric(c) && c != '_' && c != '-' }):
		return Clientf("%s %s is not valid. Valid characters are letters, digits, hyphens and underscores.", member, name)
	}
	return nil
}

// NoResiliencyGroup is the answer to a group that is not there.
func NoResiliencyGroup(id string) *Error { return Clientf("Resiliency Group %s does not exist.", id) }

// Live reports whether the group has not been deleted.
func (g ResiliencyGroup) Live() bool { return g.State != ResiliencyDeleted }

// ARN names the group. It has no Region, although the group is one Region's.
func (g ResiliencyGroup) ARN() ARN {
	return ARN{Partition: PartitionOf(g.Region), Account: g.Account, Type: "dx-resiliency-group", ID: g.ID}
}

// Usable refuses a change to what has ended or is on its way out.
func (g ResiliencyGroup) Usable() error {
	if g.State == ResiliencyDeleting || !g.Live() {
		return Clientf("Resiliency Group %s is in state %s and cannot be changed.", g.ID, g.State)
	}
	return nil
}

// Rename gives the group another name.
func (g ResiliencyGroup) Rename(name string) (ResiliencyGroup, error) {
	if err := checkResiliencyName(name); err != nil {
		return g, err
	}
	if err := g.Usable(); err != nil {
		return g, err
	}
	g.Name = name
	return g, nil
}

// Delete begins the end of the group. Its members leave it at the same time, which is the caller's to see to. A second one
// changes nothing.
func (g ResiliencyGroup) Delete(now time.Time) ResiliencyGroup {
	g, _ = g.move(ResiliencyDelete, now)
	return g
}

// Advance takes the group through pending, and through deleting at the pace of a release. members are those that have not
// left yet: none may be there in the end.
func (g ResiliencyGroup) Advance(members int, pace Pace, now time.Time) ResiliencyGroup {
	g, _ = g.move(ResiliencyReady, now)
	g.Due = time.Time{}
	if g.State != ResiliencyDeleting {
		return g
	}
	switch at := g.Since.Add(pace.Release); {
	case now.Before(at):
		g.Due = at
	case members > 0:
		g.Due = now.Add(releaseRetry)
	default:
		g, _ = g.move(ResiliencyReleased, now)
	}
	return g
}
