// Package loa draws the Letter of Authorization and Connecting Facility Assignment (LOA-CFA): the PDF that the owner
// of a port hands to a customer, and the customer to a colocation operator, so that a cross connect may be ordered.
//
// It is a pure function from a [Letter] to bytes: the same letter always gives the same bytes. It does not decide
// whether a letter may be issued, make or check verification codes, read a clock, or keep what it has drawn.
package loa

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Letter is everything an LOA-CFA says. Text may be any UTF-8; an empty field is printed as an em dash, and a value
// beyond 255 characters is cut with an ellipsis.
type Letter struct {
	Provider        string // who grants the authority: the operator's name
	ProviderContact string // how a facility reaches the provider; may be empty

	Requester        string // company name of the account that ordered the port
	RequesterAccount string // its 12-digit account ID
	ProviderName     string // network provider the port was ordered with; may be empty

	Issued  time.Time // start of the authority, required; printed as a UTC date
	Expires time.Time // end of the authority, after Issued; printed as a UTC date

	Pages []Assignment // one page each, in this order; a LAG has one for every member
}

// Assignment is the connecting facility assignment of one port: where it is, and where it can be reached.
type Assignment struct {
	ConnectionID, ConnectionName string
	LagID                        string // empty outside a LAG

	Facility     string
	Address      []string // lines of the postal address
	LocationCode string

	Building, Room, Cage, Rack, Panel, Port, Strands string

	Connector string // such as "LC duplex"
	Media     string // such as "Single-mode fibre (OS2)"
	Speed     string // such as "10 Gbps"
	Optic     string // such as "10GBASE-LR 1310 nm"

	Device           string // the router behind the panel (awsDevice)
	VerificationCode string // such as "7KQ2-9XHM-4TBC"
}

// Errors of [Render] for a letter that cannot be drawn.
var (
	ErrNoPages  = errors.New("loa: the letter has no assignment to print")
	ErrNoIssued = errors.New("loa: the letter has no issue date")
	ErrExpiry   = errors.New("loa: the letter expires on or before its issue date")
)

// Render draws the letter as an A4 PDF with one page for each assignment. It answers [ErrNoPages], [ErrNoIssued] or
// [ErrExpiry] for a letter that makes no sense. Characters outside Latin, Greek and Cyrillic are printed as U+FFFD
// with a note; the document's properties hold the names as they were given. It may be called concurrently.
func Render(l Letter) ([]byte, error) {
	switch {
	case len(l.Pages) == 0:
		return nil, ErrNoPages
	case l.Issued.IsZero():
		return nil, ErrNoIssued
	case !l.Expires.After(l.Issued):
		return nil, ErrExpiry
	}
	typeface, err := loadTypeface()
	if err != nil {
		return nil, err
	}
	pdf := newDocument(l, typeface)
	for i := range l.Pages {
		if err := drawPage(pdf, typeface, l, i); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("loa: writing the PDF: %w", err)
	}
	return out.Bytes(), nil
}

// newDocument opens an empty PDF. Everything that would differ from one call to the next is pinned: the dates, which
// the library otherwise takes from the clock, and the order of its font catalog, which otherwise is that of a map.
func newDocument(l Letter, t *typeface) *fpdf.Fpdf {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCompression(true)
	pdf.SetCreationDate(l.Issued.UTC())
	pdf.SetModificationDate(l.Issued.UTC())
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetDisplayMode("fullpage", "continuous")
	pdf.SetLang("en")
	pdf.SetTitle(metadata(documentTitle(l)), false)
	pdf.SetAuthor(metadata(l.Provider), false)
	pdf.SetSubject(metadata(documentSubject(l)), false)
	pdf.SetCreator(metadata("Onramp"), false)
	pdf.SetProducer(metadata("Onramp LOA-CFA"), false)
	t.embed(pdf)
	return pdf
}

// documentTitle names the LAG when there are several pages, otherwise the connection.
func documentTitle(l Letter) string {
	id := l.Pages[0].ConnectionID
	if len(l.Pages) > 1 && l.Pages[0].LagID != "" {
		id = l.Pages[0].LagID
	}
	return "LOA-CFA " + id
}

// documentSubject holds the names of the parties as given, in any alphabet: the page may not be able to show them.
func documentSubject(l Letter) string {
	subject := "Authority for " + l.Requester + " to order a cross connect to " + l.Provider
	if l.ProviderName != "" {
		subject += "; network provider: " + l.ProviderName
	}
	seen := map[string]bool{}
	for _, a := range l.Pages {
		if !seen[a.Facility] {
			seen[a.Facility] = true
			subject += "; facility: " + a.Facility
		}
		if a.ConnectionName != "" {
			subject += "; " + a.ConnectionID + ": " + a.ConnectionName
		}
	}
	return subject
}
