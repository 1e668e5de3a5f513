package mka

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"onramp/internal/fabric"
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.NewReplacer(" ", "", "\n", "", "\t", "").Replace(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The examples of RFC 4493 section 4 and, for 256 bits, of NIST SP 800-38B appendix D.3.
func TestCMAC(t *testing.T) {
	t.Parallel()
	message := unhex(t, "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51 30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710")
	short := "2b7e151628aed2a6abf7158809cf4f3c"
	long := "603deb1015ca71be2b73aef0857d7781 1f352c073b6108d72d9810a30914dff4"
	for _, c := range []struct {
		key    string
		length int
		want   string
	}{
		{short, 0, "bb1d6929e95937287fa37d129b756746"},
		{short, 16, "070a16b46b4d4144f79bdd9dd04a287c"},
		{short, 40, "dfa66747de9ae63030ca32611497c827"},
		{short, 64, "51f0bebf7e3b9d92fc49741779363cfe"},
		{long, 0, "028962f61b7bf89efc6b551f4667d983"},
		{long, 16, "28a7023f452e8f82bd4bf28d8c37c35c"},
		{long, 40, "aaf3d8f1de5640c232f5b169b9c911e6"},
		{long, 64, "e1992190549f6ed5696a2c056c315410"},
	} {
		got, err := cmac(unhex(t, c.key), message[:c.length])
		if err != nil || !bytes.Equal(got, unhex(t, c.want)) {
			t.Errorf("CMAC of %d bytes under %d: %x %v, want %s", c.length, len(unhex(t, c.key)), got, err, c.want)
		}
	}
	if _, err := cmac(make([]byte, 5), nil); err == nil {
		t.Error("a key of 5 bytes was taken")
	}
}

// Frames of wpa_supplicant 2.10, taken from a cable.
const (
	helloShort = `0180c2000003924c5506ed20888e0305 003801ffe021924c5506ed2000010cca
		ae284520e471dc9ba851000000010080 c20101020304050000003a6bd69a43a3 5f0dfddfe02172fd68f3`
	helloLong = `0180c2000003924c5506ed20888e0305 005001ffe03c924c5506ed20000154a0
		c8872f3db1d5241626fd000000010080 c2011a1a1a1a1a1a1a1a1a1a1a1a1a1a
		1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a 1a1a132884ff1fcda13ea8a608bcd774 a253`
)

var (
	keyShort = fabric.Key{CKN: "0102030405", CAK: "000102030405060708090a0b0c0d0e0f"}
	keyLong  = fabric.Key{CKN: strings.Repeat("1a", 32), CAK: fabric.Secret(strings.Repeat("c1", 32))}
)

func TestMKPDU(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, frame string
		key         fabric.Key
	}{{"128 bits", helloShort, keyShort}, {"256 bits", helloLong, keyLong}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			frame := unhex(t, c.frame)
			m, err := parseMKPDU(frame)
			if err != nil || m.ckn != c.key.CKN || !m.desired || hex.EncodeToString(m.source[:]) != "924c5506ed20" ||
				hex.EncodeToString(m.sci[:]) != "924c5506ed200001" {
				t.Fatalf("read as %+v %v", m, err)
			}
			if !m.by(c.key) {
				t.Error("its own key does not prove it")
			}
			if padded, err := parseMKPDU(append(frame, 0, 0, 0)); err != nil || !padded.by(c.key) {
				t.Errorf("with Ethernet's padding: %v", err)
			}
			other := c.key
			other.CAK = "f" + c.key.CAK[1:]
			if m.by(other) || m.by(fabric.Key{CKN: "01", CAK: c.key.CAK}) || m.by(fabric.Key{CKN: c.key.CKN, CAK: "no"}) {
				t.Error("another key proves it")
			}
			for i := range frame {
				bad := bytes.Clone(frame)
				bad[i] ^= 1
				if m, err := parseMKPDU(bad); err == nil && m.by(c.key) {
					t.Errorf("proved with byte %d changed", i)
				}
				if m, err := parseMKPDU(frame[:i]); err == nil {
					t.Errorf("read from its first %d bytes: %+v", i, m)
				}
			}
		})
	}
}

func FuzzMKPDU(f *testing.F) {
	f.Add(unhex(f, helloShort))
	f.Add(unhex(f, helloLong))
	f.Fuzz(func(t *testing.T, frame []byte) {
		if m, err := parseMKPDU(frame); err == nil {
			m.by(fabric.Key{CKN: m.ckn, CAK: keyLong.CAK})
		}
	})
}

func TestEars(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	long, err := parseMKPDU(unhex(t, helloLong))
	if err != nil {
		t.Fatal(err)
	}
	wrong := fabric.Key{CKN: keyLong.CKN, CAK: "00" + keyLong.CAK[2:]}
	for _, c := range []struct {
		name  string
		keys  []fabric.Key
		later time.Duration
		news  bool
		why   string
	}{
		{"the only key", []fabric.Key{keyLong}, 0, true, "being agreed"},
		{"one of two", []fabric.Key{keyShort, keyLong}, 0, true, "being agreed"},
		{"another CAK", []fabric.Key{wrong}, 0, false, "the far end has another CAK under CKN " + keyLong.CKN},
		{"another CAK under one of two", []fabric.Key{keyShort, wrong}, 0, false, "the far end has another CAK under CKN " + keyLong.CKN},
		{"a stranger", []fabric.Key{keyShort}, 0, false, "the far end uses CKN " + keyLong.CKN + ", which is not known here"},
		{"long ago", []fabric.Key{keyLong}, time.Minute, true, "the far end says nothing of MACsec"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var e ears
			e.know(c.keys)
			if news := e.take(long, now); news != c.news {
				t.Errorf("news: %t", news)
			}
			if e.take(long, now.Add(hello)) {
				t.Error("the next hello is news again")
			}
			if why := e.why(now.Add(hello + c.later)); why != c.why {
				t.Errorf("%q, want %q", why, c.why)
			}
			e.know(nil)
			if len(e.proved)+len(e.began)+len(e.wrong)+len(e.plain)+len(e.from) > 0 {
				t.Errorf("a key that was withdrawn is remembered: %+v", e)
			}
		})
	}
}
