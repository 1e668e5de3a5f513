package conformance

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/controlplane"
)

// bad is a request that must be refused, with its text; the exception is the client's unless the text begins with another
// one and a colon. Words in braces stand for what the world of TestBadRequests has.
type bad struct{ operation, body, text string }

// serialization is the exception for a body that cannot be read.
const serialization = "SerializationException"

// TestBadRequests: each is refused with exactly its text, as a whole, and leaves nothing.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	table := badTable()
	if len(table) < 120 {
		t.Errorf("only %d bad requests", len(table))
	}
	refuseAll(t, w, a, table, badWords(t, w, a))
}

// refuseAll sends the requests of a table.
func refuseAll(t *testing.T, w *world, a *caller, table []bad, oldnew []string) {
	t.Helper()
	words := strings.NewReplacer(oldnew...)
	seen := map[string]bool{}
	w.unchanged(t, func() {
		for _, b := range table {
			body, text, exception := words.Replace(b.body), words.Replace(b.text), client
			for _, other := range []string{serialization, duplicate, tooMany} {
				if rest, ok := strings.CutPrefix(text, other+": "); ok {
					exception, text = other, rest
				}
			}
			if seen[b.operation+b.body] {
				t.Errorf("%s %s is in the table twice", b.operation, b.body)
			}
			seen[b.operation+b.body] = true
			want, _ := json.Marshal(map[string]string{"__type": exception, "message": text})
			x := a.send(b.operation, body)
			if x.status != http.StatusBadRequest || !sameJSON(t, x.body, string(want)) {
				t.Errorf("%s %s\nHTTP %d %s\nwant     %s", b.operation, body, x.status, x.body, want)
			}
		}
	})
}

func sameJSON(t testing.TB, a, b string) bool {
	t.Helper()
	x, y := decode(t, a), decode(t, b)
	return x["__type"] == y["__type"] && x["message"] == y["message"]
}

func badTable() (all []bad) {
	for _, part := range [][]bad{badConnections, badLAGs, badPartners, badLetters, badKeys, badTags, badCustomers, badResiliency, badGateways} {
		all = append(all, part...)
	}
	return all
}

// badWords makes what the table refers to.
func badWords(t testing.TB, w *world, a *caller) []string {
	connection, secured := a.order(t, ashburn, "10Gbps", "x"), a.orderSecure(t, ashburn, "10Gbps", "x")
	gone, fresh := a.order(t, ashburn, "10Gbps", "x"), a.order(t, vienna, "1Gbps", "x")
	lag, deadLAG := a.orderLAG(t, ashburn, "10Gbps", "x", 1), a.orderLAG(t, vienna, "10Gbps", "x", 1)
	interconnect, foreign := a.interconnect(t, "1Gbps"), w.as(t, bob).order(t, ashburn, "10Gbps", "x")
	hosted := a.host(t, interconnect, alice, "50Mbps", 5)
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &gone}))(t)
	got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &deadLAG}))(t)
	w.approve(connection)
	got(a.addKey(t, secured, 1))(t)
	groups := append(badResiliencyWords(t, w, a, connection), badGatewayWords(t, w, a)...)
	return append(groups, []string{
		"{con}", connection, "{secure}", secured, "{gone}", gone, "{fresh}", fresh, "{lag}", lag, "{deadlag}", deadLAG,
		"{inter}", interconnect, "{hosted}", hosted, "{foreign}", foreign, "{no}", "dxcon-fg31dyv6", "{nolag}", "dxlag-ffjhj9lx",
		"{key}", ckn(1), "{cak}", cak(1), "{256}", strings.Repeat("n", 256), "{257}", strings.Repeat("v", 257), "{129}", strings.Repeat("k", 129),
		"{arn}", arn(connection), "{member}", a.memberIDs(t, lag)[0],
	}...)
}

// TestUnreadableBodies: every operation that is built refuses what is no JSON object, and changes nothing.
func TestUnreadableBodies(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	a.order(t, ashburn, "1Gbps", "x")
	texts := map[string]string{
		`[]`:        "The request body is not a JSON object.",
		`"x"`:       "The request body is not a JSON object.",
		`null`:      "The request body is not a JSON object.",
		` `:         "The request body is not a JSON object.",
		`{`:         "The request body is not valid JSON: a member's name is missing at byte 1.",
		`{"a":1,}`:  "The request body is not valid JSON: a member's name is missing at byte 7.",
		`{} {}`:     "The request body is not valid JSON: something follows the object at byte 3.",
		`{'a':1}`:   "The request body is not valid JSON: a member's name is missing at byte 1.",
		"{\"a\xff":  "The request body is not valid UTF-8.",
		`{"a":"\x"`: "The request body is not valid JSON: an escape sequence is not valid at byte 6.",
		`{"a":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`: "The request body is not valid JSON: values are nested too deeply at byte 68.",
	}
	w.unchanged(t, func() {
		for _, o := range controlplane.OperationNames() {
			for body, text := range texts {
				if !o.Built {
					continue
				}
				x := a.send(o.Name, body)
				if e := decode(t, x.body); x.status != http.StatusBadRequest || e["__type"] != serialization || e["message"] != text {
					t.Errorf("%s %q: HTTP %d %s\nwant %s", o.Name, body, x.status, x.body, text)
				}
			}
		}
	})
}

// TestUnknownMembersAndNulls: what the model does not know is passed over, null is absent, names are exact.
func TestUnknownMembersAndNulls(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	x := a.send("CreateConnection", `{"location":"EqDC2","bandwidth":"1Gbps","connectionName":"x","tags":null,"lagId":null,`+
		`"requestMACSec":null,"providerName":null,"billingMode":null,"future":{"deep":[1,2,{"x":null}]},"ConnectionName":"y"}`)
	if x.status != http.StatusOK {
		t.Fatalf("HTTP %d %s", x.status, x.body)
	}
	id := a.object()["connectionId"].(string)
	holds(t, a.object(), requested(id, "x", ashburn, "1Gbps"))
	holds(t, a.connection(t, id), requested(id, "x", ashburn, "1Gbps"))
	if x := a.send("DescribeConnections", ``); x.status != http.StatusOK { // an empty body is {}
		t.Errorf("HTTP %d %s", x.status, x.body)
	}
}
