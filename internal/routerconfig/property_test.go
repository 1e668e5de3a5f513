package routerconfig

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestAllOfTheInterfaceIsThere: whatever the router, its text has the VLAN, the MTU, every key, ASN and address and, where
// they belong, every prefix and CKN; and it is a function of its input.
func TestAllOfTheInterfaceIsThere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		i := anyInterface(tameKey, true).Draw(t, "interface")
		for _, r := range Routers {
			text := mustRender(t, r, i)
			live := withoutComments(text)
			for _, want := range expected(t, r, i) {
				if !hasWord(live, want) {
					t.Fatalf("%s: no %q in\n%s", r.RouterTypeIdentifier, want, text)
				}
			}
			if !hasWord(text, fmt.Sprint(i.MTU)) { // FRR and BIRD set no MTU; their comments say how to
				t.Fatalf("%s: no MTU in\n%s", r.RouterTypeIdentifier, text)
			}
			if i.MACsec != nil && r.XsltTemplateNameForMacSec != "" {
				for _, ckn := range i.MACsec.CKNs { // JunOS has one key at a time and names the others in a comment
					if !hasWord(text, ckn) {
						t.Fatalf("%s: no CKN %s in\n%s", r.RouterTypeIdentifier, ckn, text)
					}
				}
			}
			if again := mustRender(t, r, i); again != text {
				t.Fatalf("%s: twice the same interface, two texts", r.RouterTypeIdentifier)
			}
			if !strings.HasSuffix(text, "\n") || strings.Contains(text, "\r") || strings.Contains(text, "<no value>") || strings.Contains(text, "%!") {
				t.Fatalf("%s: not a clean text:\n%s", r.RouterTypeIdentifier, text)
			}
			for line := range strings.Lines(text) {
				if strings.TrimRight(line, " \n") != strings.TrimRight(line, "\n") {
					t.Fatalf("%s: blanks at the end of %q", r.RouterTypeIdentifier, line)
				}
			}
		}
	})
}

// withoutComments is the text without its comment lines.
func withoutComments(text string) string {
	var b strings.Builder
	for line := range strings.Lines(junosComment.ReplaceAllString(text, "")) {
		if words := strings.TrimSpace(line); words != "" && words[0] != '!' && words[0] != '#' {
			b.WriteString(line)
		}
	}
	return b.String()
}

// hasWord reports whether the text has the word, and not only as a part of another: 12 is not in 123.
func hasWord(text, word string) bool {
	for at := 0; ; at++ {
		next := strings.Index(text[at:], word)
		if next < 0 {
			return false
		}
		at += next
		if !isAlnum(text, at-1) && !isAlnum(text, at+len(word)) {
			return true
		}
	}
}

func isAlnum(s string, at int) bool {
	return at >= 0 && at < len(s) && strings.ContainsRune("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", rune(s[at]))
}

// expected are words that the text for i must have outside of comments.
func expected(t *rapid.T, r Router, i Interface) []string {
	words := []string{fmt.Sprint(i.VLAN), fmt.Sprint(i.AmazonASN), i.ID}
	for _, p := range i.Peers {
		key, err := systems[r.XsltTemplateName].key.quote(p.Key)
		if err != nil {
			t.Fatal(err)
		}
		words = append(words, key, fmt.Sprint(p.ASN), p.AmazonAddress.Addr().String(), p.CustomerAddress.Addr().String())
		for _, text := range i.Prefixes {
			if n := prefix(text); n.Addr().Is4() == (p.Family == "ipv4") {
				words = append(words, n.Addr().String())
			}
		}
	}
	if i.MACsec != nil && r.XsltTemplateNameForMacSec != "" {
		words = append(words, i.MACsec.CKNs[0])
	}
	return words
}

func mustRender(t *rapid.T, r Router, i Interface) string {
	t.Helper()
	text, err := Render(r, i)
	if err != nil {
		t.Fatalf("%s: %v", r.RouterTypeIdentifier, err)
	}
	return text
}

// TestNothingOfAnother: a text has nothing of an interface that was rendered before it.
func TestNothingOfAnother(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		i, other := anyInterface(tameKey, true).Draw(t, "interface"), anyInterface(tameKey, true).Draw(t, "another")
		for _, r := range Routers {
			mustRender(t, r, other)
			text := mustRender(t, r, i) + XML(i)
			for n, p := range other.Peers {
				for _, word := range []string{other.ID, p.Key, p.AmazonAddress.String(), p.CustomerAddress.String()} {
					if strings.Contains(text, word) && !ownWord(i, word) {
						t.Fatalf("%s: %q of peer %d of another interface in\n%s", r.RouterTypeIdentifier, word, n, text)
					}
				}
			}
		}
	})
}

// ownWord reports whether i has the word itself, by chance or as a part of another.
func ownWord(i Interface, word string) bool {
	own := []string{i.ID, label(i.Name), label(i.Device), label(i.ConnectionID)}
	for _, p := range i.Peers {
		own = append(own, p.Key, p.AmazonAddress.String(), p.CustomerAddress.String(), plain(p.AmazonAddress), plain(p.CustomerAddress))
	}
	return strings.Contains(strings.Join(own, "\n"), word)
}

// TestNoMACsecSecret: where a CAK belongs stands a placeholder, once for each key that is configured.
func TestNoMACsecSecret(t *testing.T) {
	t.Parallel()
	for _, r := range Routers {
		plain, err := Render(r, private())
		if err != nil {
			t.Fatal(err)
		}
		i := private()
		i.MACsec = withMACsec(i).MACsec
		text, err := Render(r, i)
		if err != nil {
			t.Fatal(err)
		}
		has := strings.Contains(text, "REPLACE-BY-THE-CAK")
		if has != (r.XsltTemplateNameForMacSec != "") || strings.Contains(plain, "CAK") {
			t.Errorf("%s: placeholder for a CAK with MACsec %v, without %v", r.RouterTypeIdentifier, has, strings.Contains(plain, "CAK"))
		}
		if !has && !strings.Contains(text, "must_encrypt: nothing passes") {
			t.Errorf("%s: no warning that nothing passes in clear:\n%s", r.RouterTypeIdentifier, text)
		}
	}
}
