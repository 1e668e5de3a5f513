package policy_test

import (
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
	user := policy.Asker{Account: "111122223333", ARNs: []string{"arn:aws:iam::111122223333:user/bob"}}
	session := policy.Asker{Account: "111122223333", ARNs: []string{
		"arn:aws:iam::111122223333:role/ops", "arn:aws:sts::111122223333:assumed-role/ops/night"}}
	cn := policy.Asker{Account: "111122223333", ARNs: []string{"arn:aws-cn:iam::111122223333:user/bob"}}
	to := func(principal string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"}`
	}
	byName, byAccount := policy.Trusted{Effect: allow, ByName: true}, policy.Trusted{Effect: allow}
	for name, c := range map[string]struct {
		statement string
		asker     policy.Asker
		context   policy.Context
		want      policy.Trusted
	}{
		"account":            {to(`{"AWS":"111122223333"}`), user, nil, byAccount},
		"root of an account": {to(`{"AWS":"arn:aws:iam::111122223333:root"}`), user, nil, byAccount},
		"other account":      {to(`{"AWS":"444455556666"}`), user, nil, policy.Trusted{}},
		"user":               {to(`{"AWS":"arn:aws:iam::111122223333:user/bob"}`), user, nil, byName},
		"user elsewhere":     {to(`{"AWS":"arn:aws:iam::111122223333:user/bob"}`), cn, nil, byName},
		"other user":         {to(`{"AWS":"arn:aws:iam::111122223333:user/eve"}`), user, nil, policy.Trusted{}},
		"one of":             {to(`{"AWS":["444455556666","arn:aws:iam::111122223333:user/bob"]}`), user, nil, byName},
		"everybody":          {to(`"*"`), user, nil, byAccount},
		"everybody of AWS":   {to(`{"AWS":"*"}`), user, nil, byAccount},
		"role":               {to(`{"AWS":"arn:aws:iam::111122223333:role/ops"}`), session, nil, byName},
		"session":            {to(`{"AWS":"arn:aws:sts::111122223333:assumed-role/ops/night"}`), session, nil, byName},
		"other session":      {to(`{"AWS":"arn:aws:sts::111122223333:assumed-role/ops/day"}`), session, nil, policy.Trusted{}},
		"other action":       {`{"Effect":"Allow","Principal":"*","Action":"sts:TagSession"}`, user, nil, policy.Trusted{}},
		"any action of sts":  {`{"Effect":"Allow","Principal":"*","Action":"sts:*"}`, user, nil, byAccount},
		"denied":             {`[` + to(`"*"`) + `,{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:user/bob"},"Action":"sts:*"}]`, user, nil, policy.Trusted{Effect: denied}},
		"external ID": {`{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"s3"}}}`, user,
			policy.Context{"sts:externalid": {"s3"}}, byAccount},
		"no external ID": {`{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"s3"}}}`, user,
			nil, policy.Trusted{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := policy.DecideTrust(trusting(t, c.statement), "sts:AssumeRole", c.asker, c.context); got != c.want {
				t.Errorf("trusted %+v, want %+v", got, c.want)
			}
		})
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
