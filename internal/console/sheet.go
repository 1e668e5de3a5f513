package console

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"onramp/internal/controlplane"
)

// sheet is a page of the customers' part: a heading, what is shown of a resource or of a list, and the forms that act on it.
// What is in Live is read again when something changes; forms with fields are not in there, as they would lose what is being typed.
type sheet struct {
	Title  string
	Crumbs []link
	State  string // of the resource, beside its name
	Lead   string
	Notice string // what the last action has done
	Limit  string // that the visitor may change nothing here
	// Steps are those of something that is filled in on several pages.
	Steps    []step
	Actions  []link
	Before   []section // above what is live: filters
	Live     []section
	Sections []section
}

// link is somewhere to go.
type link struct {
	Text, Href string
	Main       bool // the page's main action
	Danger     bool // it leads to the end of something

	Needs []controlplane.Wish // of which whoever is denied all does not see the link; none: everybody sees it
}

// step is one of several pages, or one of several states that a resource goes through.
type step struct {
	Text, Note string
	Done, Now  bool
}

// section is a part of a page. It shows what it has.
type section struct {
	ID, Title, Note string

	Fold  bool // closed at first
	Open  bool // a folded one that is open, such as one whose form was refused
	Steps []step
	Facts []fact
	Table *table
	Code  *code
	Links []link
	Forms []form
	Empty string // what stands there if there is nothing

	Countdown *cell // how long something still lasts, above the form that ends it
}

// fact is one thing known of a resource.
type fact struct {
	Label string
	cell
}

// cell is a text, and how it is shown.
type cell struct {
	Text  string
	Href  string
	More  string // what the text is about, said to those who do not see the row
	Note  string
	State bool // Text is a state
	Code  bool // it is an identifier, an address or the like
	// Until is a moment that is counted down to from Now, both of the installation's clock.
	Until, Now time.Time
}

// Breaks answers a class that says how the cell is broken into lines: "tight" is never, which is for times and all identifiers but
// the longest; "long" is anywhere, for a word that would take a table's width for itself; empty is between words.
func (c cell) Breaks() string {
	const whole, word = 32, 30
	if len(c.Text) <= whole && (c.Code && !strings.Contains(c.Text, " ") || c.isTime()) {
		return "tight"
	}
	for w := range strings.FieldsSeq(c.Text) {
		if len(w) > word {
			return "long"
		}
	}
	return ""
}

// isTime reports whether the cell is a moment, a day or a countdown.
func (c cell) isTime() bool {
	_, notDay := time.Parse(time.DateOnly, c.Text)
	return notDay == nil || strings.HasSuffix(c.Text, " UTC") || !c.Until.IsZero()
}

// table is a list with a caption and a head.
type table struct {
	Caption string
	Head    []string
	Rows    [][]cell
	Next    string // the next page; empty: there is none
	First   string // the first page, if this is another
	Empty   string

	Needs []controlplane.Wish // of the last column, as of a link
}

// Wide reports whether the table has more columns than a phone has room for.
func (t *table) Wide() bool {
	const most = 3
	return len(t.Head) > most
}

// code is a text to copy.
type code struct {
	Label, Text string
}

func plain(text string) cell            { return cell{Text: text} }
func coded(text string) cell            { return cell{Text: text, Code: true} }
func stated(text string) cell           { return cell{Text: text, State: true} }
func linked(text, href string) cell     { return cell{Text: text, Href: href} }
func known(label string, c cell) fact   { return fact{label, c} }
func knownText(label, text string) fact { return fact{label, plain(text)} }

// knownFacts leaves out what is empty.
func knownFacts(all ...fact) []fact {
	kept := make([]fact, 0, len(all))
	for _, f := range all {
		if f.Text != "" {
			kept = append(kept, f)
		}
	}
	return kept
}

// value is what p points to, or the zero value.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func pointer[T any](v T) *T { return &v }

func number[T int32 | int64 | int](n *T) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(int64(*n), 10)
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "yes"
	}
	return "no"
}

// pathWith is a path of the console with a query of names and values by turns; empty values are left out.
func pathWith(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
