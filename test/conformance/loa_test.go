package conformance

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

// pages counts the pages of a PDF.
func pages(t testing.TB, pdf []byte) int {
	t.Helper()
	if !bytes.HasPrefix(pdf, []byte("%PDF-1.")) || !bytes.HasSuffix(bytes.TrimSpace(pdf), []byte("%%EOF")) {
		t.Fatalf("no PDF: %q", pdf[:min(20, len(pdf))])
	}
	return len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(pdf, -1))
}

// TestDescribeLoa: a PDF in base64, flat; the time is kept as loaIssueTime, that of the latest call.
func TestDescribeLoa(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.order(t, ashburn, "10Gbps", "letter")
	refused(a.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &id}))(
		t, client, "The LOA-CFA for connection "+id+" is not yet available.")
	w.approve(id)
	if a.connection(t, id)["loaIssueTime"] != nil {
		t.Error("loaIssueTime is there before the letter was fetched")
	}
	for _, in := range []dc.DescribeLoaInput{
		{}, {LoaContentType: types.LoaContentTypePdf}, {ProviderName: str("Any Carrier")}, {ProviderName: str("")},
	} {
		in.ConnectionId = &id
		w.turn(time.Hour)
		out := got(a.DescribeLoa(t.Context(), &in))(t)
		if out.LoaContentType != "application/pdf" || pages(t, out.LoaContent) != 1 {
			t.Errorf("%s, %d pages", out.LoaContentType, pages(t, out.LoaContent))
		}
		if !strings.HasPrefix(a.last.body, `{"loaContent":"JVBERi0xL`) || !strings.HasSuffix(a.last.body, `","loaContentType":"application/pdf"}`) {
			t.Errorf("the answer is %.40s", a.last.body)
		}
		holds(t, a.connection(t, id)["loaIssueTime"], w.now().Unix())
		if want := fmt.Sprintf(`"loaIssueTime":%d.0,`, w.now().Unix()); !strings.Contains(a.last.body, want) { // as recorded
			t.Errorf("no %s in %s", want, a.last.body)
		}
	}
	w.unchanged(t, func() {
		refused(w.as(t, bob).DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &id}))(
			t, client, "Could not find Connection with ID "+id)
		refused(a.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &id, LoaContentType: "text/plain"}))(
			t, client, "LOA content type text/plain is not valid. The only valid value is application/pdf.")
		long := strings.Repeat("x", 256)
		refused(a.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &id, ProviderName: &long}))(
			t, client, "providerName must be at most 255 characters long.")
	})
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
	refused(a.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &id}))(
		t, client, "The LOA-CFA for connection "+id+" is not available in state deleting.")
}

// TestLoaTwins: the deprecated operations wrap the letter, and each knows its own kind only.
func TestLoaTwins(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	connection, interconnect := a.order(t, ashburn, "10Gbps", "c"), a.interconnect(t, "10Gbps")
	refused(a.DescribeConnectionLoa(t.Context(), &dc.DescribeConnectionLoaInput{ConnectionId: &connection}))(
		t, client, "The LOA-CFA for connection "+connection+" is not yet available.")
	refused(a.DescribeInterconnectLoa(t.Context(), &dc.DescribeInterconnectLoaInput{InterconnectId: &interconnect}))(
		t, client, "The LOA-CFA for connection "+interconnect+" is not yet available.")
	w.approve(connection, interconnect)
	flat := got(a.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &connection, ProviderName: str("X"), LoaContentType: "application/pdf"}))(t)
	c := got(a.DescribeConnectionLoa(t.Context(), &dc.DescribeConnectionLoaInput{
		ConnectionId: &connection, ProviderName: str("X"), LoaContentType: "application/pdf",
	}))(t)
	if !strings.HasPrefix(a.last.body, `{"loa":{"loaContent":"JVBERi0xL`) {
		t.Errorf("DescribeConnectionLoa answers %.40s", a.last.body)
	}
	if !bytes.Equal(flat.LoaContent, c.Loa.LoaContent) {
		t.Error("the same letter at the same time has other bytes")
	}
	i := got(a.DescribeInterconnectLoa(t.Context(), &dc.DescribeInterconnectLoaInput{
		InterconnectId: &interconnect, ProviderName: str("X"), LoaContentType: "application/pdf",
	}))(t)
	if !strings.HasPrefix(a.last.body, `{"loa":{"loaContent":"JVBERi0xL`) || pages(t, i.Loa.LoaContent) != 1 {
		t.Errorf("DescribeInterconnectLoa answers %.40s", a.last.body)
	}
	holds(t, a.interconnectShown(t, interconnect)["loaIssueTime"], w.now().Unix())
	got(a.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &interconnect}))(t)
	refused(a.DescribeConnectionLoa(t.Context(), &dc.DescribeConnectionLoaInput{ConnectionId: &interconnect}))(
		t, client, "Could not find Connection with ID "+interconnect)
	refused(a.DescribeInterconnectLoa(t.Context(), &dc.DescribeInterconnectLoaInput{InterconnectId: &connection}))(
		t, client, "Could not find Interconnect with ID "+connection)
}

// TestNoLetterForHostedConnections: the partner's port has it.
func TestNoLetterForHostedConnections(t *testing.T) {
	t.Parallel()
	w := open(t)
	customer, partner := w.as(t, alice), w.as(t, bob)
	id := partner.host(t, partner.interconnect(t, "10Gbps"), alice, "50Mbps", 7)
	customer.confirm(t, id)
	const text = " is a hosted connection: its partner holds the LOA-CFA."
	refused(customer.DescribeLoa(t.Context(), &dc.DescribeLoaInput{ConnectionId: &id}))(t, client, "Connection "+id+text)
	refused(customer.DescribeConnectionLoa(t.Context(), &dc.DescribeConnectionLoaInput{ConnectionId: &id}))(t, client, "Connection "+id+text)
}
