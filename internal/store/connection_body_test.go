package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onramp/internal/directconnect"
)

// What is read by hand must be what encoding/json reads, for every connection.
func TestConnectionBodyAsEncodingJSON(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{time.UTC, time.FixedZone("", 3600)}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z "\\<>&é\x{2028}]{0,9}`), rapid.Just(""))
		when := rapid.Custom(func(t *rapid.T) time.Time {
			us := rapid.Int64Range(0, 1<<51).Draw(t, "us")
			if us%3 == 0 {
				return time.Time{}
			}
			return time.UnixMicro(us).In(rapid.SampledFrom(zones).Draw(t, "zone"))
		})
		c := directconnect.Connection{
			Name: text.Draw(t, "name"), Bandwidth: directconnect.Bandwidth(text.Draw(t, "bandwidth")),
			ProviderName: text.Draw(t, "provider"), PartnerName: text.Draw(t, "partner"),
			BillingMode: directconnect.BillingMode(text.Draw(t, "billing")),
			MACsec:      rapid.Bool().Draw(t, "macsec"), EncryptionMode: directconnect.EncryptionMode(text.Draw(t, "mode")),
			EncryptionUp: rapid.Bool().Draw(t, "up"),
			Since:        when.Draw(t, "since"), Approved: when.Draw(t, "approved"), LOARead: when.Draw(t, "read"),
			LOACode: text.Draw(t, "code"), CrossConnected: when.Draw(t, "plugged"), Cut: rapid.Bool().Draw(t, "cut"),
			FirstLight: when.Draw(t, "light"), Reason: text.Draw(t, "reason"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "tags") {
			c.Tags = append(c.Tags, directconnect.Tag{Key: text.Draw(t, "key"), Value: text.Draw(t, "value")})
		}
		for range rapid.IntRange(0, 2).Draw(t, "keys") {
			c.MACsecKeys = append(c.MACsecKeys, directconnect.MACsecKey{SecretARN: text.Draw(t, "arn"), CKN: text.Draw(t, "ckn"),
				State: directconnect.MACsecKeyState(text.Draw(t, "state")), Start: when.Draw(t, "start")})
		}
		body, err := encodeBody(c)
		if err != nil {
			t.Fatal(err)
		}
		var got, want directconnect.Connection
		if err := decodeConnectionBody(body, &got); err != nil {
			t.Fatal(err)
		}
		if err := decodeBody(body, &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s reads otherwise (-encoding/json +ours):\n%s", body, diff)
		}
	})
}

// An ordinary connection, with every member set, must not need encoding/json: the cost of a page depends on it.
func TestConnectionBodyIsReadByHand(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 123000, time.UTC)
	want := directconnect.Connection{
		Name: "Büro <A> & B", Bandwidth: directconnect.Gbps10, ProviderName: "Acme", PartnerName: "P", BillingMode: directconnect.PayAsYouGo,
		Tags: []directconnect.Tag{{Key: "k"}, {Key: "l", Value: "v"}}, MACsec: true, EncryptionMode: directconnect.MustEncrypt,
		EncryptionUp: true, MACsecKeys: []directconnect.MACsecKey{{SecretARN: "arn", CKN: "0a", State: directconnect.KeyAssociated, Start: now}},
		Since: now, Approved: now, LOARead: now, LOACode: "c", CrossConnected: now, Cut: true, FirstLight: now, Reason: "r",
	}
	body, err := encodeBody(want)
	if err != nil {
		t.Fatal(err)
	}
	var got directconnect.Connection
	s := scanner{text: body}
	s.object(func(name string) { s.connectionMember(name, &got) })
	if !s.whole() {
		t.Fatalf("stopped at %q of %s", s.text, body)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
