package audit

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// chainOf is a chain of so many records.
func chainOf(n int) (Head, []Link) {
	h := Head{Chain: 3, First: 1}
	var links []Link
	for i := range n {
		r := call()
		r.EventID = fmt.Sprint(i)
		links = append(links, h.Append(r.Entry([]Named{{Connection, fmt.Sprintf("dxcon-%d", i)}})))
	}
	return h, links
}

func verify(h Head, links []Link, seals Seals) (found []string) {
	c := seals.Check(h)
	for _, l := range links {
		c.Take(l)
	}
	for _, f := range c.End() {
		found = append(found, f.Position.String())
	}
	return found
}

// Every change of a record is found at the record itself.
func TestVerifyNamesTheChanged(t *testing.T) {
	t.Parallel()
	const n = 7
	flip := func(s string) string { return string(s[0]^1) + s[1:] }
	for name, change := range map[string]func(l *Link){
		"time": func(l *Link) { l.Time++ }, "account": func(l *Link) { l.Account = flip(l.Account) }, "name": func(l *Link) { l.Name = flip(l.Name) },
		"resources": func(l *Link) { l.Resources = flip(l.Resources) }, "body": func(l *Link) { l.Body = strings.Replace(l.Body, "us-east-1", "us-east-2", 1) },
		"previous": func(l *Link) { l.Previous = "0" + l.Previous }, "hash": func(l *Link) { l.Hash = flip(l.Hash) },
		"parts": func(l *Link) { l.Account, l.Name = l.Account+"\n"+l.Name, "" },
	} {
		for at := range n {
			h, links := chainOf(n)
			change(&links[at])
			want := []string{fmt.Sprintf("3/%d", at+1)}
			if diff := cmp.Diff(want, verify(h, links, nil)); diff != "" {
				t.Errorf("%s of record %d (-want +got):\n%s", name, at+1, diff)
			}
		}
	}
}

func TestVerifyNamesTheMissing(t *testing.T) {
	t.Parallel()
	const n = 7
	for at := range n {
		h, links := chainOf(n)
		if diff := cmp.Diff([]string{fmt.Sprintf("3/%d", at+1)}, verify(h, slices.Delete(links, at, at+1), nil)); diff != "" {
			t.Errorf("without record %d (-want +got):\n%s", at+1, diff)
		}
	}
	h, links := chainOf(n)
	if diff := cmp.Diff([]string{"3/1"}, verify(h, nil, nil)); diff != "" {
		t.Errorf("without any (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"3/3"}, verify(h, slices.Delete(links, 2, 5), nil)); diff != "" {
		t.Errorf("without some (-want +got):\n%s", diff)
	}
}

func TestVerifyNamesTheMoved(t *testing.T) {
	t.Parallel()
	const n = 5
	for i := range n {
		for j := i + 1; j < n; j++ {
			h, links := chainOf(n)
			links[i], links[j] = links[j], links[i]
			links[i].Position, links[j].Position = links[j].Position, links[i].Position
			got := verify(h, links, nil)
			for _, at := range []int{i, j} {
				if want := fmt.Sprintf("3/%d", at+1); !slices.Contains(got, want) {
					t.Errorf("records %d and %d changed places: found %v", i+1, j+1, got)
				}
			}
		}
	}
}

// Who changes a record and all hashes after it is found by the seal; who does it up to a checkpoint, by the link behind it.
func TestVerifyForged(t *testing.T) {
	t.Parallel()
	h, links := chainOf(4)
	seals := Seals{{Number: 1, Heads: []Head{h}}}
	if found := verify(h, links, seals); found != nil {
		t.Fatalf("a whole chain: %v", found)
	}
	forged := Head{Chain: 3, First: 1}
	var anew []Link
	for i, l := range links {
		e := Entry{Time: l.Time, Account: l.Account, Name: l.Name, Resources: []string{l.Resources}, Body: l.Body}
		if i == 1 {
			e.Body = strings.Replace(e.Body, "EqDC2", "EqDC3", 1)
		}
		anew = append(anew, forged.Append(e))
	}
	if found := verify(forged, anew, seals); !slices.Equal(found, []string{"3/4"}) {
		t.Errorf("all hashes made anew, found %v", found)
	}
	mixed := slices.Concat(anew[:2], links[2:])
	if found := verify(h, mixed, nil); !slices.Equal(found, []string{"3/2"}) {
		t.Errorf("one hash made anew, found %v", found)
	}
	short := Head{Chain: 3, First: 1, Last: 2, Hash: links[1].Hash}
	if found := verify(short, links[:2], seals); !slices.Equal(found, []string{"3/4"}) {
		t.Errorf("the end cut off, with the chain's own word for it, found %v", found)
	}
	late := Head{Chain: 3, First: 3, Base: links[1].Hash, Last: 4, Hash: h.Hash}
	if found := verify(late, links[2:], seals); !slices.Contains(found, "3/1") {
		t.Errorf("the beginning cut off, with the chain's own word for it, found %v", found)
	}
	if found := seals.Missing(nil); len(found) != 1 {
		t.Errorf("the whole chain gone, found %v", found)
	}
	pruned := Seals{{Number: 2, Heads: []Head{late}}, seals[0]}
	if found := verify(late, links[2:], pruned); found != nil {
		t.Errorf("a chain that begins where a checkpoint says: %v", found)
	}
}

func TestCheckpointText(t *testing.T) {
	t.Parallel()
	h, _ := chainOf(2)
	c := Checkpoint{Number: 5, Time: 7, Heads: []Head{{Chain: 0, First: 1}, h}}
	got, err := ParseCheckpoint(c.Text())
	if diff := cmp.Diff(c, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, bad := range []string{"", "x", "1 2\n3", "1 2\na b c d e"} {
		if _, err := ParseCheckpoint(bad); err == nil {
			t.Errorf("%q was taken for a checkpoint", bad)
		}
	}
}

// An export is verified by itself, whatever texts it holds.
func TestExport(t *testing.T) {
	t.Parallel()
	_, links := chainOf(5)
	links[4].Body = strings.Replace(links[4].Body, "aws-cli/2", `\",\"onramp\":{<>&`, 1)
	links[4].Hash = links[4].Sum()
	var lines []string
	for _, l := range links {
		lines = append(lines, l.Line()+"\n")
		back, err := ParseLine(l.Line())
		if diff := cmp.Diff(l, back); diff != "" || err != nil {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
	}
	check := func(lines []string) (found []string) {
		var e Export
		for _, line := range lines {
			if err := e.Take(line); err != nil {
				return []string{"unreadable"}
			}
		}
		for _, f := range e.End() {
			found = append(found, f.Position.String())
		}
		return found
	}
	if found := check(lines); found != nil {
		t.Errorf("a whole export: %v", found)
	}
	if found := check(slices.Delete(slices.Clone(lines), 2, 3)); !slices.Equal(found, []string{"3/3"}) {
		t.Errorf("a line is missing, found %v", found)
	}
	lines[1] = strings.Replace(lines[1], "EqDC2", "EqDC3", 1)
	if found := check(lines); !slices.Equal(found, []string{"3/2"}) {
		t.Errorf("a line was changed, found %v", found)
	}
	for _, bad := range []string{"", "{}", `{"a":1}`, `x,"onramp":{"chain":0}}`} {
		if _, err := ParseLine(bad); err == nil {
			t.Errorf("%q was taken for a line", bad)
		}
	}
}

// A trail of a time when no account was told of what an operator did verifies as it did then, and new records follow it.
func TestVerifyOldTrail(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/without-owners.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	h := Head{First: 1}
	var links []Link
	for line := range strings.Lines(string(file)) {
		l, err := ParseLine(strings.TrimSpace(line))
		if err != nil {
			t.Fatal(err)
		}
		links = append(links, l)
		h.Last, h.Hash = l.Position.Sequence(), l.Hash
	}
	r := Record{Type: APICall, Source: Operator, Name: "POST /v1/connections/{id}/approve", Account: "111122223333"}
	links = append(links, h.Append(r.Entry([]Named{{Other, "dxcon-fh81gvl3"}})))
	if found := verify(h, links, nil); len(links) != 5 || len(found) > 0 {
		t.Errorf("%d records, of which are wrong: %v", len(links), found)
	}
	links[1].Account = "111122223333"
	if diff := cmp.Diff([]string{"0/2"}, verify(h, links, nil)); diff != "" {
		t.Errorf("with an account put in afterwards (-want +got):\n%s", diff)
	}
}
