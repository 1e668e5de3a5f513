package conformance

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/google/go-cmp/cmp"

	"onramp/internal/controlplane"
	"onramp/internal/daemon"
	"onramp/internal/onramptest"
)

// toldOf is a record as the tests below hold it against what happened.
type toldOf struct {
	What, Source, Who, Arn, Account, Error, Details string
	Found                                           string // by what it is found
}

// trail is what the trail tells of, but for reads.
func (w *world) trail(t *testing.T, q controlplane.AuditQuery) (all []toldOf) {
	t.Helper()
	links, err := w.service.AuditRecords(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		var r struct {
			EventName, EventSource, RecipientAccountID, ErrorCode, SourceIPAddress, UserAgent string
			UserIdentity                                                                      struct{ Type, Arn string }
			ServiceEventDetails                                                               map[string]string
		}
		if err := json.Unmarshal([]byte(l.Body), &r); err != nil {
			t.Fatal(err)
		}
		details := ""
		if d := r.ServiceEventDetails; d != nil {
			details = d["previousState"] + " -> " + d["state"]
		} else if r.SourceIPAddress != "127.0.0.1" || r.UserAgent == "" {
			t.Errorf("%s came from %q, %q", r.EventName, r.SourceIPAddress, r.UserAgent)
		}
		all = append(all, toldOf{
			What: r.EventName, Source: r.EventSource, Who: r.UserIdentity.Type, Arn: r.UserIdentity.Arn, Account: r.RecipientAccountID,
			Error: r.ErrorCode, Details: details, Found: l.Resources,
		})
	}
	return all
}

// TestAuditTellsTheLifeOfAConnection: who ordered it, who was refused, what the operator did, and what it became.
func TestAuditTellsTheLifeOfAConnection(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	eve, rob := w.user(t, alice, "eve", fullAccess), w.user(t, alice, "rob", readOnly)
	id := eve.order(t, ashburn, "1Gbps", "x")
	if _, err := rob.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}); err == nil {
		t.Error("rob may only read, and deleted")
	}
	if _, err := w.server.Operator().MoveConnection(t.Context(), id, "approve", ""); err != nil {
		t.Fatal(err)
	}
	w.settle()
	w.plug(id)
	if _, err := w.as(t, alice).DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &id}); err != nil {
		t.Fatal(err)
	}
	const service, event = "directconnect.amazonaws.com", "AWSService"
	user := "arn:aws:iam::" + alice + ":user/"
	want := []toldOf{
		{"CreateConnection", service, "IAMUser", user + "eve", alice, "", "", id},
		{"DeleteConnection", service, "IAMUser", user + "rob", alice, "AccessDeniedException", "", id},
		{"POST /v1/connections/{id}/approve", "operator.onramp", "Operator", "", alice, "", "", id},
		{"ConnectionStateChange", service, event, "", alice, "", "requested -> pending", id},
		{"ConnectionStateChange", service, event, "", alice, "", "pending -> available", id},
		{"DescribeConnections", service, "Root", "arn:aws:iam::" + alice + ":root", alice, "", "", id},
	}
	got := w.trail(t, controlplane.AuditQuery{Resource: id})
	if diff := cmp.Diff(want, dropUnchanged(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if byARN := w.trail(t, controlplane.AuditQuery{Resource: "arn:aws:directconnect:us-east-1:" + alice + ":dxcon/" + id}); len(byARN) != len(got) {
		t.Errorf("%d records are found by ARN, %d by ID", len(byARN), len(got))
	}
	if others := w.trail(t, controlplane.AuditQuery{Account: bob}); len(others) != 0 {
		t.Errorf("bob's trail: %v", others)
	}
}

// dropUnchanged leaves out what is told of a connection besides its states.
func dropUnchanged(all []toldOf) (states []toldOf) {
	for _, r := range all {
		before, after, isChange := strings.Cut(r.Details, " -> ")
		if !isChange || before != after {
			states = append(states, r)
		}
	}
	return states
}

// TestAuditTellsOfSessions: who takes a role is told, and what is done in it.
func TestAuditTellsOfSessions(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	eve := w.user(t, alice, "eve", mayAssumeAll)
	w.role(t, alice, "ops", "arn:aws:iam::"+alice+":user/eve", fullAccess)
	session := eve.assume(t, roleARN(alice, "ops"))
	session.order(t, ashburn, "1Gbps", "x")
	links, err := w.service.AuditRecords(t.Context(), controlplane.AuditQuery{Account: alice})
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	for _, l := range links {
		bodies[l.Name] = l.Body
		if strings.Contains(l.Body, session.credentials.SecretAccessKey) || strings.Contains(l.Body, session.credentials.SessionToken) {
			t.Errorf("the record of %s holds the session's secret", l.Name)
		}
	}
	for name, parts := range map[string][]string{
		"AssumeRole": {
			`"eventSource":"sts.amazonaws.com"`, `"requestParameters":{"roleArn":"` + roleARN(alice, "ops") + `","roleSessionName":"night"`,
			`"responseElements":{"credentials":{"accessKeyId":"` + session.credentials.AccessKeyID + `"`, `"userName":"eve"`, `"type":"IAMUser"`, `"readOnly":true`,
		},
		"CreateConnection": {
			`"type":"AssumedRole"`, `"arn":"arn:aws:sts::` + alice + `:assumed-role/ops/night"`, `"sessionIssuer":{"type":"Role"`,
			`"accessKeyId":"` + session.credentials.AccessKeyID + `"`,
		},
	} {
		for _, part := range parts {
			if !strings.Contains(bodies[name], part) {
				t.Errorf("the record of %s lacks %s:\n%s", name, part, bodies[name])
			}
		}
	}
}

// TestAuditTellsOfStrangers: a request that nobody proved is told without believing it.
func TestAuditTellsOfStrangers(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	stranger := w.as(t, alice)
	stranger.credentials.SecretAccessKey = "guessed"
	stranger.send("DeleteConnection", `{"connectionId":"dxcon-ffabc123"}`)
	want := []toldOf{{What: "DeleteConnection", Source: "directconnect.amazonaws.com", Who: "Unknown", Error: "InvalidSignatureException"}}
	if diff := cmp.Diff(want, w.trail(t, controlplane.AuditQuery{Name: "DeleteConnection"})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAuditIsKeptForAWhile: old records go, what is left is whole, also for a server that is started anew.
func TestAuditIsKeptForAWhile(t *testing.T) {
	t.Parallel()
	w := open(t)
	c := w.as(t, alice)
	for n := range 5 {
		c.order(t, ashburn, "1Gbps", fmt.Sprint(n))
		w.turn(24 * time.Hour)
	}
	if _, err := w.service.PruneAudit(t.Context(), 60*time.Hour); err != nil {
		t.Fatal(err)
	}
	if left := w.trail(t, controlplane.AuditQuery{Name: "CreateConnection"}); len(left) != 2 {
		t.Errorf("%d orders of the last two and a half days, want 2", len(left))
	}
	report, err := w.service.VerifyAudit(t.Context())
	if err != nil || len(report.Findings) > 0 || report.Checkpoint == 0 {
		t.Errorf("after removing: %+v, %v", report, err)
	}
	c.order(t, ashburn, "1Gbps", "last")
	w.server.Stop()
	again := onramptest.Start(t, onramptest.Data(w.server.Data))
	after, err := again.Daemon().Service().VerifyAudit(t.Context())
	if err != nil || len(after.Findings) > 0 || after.Records < 2 || after.Checkpoint <= report.Checkpoint {
		t.Errorf("another server: %+v, %v", after, err)
	}
}

// TestAuditLevels: a trail of writes has no reads, and one that is off has nothing.
func TestAuditLevels(t *testing.T) {
	t.Parallel()
	for level, want := range map[daemon.AuditLevel]string{
		daemon.AuditAll:    "CreateConnection DeleteConnection ConnectionStateChange DescribeLocations",
		daemon.AuditWrites: "CreateConnection DeleteConnection ConnectionStateChange", daemon.AuditOff: "",
	} {
		srv := onramptest.Start(t, onramptest.Inventory(plant()), onramptest.Pace(byHand), onramptest.Configure(func(c *daemon.Config) { c.Audit = level }))
		w := &world{t: t, server: srv, service: srv.Daemon().Service(), url: srv.URL}
		c := w.as(t, alice)
		id := c.order(t, ashburn, "1Gbps", "x")
		got(c.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
		if _, err := c.DescribeLocations(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, r := range w.trail(t, controlplane.AuditQuery{Account: alice}) {
			names = append(names, r.What)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("level %d: %q, want %q", level, got, want)
		}
	}
}

// TestAuditTellsTheOther: what a partner makes for a customer is the partner's doing, and the customer finds it.
func TestAuditTellsTheOther(t *testing.T) {
	t.Parallel()
	w := open(t)
	partner := w.as(t, bob)
	parent := partner.interconnect(t, "10Gbps")
	w.light(parent)
	id := *got(partner.AllocateHostedConnection(t.Context(), &dc.AllocateHostedConnectionInput{
		ConnectionId: &parent, OwnerAccount: str(alice), Bandwidth: str("500Mbps"), ConnectionName: str("to alice"), Vlan: 101,
	}))(t).ConnectionId
	const operation = "AllocateHostedConnection"
	for account, want := range map[string]int{alice: 1, bob: 1, "999999999999": 0} {
		found := w.trail(t, controlplane.AuditQuery{Account: account, Name: operation})
		if len(found) != want || want > 0 && (found[0].Account != bob || found[0].Found != parent+" "+alice+" "+id) {
			t.Errorf("%s finds %v", account, found)
		}
	}
}
