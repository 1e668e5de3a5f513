package daemon

import "testing"

func TestConsoleURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"https://onramp.example.net": true, "http://localhost:7225": true, "https://onramp.example.net/": false, "https://onramp.example.net/x": false,
		"onramp.example.net": false, "ftp://onramp.example.net": false, "https://": false, "https://a b": false, "https://user@onramp.example.net": false,
		"https://onramp.example.net?x": false,
	} {
		if got := isOrigin(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
