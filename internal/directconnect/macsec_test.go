package directconnect

import (
	"strings"
	"testing"
	"time"
)

// secret is a key pair told apart by one hexadecimal digit.
func secret(digit string) Secret {
	ckn := strings.Repeat(digit, keyLength)
	return Secret{
		ARN: "arn:aws:secretsmanager:us-east-1:" + customer + ":secret:directconnect!prod/us-east-1/directconnect/" + ckn + "-AbCdEf",
		CKN: ckn, Account: customer, Region: "us-east-1", Created: noon,
	}
}

func having(seen Seen, digits ...string) Seen {
	for _, d := range digits {
		seen.InstalledCKNs = append(seen.InstalledCKNs, secret(d).CKN)
	}
	return seen
}

func keyStates(keys []MACsecKey) string {
	var b strings.Builder
	for _, k := range keys {
		b.WriteString(k.CKN[:1] + ":" + string(k.State) + " ")
	}
	return strings.TrimSpace(b.String())
}

// TestKeyLife: associating, associated, disassociating, gone, as the router follows.
func TestKeyLife(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	c := must(lit().AssociateKey(secret("a"), 3, later))
	same(t, []MACsecKey{{SecretARN: secret("a").ARN, CKN: secret("a").CKN, State: KeyAssociating, Start: later}}, c.MACsecKeys)
	if !c.Due.Equal(later) {
		t.Errorf("due %v, want at once", c.Due)
	}
	look := func(seen Seen, want string) {
		t.Helper()
		c = c.Advance(seen, Brisk, code, later)
		if got := keyStates(c.MACsecKeys); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
	look(light, "a:associating")
	look(silent, "a:associating")
	look(having(light, "a"), "a:associated")
	look(light, "a:associated") // a router that lost it gets it again: that is drift, not the customer's wish
	c = must(c.AssociateKey(secret("b"), 3, later))
	look(having(light, "a", "b"), "a:associated b:associated")

	var key MACsecKey
	var err error
	c, key, err = c.DisassociateKey(secret("a").ARN, later)
	if err != nil || key.State != KeyDisassociating || key.CKN != secret("a").CKN || !c.Due.Equal(later) {
		t.Fatalf("answered %+v, %v; due %v", key, err, c.Due)
	}
	if got := keyStates(c.KeysToInstall()); got != "b:associated" {
		t.Errorf("to install: %q", got)
	}
	look(having(light, "a", "b"), "a:disassociating b:associated")
	look(silent, "a:disassociating b:associated")
	look(having(light, "b"), "b:associated")
	c, _, err = c.DisassociateKey(secret("b").ARN, later)
	if err != nil {
		t.Fatal(err)
	}
	look(gone, "")
}

// TestKeyBeforeInstallation: a key that never reached the router leaves as well, also while the port is only requested.
func TestKeyBeforeInstallation(t *testing.T) {
	t.Parallel()
	c := must(ordered().AssociateKey(secret("a"), 3, noon))
	c, key, err := c.DisassociateKey(secret("a").ARN, noon)
	if err != nil || key.State != KeyDisassociating {
		t.Fatal(key, err)
	}
	if c = c.Advance(gone, Manual, code, noon); len(c.MACsecKeys) != 0 {
		t.Errorf("left: %s", keyStates(c.MACsecKeys))
	}
}

func TestAssociateKeyRules(t *testing.T) {
	t.Parallel()
	one := must(lit().AssociateKey(secret("a"), 3, noon))
	full := must(must(one.AssociateKey(secret("b"), 3, noon)).AssociateKey(secret("c"), 3, noon))
	sameCKN := secret("a")
	sameCKN.ARN = secret("f").ARN
	leaving, _, err := one.DisassociateKey(secret("a").ARN, noon)
	if err != nil {
		t.Fatal(err)
	}
	member := lit().Join(bundle(), noon)
	for _, k := range []struct {
		name string
		c    Connection
		s    Secret
		want string
	}{
		{"twice", one, secret("a"), "MACsec key " + secret("a").ARN + " is already associated with connection dxcon-fg31dyv6."},
		{"the same name", one, sameCKN, "MACsec key " + sameCKN.ARN + " is already associated with connection dxcon-fg31dyv6."},
		{"on its way out", leaving, secret("a"), "MACsec key " + secret("a").ARN + " is already associated with connection dxcon-fg31dyv6."},
		{"a fourth", full, secret("d"), "You have reached the limit of 3 MACsec keys on connection dxcon-fg31dyv6."},
		{"no MACsec", interconnect(), secret("a"), "Connection dxcon-ffabc123 does not support MACsec."},
		{"hosted", confirmed(), secret("a"), "Connection dxcon-fh6ljcvo does not support MACsec."},
		{"a member", member, secret("a"), "Connection dxcon-fg31dyv6 is a member of Lag dxlag-ffjhj9lx: MACsec is set on the Lag."},
		{"ended", must(lit().Delete(customer, noon)), secret("a"), "Connection dxcon-fg31dyv6 is in state deleting and cannot be changed."},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			got, err := k.c.AssociateKey(k.s, 3, noon)
			refused(t, err, k.want)
			same(t, k.c, got)
		})
	}
	if _, err := full.AssociateKey(secret("d"), 0, noon); err != nil {
		t.Errorf("without a quota: %v", err)
	}
}

func TestDisassociateKeyRules(t *testing.T) {
	t.Parallel()
	one := must(lit().AssociateKey(secret("a"), 3, noon))
	leaving, _, err := one.DisassociateKey(secret("a").ARN, noon)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = leaving.DisassociateKey(secret("a").ARN, noon)
	refused(t, err, "MACsec key "+secret("a").ARN+" is already being disassociated from connection dxcon-fg31dyv6.")
	_, _, err = one.DisassociateKey(secret("b").ARN, noon)
	refused(t, err, "MACsec key "+secret("b").ARN+" is not associated with connection dxcon-fg31dyv6.")
	_, _, err = interconnect().DisassociateKey(secret("b").ARN, noon)
	refused(t, err, "Connection dxcon-ffabc123 does not support MACsec.")
	if keyStates(one.MACsecKeys) != "a:associating" {
		t.Errorf("the connection given was changed: %s", keyStates(one.MACsecKeys))
	}
}

// TestLastKeyEasesTheMode: must_encrypt does not outlive the last key; another key keeps it.
func TestLastKeyEasesTheMode(t *testing.T) {
	t.Parallel()
	c := must(must(lit().AssociateKey(secret("a"), 3, noon)).AssociateKey(secret("b"), 3, noon))
	c = must(c.Encrypt(MustEncrypt, noon))
	c, _, err := c.DisassociateKey(secret("a").ARN, noon)
	if err != nil || c.EncryptionMode != MustEncrypt {
		t.Errorf("with a key left: %s, %v", c.EncryptionMode, err)
	}
	c, _, err = c.DisassociateKey(secret("b").ARN, noon)
	if err != nil || c.EncryptionMode != ShouldEncrypt {
		t.Errorf("with none left: %s, %v", c.EncryptionMode, err)
	}
}

func TestEncrypt(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	c := must(lit().Encrypt(NoEncrypt, later))
	if c.EncryptionMode != NoEncrypt || !c.Due.Equal(later) {
		t.Errorf("mode %s, due %v", c.EncryptionMode, c.Due)
	}
	_, err := lit().Join(bundle(), noon).Encrypt(NoEncrypt, later)
	refused(t, err, "Connection dxcon-fg31dyv6 is a member of Lag dxlag-ffjhj9lx: MACsec is set on the Lag.")
}

func TestParseEncryptionMode(t *testing.T) {
	t.Parallel()
	for _, m := range []EncryptionMode{NoEncrypt, ShouldEncrypt, MustEncrypt} {
		if got := must(ParseEncryptionMode(string(m))); got != m {
			t.Errorf("got %s, want %s", got, m)
		}
	}
	for _, s := range []string{"", "Must_Encrypt", "encrypt"} {
		_, err := ParseEncryptionMode(s)
		refused(t, err, "Encryption mode "+s+" is not valid. Valid values are no_encrypt, should_encrypt and must_encrypt.")
	}
}

func TestCheckKeyPair(t *testing.T) {
	t.Parallel()
	good := strings.Repeat("0aF9", 16)
	if err := CheckKeyPair(good, good); err != nil {
		t.Error(err)
	}
	bad := []string{"", good[1:], good + "0", good[:63] + "g", good[:63] + " ", good[:62] + "é"}
	for _, k := range bad {
		refused(t, CheckKeyPair(k, good), "ckn is not valid: it must be 64 hexadecimal characters.")
		refused(t, CheckKeyPair(good, k), "cak is not valid: it must be 64 hexadecimal characters.") // without the key
	}
}

func TestStartOn(t *testing.T) {
	t.Parallel()
	k := MACsecKey{Start: time.Date(2026, 3, 1, 13, 4, 5, 6_007_000, time.FixedZone("CET", 3600))}
	if got, want := k.StartOn(), "2026-03-01 12:04:05.006"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestSecretARN: the recorded shape, and a suffix of six letters and digits that differs with the number.
func TestSecretARN(t *testing.T) {
	t.Parallel()
	ckn := secret("a").CKN
	front := "arn:aws-cn:secretsmanager:cn-north-1:111111111111:secret:directconnect!prod/cn-north-1/directconnect/" + ckn + "-"
	for random, suffix := range map[uint64]string{0: "aaaaaa", 1: "baaaaa", 61: "9aaaaa", 62: "abaaaa", 62*62*62*62*62*62 - 1: "999999"} {
		if got := SecretARN("aws-cn", "cn-north-1", customer, ckn, random); got != front+suffix {
			t.Errorf("%d: got %s", random, got)
		}
	}
}
