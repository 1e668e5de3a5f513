package conformance

import (
	"net/http"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/controlplane"
)

// cannotAssume is the text of STS for a role that may not be assumed.
func cannotAssume(user, role string) string {
	return "User: " + user + " is not authorized to perform: sts:AssumeRole on resource: " + role
}

const mayAssumeAll = `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`

// TestCallerIdentity: the account itself, a user and sessions are told who they are, whatever they may do.
func TestCallerIdentity(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	is := func(c *caller, arn, id string) {
		t.Helper()
		a := c.ask(t, "GetCallerIdentity")
		r := a.GetCallerIdentityResult
		if a.status != http.StatusOK || r.Arn != arn || r.Account != alice || !strings.HasPrefix(r.UserID, id) {
			t.Errorf("HTTP %d %+v, want %s, %s...", a.status, r, arn, id)
		}
	}
	is(w.as(t, alice), "arn:aws:iam::"+alice+":root", alice)
	eve := w.user(t, alice, "eve")
	is(eve, "arn:aws:iam::"+alice+":user/eve", "AIDA")
	w.role(t, alice, "ops", "arn:aws:iam::"+alice+":user/eve")
	session := eve.assume(t, roleARN(alice, "ops"))
	is(session, "arn:aws:sts::"+alice+":assumed-role/ops/night", "AROA")
	if id := session.ask(t, "GetCallerIdentity").GetCallerIdentityResult.UserID; !strings.HasSuffix(id, ":night") {
		t.Errorf("a session has the user ID %s", id)
	}
}

// TestAssumeRole: a session may do what its role may, in the role's account, and no more.
func TestAssumeRole(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	w.role(t, alice, "reader", bob, readOnly)
	visitor := w.user(t, bob, "vic", mayAssumeAll)
	id := w.as(t, alice).order(t, ashburn, "1Gbps", "x")
	begun := time.Now().Truncate(time.Second)
	a := visitor.ask(t, "AssumeRole", "RoleArn", roleARN(alice, "reader"), "RoleSessionName", "night", "DurationSeconds", "900")
	c := a.AssumeRoleResult.Credentials
	expires, err := time.Parse(time.RFC3339, c.Expiration)
	if err != nil || !strings.HasPrefix(c.AccessKeyID, "ASIA") || len(c.AccessKeyID) != 20 || len(c.SecretAccessKey) != 40 || c.SessionToken == "" {
		t.Fatalf("credentials of another shape (%v), expiring at %s", err, c.Expiration)
	}
	if life := expires.Sub(begun); life < 15*time.Minute || life > 16*time.Minute {
		t.Errorf("the session lives for %v", life)
	}
	if r := a.AssumeRoleResult.AssumedRoleUser; r.Arn != "arn:aws:sts::"+alice+":assumed-role/reader/night" || !strings.HasPrefix(r.ID, "AROA") {
		t.Errorf("assumed %+v", r)
	}
	session := visitor.assume(t, roleARN(alice, "reader"))
	session.state(t, id, "requested") // of alice's
	refused(session.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t, denied,
		"User: arn:aws:sts::"+alice+":assumed-role/reader/night is not authorized to perform: directconnect:DeleteConnection on resource: "+arn(id)+
			" because no identity-based policy allows the directconnect:DeleteConnection action")
}

// TestWhoMayAssume: the role must trust the caller, and the caller's account must let it, unless the role names the caller and
// is of its account.
func TestWhoMayAssume(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	const eveARN, vicARN = "arn:aws:iam::" + alice + ":user/eve", "arn:aws:iam::" + bob + ":user/vic"
	w.known(t, alice, "eve", nil)
	w.known(t, bob, "vic", nil)
	w.role(t, alice, "byName", eveARN)
	w.role(t, alice, "byAccount", alice)
	w.role(t, alice, "abroadByName", vicARN)
	w.role(t, alice, "abroadByAccount", bob)
	w.role(t, alice, "everybody", "*")
	for _, c := range []struct {
		account, user string
		policies      []string
		role          string
		allowed       bool
	}{
		{alice, "eve", nil, "byName", true},
		{alice, "eve", nil, "byAccount", false},
		{alice, "eve", nil, "everybody", true},
		{alice, "eve", nil, "abroadByName", false},
		{alice, "eve", nil, "noSuchRole", false},
		{alice, "ann", nil, "byName", false},
		{alice, "bea", []string{mayAssumeAll}, "byAccount", true},
		{alice, "bea", nil, "byName", false},
		{alice, "bea", nil, "everybody", true},
		{alice, "dee", []string{`{"Effect":"Deny","Action":"sts:*","Resource":"*"}`}, "everybody", false},
		{bob, "vic", nil, "abroadByName", false},
		{bob, "vic", nil, "abroadByAccount", false},
		{bob, "vic", nil, "everybody", false},
		{bob, "val", []string{mayAssumeAll}, "abroadByAccount", true},
		{bob, "val", nil, "abroadByName", false},
		{bob, "val", nil, "byAccount", false},
		{bob, "val", nil, "everybody", true},
		{bob, "ned", []string{mayAssumeAll, `{"Effect":"Deny","Action":"sts:*","Resource":"*"}`}, "abroadByAccount", false},
		{bob, "one", []string{`{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"` + roleARN(alice, "other") + `"}`}, "abroadByAccount", false},
	} {
		u := w.known(t, c.account, c.user, c.policies)
		a := u.ask(t, "AssumeRole", "RoleArn", roleARN(alice, c.role), "RoleSessionName", "night")
		if c.allowed {
			if a.status != http.StatusOK {
				t.Errorf("%s, %s: HTTP %d %s: %s", c.user, c.role, a.status, a.Error.Code, a.Error.Message)
			}
			continue
		}
		a.refused(t, http.StatusForbidden, "AccessDenied", cannotAssume("arn:aws:iam::"+c.account+":user/"+c.user, roleARN(alice, c.role)))
	}
	w.as(t, alice).ask(t, "AssumeRole", "RoleArn", roleARN(alice, "byAccount"), "RoleSessionName", "night").
		refused(t, http.StatusForbidden, "AccessDenied", "Roles may not be assumed by root accounts.")
}

// known is a user that an earlier row may have made.
func (w *world) known(t testing.TB, account, name string, policies []string) *caller {
	t.Helper()
	if made, ok := w.secrets.Load("user/" + account + name); ok {
		return made.(*caller)
	}
	u := w.user(t, account, name, policies...)
	w.secrets.Store("user/"+account+name, u)
	return u
}

// TestSessionPolicies: what a session is opened with takes away and never gives.
func TestSessionPolicies(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	eve := w.user(t, alice, "eve")
	w.role(t, alice, "ops", "arn:aws:iam::"+alice+":user/eve", fullAccess)
	w.role(t, alice, "reader", "arn:aws:iam::"+alice+":user/eve", readOnly)
	const all = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	const lags = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"directconnect:DescribeLags","Resource":"*"}}`
	narrow := eve.assume(t, roleARN(alice, "ops"), "Policy", lags)
	got(narrow.DescribeLags(t.Context(), &dc.DescribeLagsInput{}))(t)
	session := "User: arn:aws:sts::" + alice + ":assumed-role/ops/night is not authorized to perform: directconnect:DescribeConnections on resource: *"
	refused(narrow.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{}))(t, denied,
		session+" because no session policy allows the directconnect:DescribeConnections action")
	denying := eve.assume(t, roleARN(alice, "ops"), "Policy",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"directconnect:Describe*","Resource":"*"}]}`)
	refused(denying.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{}))(t, denied, session+" with an explicit deny in a session policy")
	wide := eve.assume(t, roleARN(alice, "reader"), "Policy", all)
	refused(wide.CreateDirectConnectGateway(t.Context(), &dc.CreateDirectConnectGatewayInput{DirectConnectGatewayName: str("x")}))(t, denied,
		"User: arn:aws:sts::"+alice+":assumed-role/reader/night is not authorized to perform: directconnect:CreateDirectConnectGateway on resource: "+
			"arn:aws:directconnect::"+alice+":dx-gateway/* because no identity-based policy allows the directconnect:CreateDirectConnectGateway action")
	byARN := eve.assume(t, roleARN(alice, "ops"), "PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/"+readOnly)
	got(byARN.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{}))(t)
	refused(byARN.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: str("dxlag-ffabcdef")}))(t, denied,
		"User: arn:aws:sts::"+alice+":assumed-role/ops/night is not authorized to perform: directconnect:DeleteLag on resource: "+arn("dxlag-ffabcdef")+
			" because no session policy allows the directconnect:DeleteLag action")
}

// TestSessionPoliciesAndChaining: what a session policy denies stays denied when the session assumes another role, and what it
// does not allow is only had if that role trusts the session itself or everybody of its account.
func TestSessionPoliciesAndChaining(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	eve := w.user(t, alice, "eve")
	w.role(t, alice, "reader", "arn:aws:iam::"+alice+":user/eve", readOnly)
	w.role(t, alice, "allowed", "arn:aws:iam::"+alice+":user/eve", mayAssumeAll)
	of := func(role string) string { return "arn:aws:sts::" + alice + ":assumed-role/" + role + "/night" }
	w.role(t, alice, "trustsRole", roleARN(alice, "reader"), fullAccess)
	w.role(t, alice, "trustsSession", of("reader"), fullAccess)
	w.role(t, alice, "trustsAll", "*", fullAccess)
	w.role(t, alice, "trustsAccount", alice, fullAccess)
	w.role(t, bob, "abroad", of("allowed"), fullAccess)
	const (
		none      = ""
		describes = `{"Effect":"Allow","Action":"directconnect:Describe*","Resource":"*"}`
		assumes   = `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`
		denies    = describes + `,{"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*"}`
	)
	for _, c := range []struct {
		role, policy string
		next         string
		allowed      bool
	}{
		{"reader", none, roleARN(alice, "trustsRole"), true},
		{"reader", assumes, roleARN(alice, "trustsRole"), true},
		{"reader", describes, roleARN(alice, "trustsRole"), false},
		{"reader", denies, roleARN(alice, "trustsRole"), false},
		{"reader", none, roleARN(alice, "trustsSession"), true},
		{"reader", describes, roleARN(alice, "trustsSession"), true},
		{"reader", denies, roleARN(alice, "trustsSession"), false},
		{"reader", describes, roleARN(alice, "trustsAll"), true},
		{"reader", denies, roleARN(alice, "trustsAll"), false},
		{"reader", assumes, roleARN(alice, "trustsAccount"), false},
		{"allowed", none, roleARN(alice, "trustsAccount"), true},
		{"allowed", assumes, roleARN(alice, "trustsAccount"), true},
		{"allowed", describes, roleARN(alice, "trustsAccount"), false},
		{"allowed", denies, roleARN(alice, "trustsAccount"), false},
		{"allowed", assumes, roleARN(bob, "abroad"), true},
		{"allowed", describes, roleARN(bob, "abroad"), false},
	} {
		var with []string
		if c.policy != none {
			with = []string{"Policy", `{"Version":"2012-10-17","Statement":[` + c.policy + `]}`}
		}
		a := eve.assume(t, roleARN(alice, c.role), with...).ask(t, "AssumeRole", "RoleArn", c.next, "RoleSessionName", "on")
		switch {
		case !c.allowed:
			a.refused(t, http.StatusForbidden, "AccessDenied", cannotAssume(of(c.role), c.next))
		case a.status != http.StatusOK:
			t.Errorf("%+v: HTTP %d %s: %s", c, a.status, a.Error.Code, a.Error.Message)
		}
	}
}

// TestTrustIsOfOne: a role that names a user, a role or a session trusts who had that name when it was said, and nobody who
// comes to it later.
func TestTrustIsOfOne(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	const daveARN = "arn:aws:iam::" + alice + ":user/dave"
	dave := w.user(t, alice, "dave")
	w.role(t, alice, "first", daveARN)
	w.role(t, alice, "second", roleARN(alice, "first"))
	w.role(t, alice, "third", "arn:aws:sts::"+alice+":assumed-role/first/night")
	w.role(t, alice, "denying", daveARN)
	deny := `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":{"AWS":"` + daveARN + `"},"Action":"sts:AssumeRole"}]}`
	w.change(t, alice, controlplane.Role, "denying", controlplane.PrincipalChange{Trust: &deny})
	first := dave.assume(t, roleARN(alice, "first"))
	first.assume(t, roleARN(alice, "second"))
	first.assume(t, roleARN(alice, "third"))
	dave.ask(t, "AssumeRole", "RoleArn", roleARN(alice, "denying"), "RoleSessionName", "night").
		refused(t, http.StatusForbidden, "AccessDenied", cannotAssume(daveARN, roleARN(alice, "denying")))

	again := func(kind, name string) {
		t.Helper()
		if err := w.service.RemovePrincipal(t.Context(), alice, kind, name); err != nil {
			t.Fatal(err)
		}
	}
	again(controlplane.User, "dave")
	dave = w.user(t, alice, "dave")
	dave.ask(t, "AssumeRole", "RoleArn", roleARN(alice, "first"), "RoleSessionName", "night").
		refused(t, http.StatusForbidden, "AccessDenied", cannotAssume(daveARN, roleARN(alice, "first")))
	dave.assume(t, roleARN(alice, "denying"))
	again(controlplane.Role, "first")
	w.role(t, alice, "first", daveARN)
	first = dave.assume(t, roleARN(alice, "first"))
	for _, next := range []string{"second", "third"} {
		first.ask(t, "AssumeRole", "RoleArn", roleARN(alice, next), "RoleSessionName", "night").
			refused(t, http.StatusForbidden, "AccessDenied", cannotAssume("arn:aws:sts::"+alice+":assumed-role/first/night", roleARN(alice, next)))
	}
	// Said again, it is about who has the name now.
	anew := `{"Statement":{"Effect":"Allow","Principal":{"AWS":"` + roleARN(alice, "first") + `"},"Action":"sts:AssumeRole"}}`
	w.change(t, alice, controlplane.Role, "second", controlplane.PrincipalChange{Trust: &anew})
	first.assume(t, roleARN(alice, "second"))
}

// TestSessionsEnd: with their role, with its revocation, and those of users with the key that they were asked for with, or
// while that is disabled. A token
// is good for its own access key only.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	const invalid = "The security token included in the request is invalid."
	ended := func(c *caller) {
		t.Helper()
		c.send("DescribeLocations", "{}").is(t, http.StatusBadRequest, "UnrecognizedClientException", invalid)
		c.ask(t, "GetCallerIdentity").refused(t, http.StatusForbidden, "InvalidClientTokenId", invalid)
	}
	works := func(c *caller) { t.Helper(); got(c.DescribeLocations(t.Context(), &dc.DescribeLocationsInput{}))(t) }
	eve := w.user(t, alice, "eve", readOnly)
	for _, name := range []string{"one", "two"} {
		w.role(t, alice, name, "arn:aws:iam::"+alice+":user/eve", readOnly)
	}
	one, two := eve.assume(t, roleARN(alice, "one")), eve.assume(t, roleARN(alice, "two"))
	works(one)
	works(two)
	swapped := one.credentials
	swapped.SessionToken = two.credentials.SessionToken
	ended(w.with(t, alice, swapped))
	without := one.credentials
	without.SessionToken = ""
	ended(w.with(t, alice, without))

	if err := w.service.RemovePrincipal(t.Context(), alice, controlplane.Role, "one"); err != nil {
		t.Fatal(err)
	}
	ended(one)
	w.role(t, alice, "one", alice, readOnly) // another role of that name
	ended(one)
	works(two)
	if _, err := w.service.SetPrincipal(t.Context(), alice, controlplane.Role, "two", controlplane.PrincipalChange{Revoke: true}); err != nil {
		t.Fatal(err)
	}
	ended(two)

	token := eve.ask(t, "GetSessionToken", "DurationSeconds", "900").GetSessionTokenResult.Credentials
	own := eve.credentials
	own.AccessKeyID, own.SecretAccessKey, own.SessionToken = token.AccessKeyID, token.SecretAccessKey, token.SessionToken
	session := w.with(t, alice, own)
	works(session)
	refused(session.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: str("dxlag-ffabcdef")}))(t, denied, notAllowed("eve", "DeleteLag", arn("dxlag-ffabcdef")))
	session.ask(t, "GetSessionToken").refused(t, http.StatusForbidden, "AccessDenied", "Cannot call GetSessionToken with session credentials")
	for _, disabled := range []bool{true, false} {
		if _, err := w.service.SetAccessKey(t.Context(), alice, eve.credentials.AccessKeyID, disabled); err != nil {
			t.Fatal(err)
		}
		for _, c := range []*caller{eve, session} {
			if disabled {
				ended(c)
			} else {
				works(c)
			}
		}
	}
	if err := w.service.RemoveAccessKey(t.Context(), alice, eve.credentials.AccessKeyID); err != nil {
		t.Fatal(err)
	}
	ended(session)
}

// TestRootSession: the account itself may have a session, which may do everything.
func TestRootSession(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	root := w.as(t, alice)
	token := root.ask(t, "GetSessionToken").GetSessionTokenResult.Credentials
	has := root.credentials
	has.AccessKeyID, has.SecretAccessKey, has.SessionToken = token.AccessKeyID, token.SecretAccessKey, token.SessionToken
	session := w.with(t, alice, has)
	session.order(t, ashburn, "1Gbps", "x")
	if arn := session.ask(t, "GetCallerIdentity").GetCallerIdentityResult.Arn; arn != "arn:aws:iam::"+alice+":root" {
		t.Errorf("it is %s", arn)
	}
}

// TestBadTokenRequests: what STS refuses, and with which code.
func TestBadTokenRequests(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	eve := w.user(t, alice, "eve")
	w.role(t, alice, "ops", "arn:aws:iam::"+alice+":user/eve", fullAccess)
	ops := roleARN(alice, "ops")
	for name, c := range map[string]struct {
		pairs      []string
		code, text string
	}{
		"no role":       {[]string{"RoleArn", "ops"}, "ValidationError", "ops is invalid"},
		"no session":    {[]string{"RoleSessionName", "x"}, "ValidationError", "Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must be 2 to 64 characters of [A-Za-z0-9_+=,.@-]"},
		"too short":     {[]string{"DurationSeconds", "899"}, "ValidationError", "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200"},
		"too long":      {[]string{"DurationSeconds", "43201"}, "ValidationError", "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200"},
		"for this role": {[]string{"DurationSeconds", "3601"}, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."},
		"no number":     {[]string{"DurationSeconds", "1h"}, "ValidationError", "DurationSeconds must be a number of seconds, from 900 on."},
		"policy":        {[]string{"Policy", `{"Version":"2012-10-17"}`}, "MalformedPolicyDocument", "a policy document needs a Statement"},
		"large policy":  {[]string{"Policy", strings.Repeat(" ", 2049)}, "PackedPolicyTooLarge", "The session policies are larger than is allowed."},
		"policy ARN":    {[]string{"PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/X"}, "ValidationError", "There is no policy arn:aws:iam::aws:policy/X."},
	} {
		pairs := append([]string{"RoleArn", ops, "RoleSessionName", "night"}, c.pairs...)
		if a := eve.ask(t, "AssumeRole", pairs...); a.Error.Code != c.code || a.Error.Message != c.text || a.status != http.StatusBadRequest {
			t.Errorf("%s: HTTP %d %+v", name, a.status, a.Error)
		}
	}
	chained := eve.assume(t, ops)
	w.role(t, alice, "next", ops)
	chained.assume(t, roleARN(alice, "next"))
	chained.ask(t, "AssumeRole", "RoleArn", roleARN(alice, "next"), "RoleSessionName", "night", "DurationSeconds", "3601").
		refused(t, http.StatusBadRequest, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	eve.ask(t, "Dance").refused(t, http.StatusBadRequest, "InvalidAction", `Could not find operation "Dance"`)
	wrong := eve.credentials
	wrong.SecretAccessKey = "another secret altogether"
	if a := w.with(t, alice, wrong).ask(t, "GetCallerIdentity"); a.status != http.StatusForbidden || a.Error.Code != "SignatureDoesNotMatch" {
		t.Errorf("a wrong secret: HTTP %d %+v", a.status, a.Error)
	}
}
