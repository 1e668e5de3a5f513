package directconnect

import (
	"testing"
	"time"
)

func TestReadLOA(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	got := must(approved().ReadLOA(later))
	if !got.LOARead.Equal(later) || !got.Due.Equal(later) {
		t.Errorf("pending: read %v, due %v", got.LOARead, got.Due)
	}
	up := lit().Advance(light, Brisk, code, noon)
	if got := must(up.ReadLOA(later)); !got.LOARead.Equal(later) || !got.Due.IsZero() {
		t.Errorf("available: read %v, due %v", got.LOARead, got.Due)
	}
	for _, k := range []struct {
		c    Connection
		want string
	}{
		{ordered(), "The LOA-CFA for connection dxcon-fg31dyv6 is not yet available."},
		{must(ordered().Delete(customer, noon)), "The LOA-CFA for connection dxcon-fg31dyv6 is not available in state deleted."},
		{must(lit().Delete(customer, noon)), "The LOA-CFA for connection dxcon-fg31dyv6 is not available in state deleting."},
		{confirmed(), "Connection dxcon-fh6ljcvo is a hosted connection: its partner holds the LOA-CFA."},
	} {
		got, err := k.c.ReadLOA(later)
		refused(t, err, k.want)
		same(t, k.c, got)
	}
}

func TestCheckLOAContentType(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "application/pdf"} {
		if err := CheckLOAContentType(s); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
	refused(t, CheckLOAContentType("text/html"),
		"LOA content type text/html is not valid. The only valid value is application/pdf.")
}
