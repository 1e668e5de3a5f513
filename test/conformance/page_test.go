package conformance

import (
	"encoding/base64"
	"slices"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/directconnect"
)

// pager asks one list operation for a page, and answers the IDs on it.
type pager struct {
	name string
	ask  func(maxResults *int32, token *string) (ids []string, next *string, err error)
}

// pagers are the operations that page, for an account that has five of everything.
func pagers(t testing.TB, c *caller, parent string) []pager {
	return []pager{
		{"DescribeConnections", func(n *int32, token *string) (ids []string, next *string, err error) {
			out, err := c.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{MaxResults: n, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			for _, one := range out.Connections {
				ids = append(ids, *one.ConnectionId)
			}
			return ids, out.NextToken, nil
		}},
		{"DescribeHostedConnections", func(n *int32, token *string) (ids []string, next *string, err error) {
			out, err := c.DescribeHostedConnections(t.Context(), &dc.DescribeHostedConnectionsInput{
				ConnectionId: &parent, MaxResults: n, NextToken: token,
			})
			if err != nil {
				return nil, nil, err
			}
			for _, one := range out.Connections {
				ids = append(ids, *one.ConnectionId)
			}
			return ids, out.NextToken, nil
		}},
		{"DescribeInterconnects", func(n *int32, token *string) (ids []string, next *string, err error) {
			out, err := c.DescribeInterconnects(t.Context(), &dc.DescribeInterconnectsInput{MaxResults: n, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			for _, one := range out.Interconnects {
				ids = append(ids, *one.InterconnectId)
			}
			return ids, out.NextToken, nil
		}},
		{"DescribeLags", func(n *int32, token *string) (ids []string, next *string, err error) {
			out, err := c.DescribeLags(t.Context(), &dc.DescribeLagsInput{MaxResults: n, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			for _, one := range out.Lags {
				ids = append(ids, *one.LagId)
			}
			return ids, out.NextToken, nil
		}},
	}
}

// stock gives an account five connections of its own, five interconnects, five LAGs and five hosted connections.
func (c *caller) stock(t testing.TB) (parent string) {
	t.Helper()
	for n := range int32(5) {
		if n%2 == 0 { // some were made at the same moment
			c.w.turn(time.Second)
		}
		c.order(t, ashburn, "1Gbps", "x")
		parent = c.interconnect(t, "100Gbps")
		lag := c.orderLAG(t, vienna, "10Gbps", "x", 1)
		got(c.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: str(c.memberIDs(t, lag)[0])}))(t)
	}
	for n := range int32(5) {
		c.host(t, parent, bob, "50Mbps", n+1)
	}
	return parent
}

// TestPages: pages of every size give the whole list, each item once, in the same order; the last has no token.
func TestPages(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{})
	a := w.as(t, alice)
	for _, p := range pagers(t, a, a.stock(t)) {
		whole, next, err := p.ask(nil, nil)
		if err != nil || next != nil || len(whole) < 5 {
			t.Fatalf("%s: %d items, nextToken %v, %v", p.name, len(whole), next, err)
		}
		for _, size := range []int32{1, 2, 3, int32(len(whole)), int32(len(whole)) + 1, 100, 101, 1 << 30} {
			var ids []string
			var token *string
			for pages := 0; pages == 0 || token != nil; pages++ {
				page, next, err := p.ask(&size, token)
				if err != nil || len(page) == 0 || len(page) > int(size) {
					t.Fatalf("%s by %d: %d items, %v", p.name, size, len(page), err)
				}
				ids, token = append(ids, page...), next
			}
			if !slices.Equal(ids, whole) {
				t.Errorf("%s by %d lists %v, want %v", p.name, size, ids, whole)
			}
		}
	}
}

// TestForeignTokens: a token is good for the call, account, Region and parent that it was made for, and nowhere else.
func TestForeignTokens(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{})
	a, b, west := w.as(t, alice), w.as(t, bob), w.in(t, alice, western)
	parent := a.stock(t)
	own := pagers(t, a, parent)
	tokens := map[string]string{}
	for _, p := range own {
		_, next, err := p.ask(num(1), nil)
		if err != nil || next == nil {
			t.Fatalf("%s: no token, %v", p.name, err)
		}
		tokens[p.name] = *next
	}
	refuses := func(p pager, what, token string) {
		t.Helper()
		ids, _, err := p.ask(nil, &token)
		t.Run(p.name+" "+what, func(t *testing.T) { refused(ids, err)(t, client, "nextToken is not valid.") })
	}
	other := a.interconnect(t, "1Gbps")
	for _, p := range own {
		token := tokens[p.name]
		raw, err := base64.StdEncoding.DecodeString(token)
		if err != nil {
			t.Fatal(err)
		}
		raw[len(raw)-1] ^= 1
		refuses(p, "empty", "")
		refuses(p, "made up", "eyJ2IjoxfQ==")
		refuses(p, "not base64", "!")
		refuses(p, "cut off", token[:len(token)-4])
		refuses(p, "with a bit turned", base64.StdEncoding.EncodeToString(raw))
		for name, foreign := range tokens {
			if name != p.name {
				refuses(p, "of "+name, foreign)
			}
		}
	}
	for i, p := range pagers(t, b, b.interconnect(t, "1Gbps")) {
		refuses(p, "of another account", tokens[own[i].name])
	}
	for i, p := range pagers(t, west, parent) {
		refuses(p, "of another Region", tokens[own[i].name])
	}
	refuses(pagers(t, a, other)[1], "of another parent", tokens["DescribeHostedConnections"])
}

// TestPageWhileOthersWrite: what is made or ends between two pages neither repeats nor hides the rest.
func TestPageWhileOthersWrite(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{})
	a := w.as(t, alice)
	var ids []string
	for range 4 {
		w.turn(time.Second)
		ids = append(ids, a.order(t, ashburn, "1Gbps", "x"))
	}
	p := pagers(t, a, "")[0]
	first, token, err := p.ask(num(2), nil)
	if err != nil {
		t.Fatal(err)
	}
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &ids[1]}))(t)
	w.turn(time.Second)
	ids = append(ids, a.order(t, ashburn, "1Gbps", "new"))
	rest, _, err := p.ask(nil, token)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, append(first, rest...), ids)
}
