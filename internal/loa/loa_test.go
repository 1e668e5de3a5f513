package loa

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"regexp"
	"sync"
	"testing"
	"time"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

func mustRender(t *testing.T, l Letter) []byte {
	t.Helper()
	pdf, err := Render(l)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

func TestSameLetterSameBytes(t *testing.T) {
	t.Parallel()
	fonts := sha256.Sum256(append(bytes.Clone(goregular.TTF), gobold.TTF...))
	want := mustRender(t, sampleLetter(3))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 10 {
				got, err := Render(sampleLetter(3))
				if err != nil || !bytes.Equal(got, want) {
					t.Errorf("another render of the same letter differs (error %v)", err)
					return
				}
			}
		})
	}
	wg.Wait()
	if fonts != sha256.Sum256(append(bytes.Clone(goregular.TTF), gobold.TTF...)) {
		t.Error("rendering wrote into the fonts shared by the process")
	}
	elsewhere := sampleLetter(3)
	elsewhere.Issued = elsewhere.Issued.In(time.FixedZone("east", 14*3600))
	elsewhere.Expires = elsewhere.Expires.In(time.FixedZone("west", -11*3600))
	if !bytes.Equal(mustRender(t, elsewhere), want) {
		t.Error("the time zone of the dates changes the letter")
	}
	other := sampleLetter(3)
	other.Pages[2].Port = "99"
	if bytes.Equal(mustRender(t, other), want) {
		t.Error("another letter has the same bytes")
	}
}

func TestOnePagePerAssignment(t *testing.T) {
	t.Parallel()
	leaf := regexp.MustCompile(`/Type /Page\b[^s]`)
	for _, n := range []int{1, 2, 4} {
		pdf := mustRender(t, sampleLetter(n))
		if got := len(leaf.FindAll(pdf, -1)); got != n {
			t.Errorf("%d assignments gave %d pages", n, got)
		}
		if !bytes.HasPrefix(pdf, []byte("%PDF-1.")) || !bytes.HasSuffix(pdf, []byte("%%EOF\n")) {
			t.Error("not a PDF")
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Letter)
		want   error
	}{
		"no pages":        {func(l *Letter) { l.Pages = nil }, ErrNoPages},
		"no issue date":   {func(l *Letter) { l.Issued = time.Time{} }, ErrNoIssued},
		"no expiry":       {func(l *Letter) { l.Expires = time.Time{} }, ErrExpiry},
		"expires at once": {func(l *Letter) { l.Expires = l.Issued }, ErrExpiry},
	} {
		l := sampleLetter(1)
		c.change(&l)
		if pdf, err := Render(l); !errors.Is(err, c.want) || pdf != nil {
			t.Errorf("%s: %d bytes, error %v, want %v", name, len(pdf), err, c.want)
		}
	}
}

func TestDocumentProperties(t *testing.T) {
	t.Parallel()
	l := sampleLetter(2)
	l.Requester = "東京物流 (𠮷野) \\ Co."
	pdf := mustRender(t, l)
	escaped := regexp.MustCompile(`\\([\\()])`).ReplaceAll(pdf, []byte("$1"))
	for _, want := range []string{
		"/CreationDate (D:20261123101530)", "/ModDate (D:20261123101530)", "/Lang (en)",
		"/Title (" + metadata("LOA-CFA dxlag-ffrstuv9") + ")",
		"/Author (" + metadata("Onramp") + ")",
	} {
		if !bytes.Contains(pdf, []byte(want)) {
			t.Errorf("the document lacks %q", want)
		}
	}
	if name := []byte(metadata(l.Requester)[2:]); !bytes.Contains(escaped, name) {
		t.Error("the subject lacks the requester's full name")
	}
}

func BenchmarkRender(b *testing.B) {
	for name, l := range map[string]Letter{"pages=1": sampleLetter(1), "pages=4": sampleLetter(4), "longest": longLetter("W")} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Render(l); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N*len(l.Pages)), "ms/page")
		})
	}
}
