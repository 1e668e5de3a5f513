package router

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"onramp/internal/fabric"
)

// forms are the ways in which a key may stand somewhere.
func forms(k fabric.Secret) [][]byte {
	text := []byte(k.Reveal())
	all := [][]byte{text, []byte(hex.EncodeToString(text)), []byte(base64.StdEncoding.EncodeToString(text)[:20])}
	if raw, err := hex.DecodeString(k.Reveal()); err == nil {
		all = append(all, raw)
	}
	return all
}

// The keys of an intent are not on the wire (not even inside TLS: see TestOrderOpens), not on the disk and not in a log,
// also when the driver fails and says them.
func TestKeysAreNowhere(t *testing.T) {
	t.Parallel()
	b := newLab(t, 1)
	server, r := b.servers[0], b.router("r1")
	server.apply(t, "r1", keyed())
	if !r.follows(keyed()) {
		t.Fatal("the router does not have the keys")
	}
	r.driver.set(func(m *machine) { m.refuse = errors.New("wpa_supplicant: mka_cak=" + cak.Reveal()) })
	if err := server.Apply(t.Context(), "r1", keyed()); err == nil || bytes.Contains([]byte(err.Error()), []byte(cak.Reveal())) {
		t.Errorf("error %v", err)
	}
	r.stop()
	r.begin(Config{})
	places := map[string][]byte{"the log": []byte(b.log.String())}
	server.wire.mu.Lock()
	places["the wire"] = bytes.Clone(server.wire.passed)
	server.wire.mu.Unlock()
	files := 0
	err := filepath.WalkDir(r.path, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		places[path], err = os.ReadFile(path)
		return err
	})
	if err != nil || files < 5 || len(places["the wire"]) < 1000 || len(places["the log"]) == 0 {
		t.Fatalf("%d files, %d bytes passed, %d bytes logged; error %v", files, len(places["the wire"]), len(places["the log"]), err)
	}
	for place, text := range places {
		for _, key := range []fabric.Secret{cak, bgpKey} {
			for _, form := range forms(key) {
				if bytes.Contains(text, form) {
					t.Errorf("a key is in %s", place)
				}
			}
		}
	}
}
