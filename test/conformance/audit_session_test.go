package conformance

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/controlplane"
	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
	"onramp/test/postgres"
)

// sessionRecord is what a record tells of a session.
type sessionRecord struct {
	EventName, EventSource, EventID, SharedEventID, RecipientAccountID, RequestID, ErrorCode, ErrorMessage string

	ReadOnly     bool
	UserIdentity struct {
		Type, Arn, AccountID, PrincipalID, AccessKeyID, UserName string

		SessionContext struct {
			SessionIssuer  struct{ Type, Arn string }
			Attributes     struct{ CreationDate string }
			SourceIdentity string
		}
	}
	RequestParameters map[string]any
	ResponseElements  *struct {
		Credentials struct {
			AccessKeyID  string
			Expiration   string
			SecretKey    *string `json:"secretAccessKey"`
			SessionToken *string
		}
		AssumedRoleUser struct{ AssumedRoleID, Arn string }
	}
	Resources []struct{ ARN, AccountID, Type string }
}

func (w *world) sessionRecords(t *testing.T, q controlplane.AuditQuery) (all []sessionRecord) {
	t.Helper()
	links, err := w.service.AuditRecords(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		var r sessionRecord
		if err := json.Unmarshal([]byte(l.Body), &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// onlyWrites starts a world whose trail leaves reads out, as by default, on an engine.
func onlyWrites(t *testing.T, database string) *world {
	w := start(t, byHand, directconnect.DocumentedQuotas, onramptest.Database(database), onramptest.Configure(func(c *daemon.Config) { c.Audit = daemon.AuditWrites }))
	w.configure(alice, "Alice", directconnect.PartnerV2)
	w.configure(bob, "Bob", directconnect.PartnerV2)
	return w
}

// TestAuditTellsWhoTookARole: by default, too, the trail tells who opened a session and who tried, both accounts find it, and
// what was done in the session leads back to it.
func TestAuditTellsWhoTookARole(t *testing.T) {
	t.Parallel()
	postgres.EachEngine(t, func(t *testing.T, database string) {
		w := onlyWrites(t, database)
		vic := w.user(t, bob, "vic", mayAssumeAll)
		w.role(t, alice, "ops", "arn:aws:iam::"+bob+":user/vic", fullAccess)
		session := vic.assume(t, roleARN(alice, "ops"), "DurationSeconds", "900", "ExternalId", "x-1")
		key := session.credentials.AccessKeyID
		session.order(t, ashburn, "1Gbps", "x")
		w.user(t, alice, "eve")
		w.role(t, alice, "vault", "arn:aws:iam::"+alice+":user/eve", fullAccess)
		vic.ask(t, "AssumeRole", "RoleArn", roleARN(alice, "vault"), "RoleSessionName", "night").
			refused(t, http.StatusForbidden, "AccessDenied", cannotAssume("arn:aws:iam::"+bob+":user/vic", roleARN(alice, "vault")))

		taken := w.sessionRecords(t, controlplane.AuditQuery{Resource: key})
		if len(taken) != 2 {
			t.Fatalf("%d records are found by the session's key, want that of each account", len(taken))
		}
		own, theirs := taken[0], taken[1]
		if own.RecipientAccountID != bob {
			own, theirs = theirs, own
		}
		for _, r := range taken {
			holdTaken(t, r, key)
		}
		if own.SharedEventID == "" || own.SharedEventID != theirs.SharedEventID || own.EventID == theirs.EventID || own.RequestID != theirs.RequestID {
			t.Errorf("the two records are not two of one event: %+v, %+v", own, theirs)
		}
		who, other := own.UserIdentity, theirs.UserIdentity
		if own.RecipientAccountID != bob || who.Type != "IAMUser" || who.UserName != "vic" || who.AccessKeyID != vic.credentials.AccessKeyID {
			t.Errorf("the asker's record: %+v", own)
		}
		if theirs.RecipientAccountID != alice || other.Type != "AWSAccount" || other.AccountID != bob || other.PrincipalID != who.PrincipalID ||
			other.Arn != who.Arn || other.AccessKeyID != "" {
			t.Errorf("the record of the role's account: %+v", theirs)
		}
		order := w.sessionRecords(t, controlplane.AuditQuery{Account: alice, Name: "CreateConnection"})
		if len(order) != 1 || order[0].UserIdentity.AccessKeyID != key || order[0].UserIdentity.SessionContext.SessionIssuer.Arn != roleARN(alice, "ops") ||
			order[0].UserIdentity.SessionContext.Attributes.CreationDate == "" || order[0].UserIdentity.SessionContext.SourceIdentity != "" {
			t.Errorf("the call made with it: %+v", order)
		}
		for _, account := range []string{alice, bob} {
			tried := w.sessionRecords(t, controlplane.AuditQuery{Account: account, Resource: roleARN(alice, "vault"), Name: "AssumeRole"})
			if len(tried) != 1 || tried[0].ErrorCode != "AccessDenied" || tried[0].ErrorMessage == "" || tried[0].ResponseElements != nil ||
				tried[0].RequestParameters["roleArn"] != roleARN(alice, "vault") || tried[0].UserIdentity.Arn != "arn:aws:iam::"+bob+":user/vic" {
				t.Errorf("%s finds of the refused: %+v", account, tried)
			}
		}
		if found := w.sessionRecords(t, controlplane.AuditQuery{Resource: roleARN(bob, "ops")}); len(found) != 0 {
			t.Errorf("by a role of the same name in another account: %+v", found)
		}
	})
}

// holdTaken fails the test unless a record of AssumeRole tells what was asked and given, and no secret.
func holdTaken(t *testing.T, r sessionRecord, key string) {
	t.Helper()
	if r.EventName != "AssumeRole" || r.EventSource != "sts.amazonaws.com" || !r.ReadOnly || r.RequestID == "" || r.ErrorCode != "" {
		t.Errorf("recorded as %+v", r)
	}
	asked := map[string]any{"roleArn": roleARN(alice, "ops"), "roleSessionName": "night", "durationSeconds": 900.0, "externalId": "x-1"}
	if diff := cmp.Diff(asked, r.RequestParameters); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	given := r.ResponseElements
	if given == nil || given.Credentials.AccessKeyID != key || !strings.HasSuffix(given.Credentials.Expiration, "Z") ||
		given.Credentials.SecretKey != nil || given.Credentials.SessionToken != nil ||
		given.AssumedRoleUser.Arn != "arn:aws:sts::"+alice+":assumed-role/ops/night" || !strings.HasSuffix(given.AssumedRoleUser.AssumedRoleID, ":night") {
		t.Errorf("given: %+v", given)
	}
	if len(r.Resources) != 1 || r.Resources[0].ARN != roleARN(alice, "ops") || r.Resources[0].AccountID != alice || r.Resources[0].Type != "AWS::IAM::Role" {
		t.Errorf("resources: %+v", r.Resources)
	}
}

// TestAuditTellsOfOwnSessions: a session of a user's own is told by its key, and what is asked for and not given, too.
func TestAuditTellsOfOwnSessions(t *testing.T) {
	t.Parallel()
	w := onlyWrites(t, "sqlite://"+filepath.Join(t.TempDir(), "onramp.db"))
	eve := w.user(t, alice, "eve", fullAccess)
	key := eve.ask(t, "GetSessionToken", "DurationSeconds", "900").GetSessionTokenResult.Credentials.AccessKeyID
	eve.ask(t, "GetSessionToken", "DurationSeconds", "1")
	eve.ask(t, "GetSessionToken", "SerialNumber", "x")
	w.as(t, alice).ask(t, "AssumeRole", "RoleArn", roleARN(alice, "ops"), "RoleSessionName", "night")
	eve.ask(t, "GetCallerIdentity")
	stranger := *eve
	stranger.credentials.SecretAccessKey = "guessed"
	stranger.ask(t, "AssumeRole", "RoleArn", roleARN(alice, "ops"), "RoleSessionName", "night")
	var got []string
	for _, r := range w.sessionRecords(t, controlplane.AuditQuery{}) {
		if r.EventSource != "sts.amazonaws.com" {
			continue
		}
		given := ""
		if r.ResponseElements != nil {
			given = r.ResponseElements.Credentials.AccessKeyID
		}
		got = append(got, strings.Join([]string{r.EventName, r.RecipientAccountID, r.UserIdentity.Type, r.ErrorCode, given}, " "))
	}
	want := []string{
		"GetSessionToken " + alice + " IAMUser  " + key,
		"GetSessionToken " + alice + " IAMUser ValidationError ",
		"GetSessionToken " + alice + " IAMUser ValidationError ",
		"AssumeRole " + alice + " Root AccessDenied ",
		"AssumeRole  Unknown SignatureDoesNotMatch ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if found := w.sessionRecords(t, controlplane.AuditQuery{Resource: key}); len(found) != 1 {
		t.Errorf("by its key: %+v", found)
	}
}

// TestAuditTellsWhichOperator: each call of the operator's role tells whose session it is.
func TestAuditTellsWhichOperator(t *testing.T) {
	t.Parallel()
	w := onlyWrites(t, "sqlite://"+filepath.Join(t.TempDir(), "onramp.db"))
	yes := true
	ada := w.user(t, bob, "ada")
	if _, err := w.server.Operator().SetPrincipal(t.Context(), bob, operator.Users, "ada", operator.PrincipalChange{Operator: &yes}); err != nil {
		t.Fatal(err)
	}
	session := ada.assume(t, roleARN(alice, controlplane.OperatorRole))
	session.order(t, ashburn, "1Gbps", "x")
	order := w.sessionRecords(t, controlplane.AuditQuery{Account: alice, Name: "CreateConnection"})
	if len(order) != 1 || order[0].UserIdentity.SessionContext.SourceIdentity != "ada@"+bob ||
		order[0].UserIdentity.AccessKeyID != session.credentials.AccessKeyID {
		t.Errorf("the order: %+v", order)
	}
	if taken := w.sessionRecords(t, controlplane.AuditQuery{Account: alice, Resource: controlplane.OperatorRole}); len(taken) != 1 {
		t.Errorf("who took the operator's role in it: %+v", taken)
	}
}
