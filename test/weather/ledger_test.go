package weather

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
	"github.com/aws/smithy-go"

	"onramp/internal/directconnect"
)

// ledger is one customer's book: what was answered, and the one request that was not. The customer asks one thing at a
// time, so at most one is open when its server dies.
type ledger struct {
	account string
	dice    *rand.Rand

	ports map[string]string // connection ID: the value of its tag
	lags  map[string][]string
	open  *request // sent, and not answered

	asked, lost, kept int // requests answered; unanswered; and of these, carried out
	serial            int
}

// request is what was asked.
type request struct {
	what string // create, createLAG, delete, deleteLAG, tag
	id   string // of what
	tag  string // tag: the value
}

func newLedger(account string, dice *rand.Rand) *ledger {
	return &ledger{account: account, dice: dice, ports: map[string]string{}, lags: map[string][]string{}}
}

const lagMembers = 2

// ask sends one request and books its answer. done is false when there was none, for the server is dead.
func (l *ledger) ask(ctx context.Context, c *dc.Client) (done bool, err error) {
	l.open = l.choose()
	err = l.send(ctx, c, l.open)
	if answer, refused := errors.AsType[smithy.APIError](err); refused {
		return false, fmt.Errorf("account %s was refused: %+v: %s: %s", l.account, *l.open, answer.ErrorCode(), answer.ErrorMessage())
	}
	if err != nil {
		l.lost++
		return false, nil
	}
	l.open = nil
	l.asked++
	return true, nil
}

// choose keeps about eight ports: fewer and it orders, more and it deletes.
func (l *ledger) choose() *request {
	alone := l.alone()
	switch n := l.dice.IntN(10); {
	case n < 2 && len(l.ports) > 0:
		l.serial++
		return &request{what: "tag", id: pickOf(l.dice, slices.Sorted(maps.Keys(l.ports))), tag: fmt.Sprint(l.serial)}
	case len(l.lags) > 2 && n < 5:
		return &request{what: "deleteLAG", id: pickOf(l.dice, slices.Sorted(maps.Keys(l.lags)))}
	case len(l.ports) >= 8 && len(alone) > 0, len(alone) > 0 && n < 5:
		return &request{what: "delete", id: pickOf(l.dice, alone)}
	case len(l.ports) >= 10:
		return &request{what: "deleteLAG", id: pickOf(l.dice, slices.Sorted(maps.Keys(l.lags)))}
	case n < 7:
		return &request{what: "createLAG"}
	}
	return &request{what: "create"}
}

// alone are the ports that are members of no LAG.
func (l *ledger) alone() []string {
	ids := slices.Sorted(maps.Keys(l.ports))
	return slices.DeleteFunc(ids, func(id string) bool {
		for _, members := range l.lags {
			if slices.Contains(members, id) {
				return true
			}
		}
		return false
	})
}

func pickOf(dice *rand.Rand, ids []string) string { return ids[dice.IntN(len(ids))] }

// send sends a request, and books what was answered.
func (l *ledger) send(ctx context.Context, c *dc.Client, r *request) error {
	switch r.what {
	case "create":
		out, err := c.CreateConnection(ctx, &dc.CreateConnectionInput{
			Bandwidth: ptr("10Gbps"), ConnectionName: ptr("kept"), Location: ptr(killHall), Tags: []types.Tag{{Key: ptr("n"), Value: ptr("new")}},
		})
		if err == nil {
			l.ports[*out.ConnectionId] = "new"
		}
		return err
	case "createLAG":
		out, err := c.CreateLag(ctx, &dc.CreateLagInput{
			ConnectionsBandwidth: ptr("10Gbps"), LagName: ptr("kept"), Location: ptr(killHall), NumberOfConnections: lagMembers,
			ChildConnectionTags: []types.Tag{{Key: ptr("n"), Value: ptr("new")}},
		})
		if err == nil {
			for _, m := range out.Connections {
				l.ports[*m.ConnectionId] = "new"
				l.lags[*out.LagId] = append(l.lags[*out.LagId], *m.ConnectionId)
			}
		}
		return err
	case "delete":
		_, err := c.DeleteConnection(ctx, &dc.DeleteConnectionInput{ConnectionId: &r.id})
		if err == nil {
			delete(l.ports, r.id)
		}
		return err
	case "deleteLAG":
		_, err := c.DeleteLag(ctx, &dc.DeleteLagInput{LagId: &r.id})
		if err == nil {
			delete(l.lags, r.id)
		}
		return err
	}
	arn := arnOf("dxcon", l.account, home, r.id)
	_, err := c.TagResource(ctx, &dc.TagResourceInput{ResourceArn: &arn, Tags: []types.Tag{{Key: ptr("n"), Value: &r.tag}}})
	if err == nil {
		l.ports[r.id] = r.tag
	}
	return err
}

// compare holds what is stored against the book. If the open request was carried out, it is booked now: as a whole, or the
// comparison fails.
func (l *ledger) compare(snap snapshot, say breach) {
	ports, lags := l.stored(snap)
	if l.open != nil && l.carriedOut(ports, lags) {
		l.kept++
	}
	wrong := func(format string, args ...any) {
		say("account %s, open request %+v: %s", l.account, l.open, fmt.Sprintf(format, args...))
	}
	if !maps.Equal(ports, l.ports) {
		wrong("ports and their tags are %v, want %v", ports, l.ports)
	}
	if !maps.EqualFunc(lags, l.lags, func(a, b []string) bool {
		slices.Sort(a)
		slices.Sort(b)
		return slices.Equal(a, b)
	}) {
		wrong("LAGs and their members are %v, want %v", lags, l.lags)
	}
	l.open = nil
}

// stored is the book as the database has it.
func (l *ledger) stored(snap snapshot) (ports map[string]string, lags map[string][]string) {
	ports, lags = map[string]string{}, map[string][]string{}
	for _, c := range snap.connections {
		if c.Account == l.account && c.Working() {
			ports[c.ID] = tagMap(c.Tags)["n"]
		}
	}
	for _, g := range snap.lags {
		if g.Account == l.account && g.Live() {
			lags[g.ID] = nil
			for _, c := range snap.members(g.ID) {
				lags[g.ID] = append(lags[g.ID], c.ID)
			}
		}
	}
	return ports, lags
}

// carriedOut finds out whether the open request was, and books it if so.
func (l *ledger) carriedOut(ports map[string]string, lags map[string][]string) bool {
	switch r := l.open; r.what {
	case "create":
		id := addition(ports, l.ports)
		if id == "" || directconnect.IsLAGID(id) {
			return false
		}
		l.ports[id] = "new"
	case "createLAG":
		id := addition(lags, l.lags)
		if id == "" {
			return false
		}
		if len(lags[id]) != lagMembers { // half made: left for the comparison to find
			return true
		}
		l.lags[id] = lags[id]
		for _, m := range lags[id] {
			l.ports[m] = "new"
		}
	case "delete":
		if _, there := ports[r.id]; there {
			return false
		}
		delete(l.ports, r.id)
	case "deleteLAG":
		if _, there := lags[r.id]; there {
			return false
		}
		delete(l.lags, r.id)
	case "tag":
		if ports[r.id] != r.tag {
			return false
		}
		l.ports[r.id] = r.tag
	}
	return true
}

// addition is a key that only the first has, or empty.
func addition[A, B any](has map[string]A, had map[string]B) string {
	for id := range has {
		if _, was := had[id]; !was {
			return id
		}
	}
	return ""
}
