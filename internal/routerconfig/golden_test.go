package routerconfig

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// TestGolden holds every router type's configuration of five interfaces. The files are there to be read: a change of a
// template shows in them as an engineer would see it.
func TestGolden(t *testing.T) {
	t.Parallel()
	interfaces := map[string]Interface{
		"ipv4":   private(),
		"dual":   twoASNs(),
		"public": publicDual(2),
		"hosted": hosted(),
		"macsec": withMACsec(private(ipv4Peer(), ipv6Peer())),
	}
	for _, r := range Routers {
		for name, i := range interfaces {
			if systems[r.XsltTemplateName].oneASN && name == "dual" {
				i = private(ipv4Peer(), ipv6Peer())
			}
			t.Run(r.RouterTypeIdentifier+"/"+name, func(t *testing.T) {
				t.Parallel()
				got, err := Render(r, i)
				if err != nil {
					t.Fatal(err)
				}
				compare(t, filepath.Join("testdata", r.RouterTypeIdentifier, name+".txt"), got)
			})
		}
	}
	for name, i := range interfaces {
		t.Run("xml/"+name, func(t *testing.T) {
			t.Parallel()
			compare(t, filepath.Join("testdata", "xml", name+".xml"), XML(i))
		})
	}
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-update writes it anew) (-want +got):\n%s", file, diff)
	}
}
