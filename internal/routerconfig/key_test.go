package routerconfig

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	const frr, bird, ios, nxos, junos, panos, vyos = "FRRouting-FRR-8", "CZNIC-BIRD-2", "CiscoSystemsInc-2900SeriesRouters-IOS124",
		"CiscoSystemsInc-Nexus7000SeriesSwitches-NXOS51", "JuniperNetworksInc-TSeriesRouters-JunOS95",
		"PaloAltoNetworks-PA3000and5000series-PANOS803", "VyOS-VyOS-14"
	for _, c := range []struct{ router, key, want string }{
		{ios, "0xZ59Y1JZ2oDOSh6YriIlyRE", " password 0xZ59Y1JZ2oDOSh6YriIlyRE\n"},
		{ios, `a"b'c\d!#|`, ` password a"b'c\d!#|` + "\n"},
		{ios, "abc?def", ""},
		{nxos, "abc!def#", "    password 0 abc!def#\n"},
		{nxos, "abc;def", ""}, {nxos, "abc|def", ""}, {nxos, "$abcdef", ""}, {nxos, `abc"def`, ""}, {nxos, `abc\def`, ""},
		{junos, `a"b\c{};?`, `authentication-key "a\"b\\c{};?";`},
		{junos, "$9$abcdef", ""}, {junos, "$8$abcdef", ""}, {junos, "a$9$bcd", `authentication-key "a$9$bcd";`},
		{panos, "ab{c}#d!", `secret "ab{c}#d!"` + "\n"},
		{panos, "-AQ==abc", ""}, {panos, "abc'def", ""}, {panos, "abc?def", ""},
		{frr, `A!#|?$\"';<>&`, ` password A!#|?$\"';<>&` + "\n"},
		{bird, `A!#|?$\';<>&`, `password "A!#|?$\';<>&";`},
		{bird, `abc"def`, ""},
		{vyos, "a$b!c|d;e", "password 'a$b!c|d;e'\n"},
		{vyos, "abc'def", ""}, {vyos, `abc"def`, ""}, {vyos, `abc\def`, ""}, {vyos, "abc?def", ""},
	} {
		r, ok := Lookup(c.router)
		if !ok {
			t.Fatal(c.router)
		}
		text, err := Render(r, keyed(c.key))
		switch {
		case c.want == "" && !errors.Is(err, ErrUnsuited):
			t.Errorf("%s, key %s: error %v, want ErrUnsuited", c.router, c.key, err)
		case c.want == "" && (text != "" || strings.Contains(err.Error(), c.key)):
			t.Errorf("%s, key %s: text %q, error %v", c.router, c.key, text, err)
		case c.want != "" && err != nil:
			t.Errorf("%s, key %s: %v", c.router, c.key, err)
		case c.want != "" && !strings.Contains(text, c.want):
			t.Errorf("%s, key %s: no %q in\n%s", c.router, c.key, c.want, text)
		}
	}
}

// TestNoKeyOnAnyRouter: keys that are no BGP keys are refused everywhere, and not because of the router.
func TestNoKeyOnAnyRouter(t *testing.T) {
	t.Parallel()
	for _, r := range Routers {
		for _, key := range []string{"", "abcde", strings.Repeat("k", 81), "abc def", "abcdef\n", "abc\tdef", "abcdéf", "abc\x00def", "abcdef\x7f"} {
			text, err := Render(r, keyed(key))
			if err == nil || text != "" || errors.Is(err, ErrUnsuited) || key != "" && strings.Contains(err.Error(), key) {
				t.Errorf("%s, key %q: %v", r.RouterTypeIdentifier, key, err)
			}
		}
	}
}

// TestAnyKey: any key is written or refused, and never named in the refusal.
func TestAnyKey(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		key := anyKey.Draw(t, "key")
		for _, r := range Routers {
			if text, err := Render(r, keyed(key)); err == nil && text == "" || err != nil && (!errors.Is(err, ErrUnsuited) || strings.Contains(err.Error(), key)) {
				t.Fatalf("%s: %v", r.RouterTypeIdentifier, err)
			}
		}
	})
}
