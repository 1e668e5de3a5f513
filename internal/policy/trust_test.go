package policy_test

import (
	"slices"
	"strings"
	"testing"

	"onramp/internal/policy"
)

func trusting(t *testing.T, statement string) *policy.Document {
	t.Helper()
	d, err := policy.Parse(policy.Trust, []byte(`{"Version":"2012-10-17","Statement":`+statement+`}`))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestTrust: whom a role trusts, by name or through an account, of its own account or another.
func TestTrust(t *testing.T) {
	t.Parallel()
	user := policy.Asker{Named: policy.Named{Account: "111122223333", Kind: "user", Name: "bob"}, ID: "AIDABOB"}
	session := policy.Asker{Named: policy.Named{Account: "111122223333", Kind: "role", Name: "ops"}, ID: "AROAOPS",
		Session: "arn:aws:sts::111122223333:assumed-role/ops/night"}
	cn := session
	cn.Session = "arn:aws-cn:sts::111122223333:assumed-role/ops/night"
	bound := map[string]string{"iam::111122223333:user/bob": "AIDABOB", "iam::111122223333:role/ops": "AROAOPS"}
	others := map[string]string{"iam::111122223333:user/bob": "AIDAELSE", "iam::111122223333:role/ops": "AROAELSE"}
	to := func(principal string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"}`
	}
	itself, byRole, byAccount := policy.Trusted{Effect: allow, Grant: policy.ToAsker}, policy.Trusted{Effect: allow, Grant: policy.ToRole}, policy.Trusted{Effect: allow}
	const userBob, roleOps, opsNight = `{"AWS":"arn:aws:iam::111122223333:user/bob"}`, `{"AWS":"arn:aws:iam::111122223333:role/ops"}`,
		`{"AWS":"arn:aws:sts::111122223333:assumed-role/ops/night"}`
	for name, c := range map[string]struct {
		statement string
		asker     policy.Asker
		ids       map[string]string
		context   policy.Context
		want      policy.Trusted
	}{
		"account":            {to(`{"AWS":"111122223333"}`), user, nil, nil, byAccount},
		"root of an account": {to(`{"AWS":"arn:aws:iam::111122223333:root"}`), user, nil, nil, byAccount},
		"other account":      {to(`{"AWS":"444455556666"}`), user, nil, nil, policy.Trusted{}},
		"user":               {to(userBob), user, bound, nil, itself},
		"user of before":     {to(userBob), user, nil, nil, itself},
		"user of that name":  {to(userBob), user, others, nil, policy.Trusted{}},
		"user elsewhere":     {to(`{"AWS":"arn:aws-cn:iam::111122223333:user/bob"}`), user, bound, nil, itself},
		"other user":         {to(`{"AWS":"arn:aws:iam::111122223333:user/eve"}`), user, bound, nil, policy.Trusted{}},
		"role of that name":  {to(`{"AWS":"arn:aws:iam::111122223333:role/bob"}`), user, bound, nil, policy.Trusted{}},
		"one of":             {to(`{"AWS":["444455556666","arn:aws:iam::111122223333:user/bob"]}`), user, bound, nil, itself},
		"both ways":          {to(`{"AWS":["arn:aws:iam::111122223333:user/bob","111122223333"]}`), user, bound, nil, itself},
		"everybody":          {to(`"*"`), user, nil, nil, itself},
		"everybody of AWS":   {to(`{"AWS":"*"}`), user, nil, nil, itself},
		"role":               {to(roleOps), session, bound, nil, byRole},
		"role of before":     {to(roleOps), session, nil, nil, byRole},
		"another role of it": {to(roleOps), session, others, nil, policy.Trusted{}},
		"session":            {to(opsNight), session, bound, nil, itself},
		"session elsewhere":  {to(opsNight), cn, bound, nil, itself},
		"session of another": {to(opsNight), session, others, nil, policy.Trusted{}},
		"role and session":   {`[` + to(opsNight) + `,` + to(roleOps) + `]`, session, bound, nil, itself},
		"other session":      {to(`{"AWS":"arn:aws:sts::111122223333:assumed-role/ops/day"}`), session, bound, nil, policy.Trusted{}},
		"other action":       {`{"Effect":"Allow","Principal":"*","Action":"sts:TagSession"}`, user, nil, nil, policy.Trusted{}},
		"any action of sts":  {`{"Effect":"Allow","Principal":"*","Action":"sts:*"}`, user, nil, nil, itself},
		"denied":             {`[` + to(`"*"`) + `,{"Effect":"Deny","Principal":` + userBob + `,"Action":"sts:*"}]`, user, bound, nil, policy.Trusted{Effect: denied}},
		"another denied":     {`[` + to(`"*"`) + `,{"Effect":"Deny","Principal":` + userBob + `,"Action":"sts:*"}]`, user, others, nil, itself},
		"external ID": {`{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"s3"}}}`, user, nil,
			policy.Context{"sts:externalid": {"s3"}}, itself},
		"no external ID": {`{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"s3"}}}`, user, nil,
			nil, policy.Trusted{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := policy.DecideTrust(trusting(t, c.statement), c.ids, "sts:AssumeRole", c.asker, c.context); got != c.want {
				t.Errorf("trusted %+v, want %+v", got, c.want)
			}
		})
	}
}

// TestNamed: those whose IDs a trust policy is to be kept with.
func TestNamed(t *testing.T) {
	t.Parallel()
	d := trusting(t, `[{"Effect":"Allow","Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:root","arn:aws:iam::111122223333:user/bob"]},"Action":"sts:AssumeRole"},
		{"Effect":"Deny","Principal":{"AWS":["*","arn:aws-cn:iam::111122223333:user/bob","arn:aws:iam::444455556666:role/ops"]},"Action":"sts:AssumeRole"},
		{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::444455556666:assumed-role/ops/night"},"Action":"sts:AssumeRole"}]`)
	want := []policy.Named{{Account: "111122223333", Kind: "user", Name: "bob"}, {Account: "444455556666", Kind: "role", Name: "ops"}}
	if got := d.Named(); !slices.Equal(got, want) {
		t.Errorf("it names %v, want %v", got, want)
	}
}

func TestRefusedTrust(t *testing.T) {
	t.Parallel()
	for statement, want := range map[string]string{
		`{"Effect":"Allow","Action":"sts:AssumeRole"}`:                                                                 "says whom it trusts",
		`{"Effect":"Allow","Principal":"bob","Action":"sts:AssumeRole"}`:                                               "an object such as",
		`{"Effect":"Allow","Principal":{},"Action":"sts:AssumeRole"}`:                                                  "an object such as",
		`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`:                     "only principals of the kind AWS",
		`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/*"},"Action":"sts:AssumeRole"}`:          "is no principal",
		`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:group/x"},"Action":"sts:AssumeRole"}`:         "is no principal",
		`{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/x"},"Action":"sts:AssumeRole"}`:  "is no principal",
		`{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111122223333:user/x"},"Action":"sts:AssumeRole"}`:          "is no principal",
		`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:user/x"},"Action":"sts:AssumeRole"}`:                     "is no principal",
		`{"Effect":"Allow","Principal":"*","Action":"directconnect:*"}`:                                                "about actions of sts",
		`{"Effect":"Allow","Principal":"*","Action":"*"}`:                                                              "is no action",
		`{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}`:                                  "has no Resource",
		`{"Effect":"Allow","Principal":"*","Action":"sts:*","Condition":{"StringEquals":{"aws:RequestTag/team":"x"}}}`: "has no value where a role is assumed",
	} {
		_, err := policy.Parse(policy.Trust, []byte(`{"Statement":`+statement+`}`))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", statement, err, want)
		}
	}
}

// TestManaged: the two policies of AWS's, by its ARNs.
func TestManaged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		arn, action string
		want        policy.Effect
	}{
		{"arn:aws:iam::aws:policy/AWSDirectConnectFullAccess", "directconnect:DeleteLag", allow},
		{"arn:aws-cn:iam::aws:policy/AWSDirectConnectFullAccess", "directconnect:DescribeLags", allow},
		{"arn:aws:iam::aws:policy/AWSDirectConnectFullAccess", "sts:AssumeRole", silent},
		{"arn:aws:iam::aws:policy/AWSDirectConnectReadOnlyAccess", "directconnect:DescribeLags", allow},
		{"arn:aws:iam::aws:policy/AWSDirectConnectReadOnlyAccess", "directconnect:ListResiliencyGroups", allow},
		{"arn:aws:iam::aws:policy/AWSDirectConnectReadOnlyAccess", "directconnect:GetResiliencyGroup", allow},
		{"arn:aws:iam::aws:policy/AWSDirectConnectReadOnlyAccess", "directconnect:DeleteLag", silent},
		{"arn:aws:iam::aws:policy/AWSDirectConnectReadOnlyAccess", "directconnect:TagResource", silent},
	} {
		m, ok := policy.ManagedByARN(c.arn)
		if !ok {
			t.Fatalf("there is no %s", c.arn)
		}
		if got := policy.Decide([]policy.Policy{m.Policy}, &policy.Request{Action: c.action, Resource: "*"}); got.Effect != c.want {
			t.Errorf("%s: %s is %v, want %v", c.arn, c.action, got.Effect, c.want)
		}
	}
	for _, arn := range []string{"", "AWSDirectConnectFullAccess", "arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::111122223333:policy/AWSDirectConnectFullAccess"} {
		if _, ok := policy.ManagedByARN(arn); ok {
			t.Errorf("%q is a managed policy", arn)
		}
	}
}
