package conformance

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onramp/internal/directconnect"
)

// written are the values of members that say where something stands and are plain strings to the SDK.
var written = map[string][]string{
	"MacSecKey.State":                       words(directconnect.MACsecKeyStates),
	"VirtualInterfaceTestHistory.Status":    words(directconnect.TestStatuses),
	"VirtualGatewayState":                   {"pending", "available", "deleting", "deleted"},
	"PortEncryptionStatus":                  {"Encryption Up", "Encryption Down"},
	"CustomerAgreement.Status":              {"unsigned", "signed"},
	"ConfirmCustomerAgreementOutput.Status": {"signed"},
}

func words[S ~string](states []S) []string {
	var all []string
	for _, s := range states {
		all = append(all, string(s))
	}
	return all
}

// neverAnswered are the values that no answer of ours holds, with the title of the entry of DIVERGENCES.md that says why.
var neverAnswered = map[observation]string{
	{"LagState", "requested"}: neverLAG,
	{"LagState", "deleting"}:  neverLAG,

	{"DirectConnectGatewayState", "deleted"}:                  neverShown,
	{"DirectConnectGatewayAssociationState", "disassociated"}: neverShown,
	{"MacSecKey.State", "disassociated"}:                      neverShown,
	{"VirtualGatewayState", "pending"}:                        neverShown,
	{"VirtualGatewayState", "deleting"}:                       neverShown,
	{"VirtualGatewayState", "deleted"}:                        neverShown,
	{"HasLogicalRedundancy", "no"}:                            neverShown,
	{"BillingMode", "PortPairFlatRateTier1"}:                  neverShown,
	{"BillingMode", "PortPairFlatRateTier2"}:                  neverShown,
	{"BillingMode", "PortPairFlatRateTier3"}:                  neverShown,
	{"BillingMode", "PortPairFlatRateTier4"}:                  neverShown,
	{"BillingMode", "PortPairFlatRateTier5"}:                  neverShown,
}

// Titles of entries.
const (
	neverLAG   = "A LAG is never requested or deleting"
	neverShown = "Values of the model that no answer has"
)

// everyValue lists the values of every enumeration in an answer, and of written.
func everyValue() map[string][]string {
	enumerations, _ := answerable()
	maps.Copy(enumerations, written)
	return enumerations
}

// unseen lists what the tests did not get to see of the values that there are, which never is excused; and what they got to
// see and should not have.
func unseen(values map[string][]string, never map[observation]string, seen *observations) []string {
	var gaps []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		got := seen.of(name)
		for _, value := range values[name] {
			_, excused := never[observation{name, value}]
			switch shown := slices.Contains(got, value); {
			case !shown && !excused:
				gaps = append(gaps, fmt.Sprintf("%s %s: no conformance test got to see it", name, value))
			case shown && excused:
				gaps = append(gaps, fmt.Sprintf("%s %s is said never to be answered, but it was", name, value))
			}
		}
		for _, value := range got {
			if !slices.Contains(values[name], value) {
				gaps = append(gaps, fmt.Sprintf("%s %s was answered, which is no value of it", name, value))
			}
		}
	}
	return gaps
}

// TestUnseenIsFound shows the check above what it is to find.
func TestUnseenIsFound(t *testing.T) {
	t.Parallel()
	values := map[string][]string{"LightState": {"red", "amber", "green"}, "Door.Status": {"open", "shut"}}
	var o observations
	for _, at := range []observation{{"LightState", "red"}, {"LightState", "blue"}, {"Door.Status", "open"}, {"Other", "x"}} {
		o.add(at)
	}
	never := map[observation]string{{"LightState", "amber"}: "Why", {"Door.Status", "open"}: "Why"}
	want := []string{
		"Door.Status open is said never to be answered, but it was",
		"Door.Status shut: no conformance test got to see it",
		"LightState green: no conformance test got to see it",
		"LightState blue was answered, which is no value of it",
	}
	if got := unseen(values, never, &o); !slices.Equal(got, want) {
		t.Errorf("unseen is %q, want %q", got, want)
	}
}

// TestEveryStandingIsWatched: a member of an answer that says where something stands is an enumeration of the SDK, or its
// values are known here.
func TestEveryStandingIsWatched(t *testing.T) {
	t.Parallel()
	enumerations, members := answerable()
	if got := slices.Sorted(maps.Keys(written)); !slices.Equal(got, members) {
		t.Errorf("values are known of %q, and answers have %q", got, members)
	}
	for _, name := range []string{"ConnectionState", "InterconnectState", "LagState", "VirtualInterfaceState", "BGPPeerState", "BGPStatus"} {
		if len(enumerations[name]) == 0 {
			t.Errorf("%s is not found in any answer", name)
		}
	}
}

// TestNeverAnsweredIsSaid: what is excused is a value that there is, and DIVERGENCES.md names it under the title given.
func TestNeverAnsweredIsSaid(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "DIVERGENCES.md"))
	if err != nil {
		t.Fatal(err)
	}
	values := everyValue()
	for at, title := range neverAnswered {
		if !slices.Contains(values[at.of], at.value) {
			t.Errorf("%s has no value %s", at.of, at.value)
		}
		_, entry, found := strings.Cut(string(text), ". "+title+"\n")
		entry, _, _ = strings.Cut(entry, "\n## ")
		if !found || !strings.Contains(title+entry, at.value) {
			t.Errorf("DIVERGENCES.md does not say of %s %s under %q why it is never answered", at.of, at.value, title)
		}
	}
}
