package policy_test

import (
	"strings"
	"testing"

	"onramp/internal/policy"
)

// The resources and the contexts of the cases.
const (
	con   = "arn:aws:directconnect:us-east-1:111122223333:dxcon/dxcon-ffabc123"
	lag   = "arn:aws:directconnect:us-east-1:111122223333:dxlag/dxlag-ffabc123"
	vif   = "arn:aws:directconnect:eu-west-1:111122223333:dxvif/dxvif-ffabc123"
	gw    = "arn:aws:directconnect::111122223333:dx-gateway/5f294f92-bafb-4011-916d-9b0bd0a3d1a1"
	alien = "arn:aws:directconnect:us-east-1:444455556666:dxcon/dxcon-ffabc123"
	none  = "*"
)

type context = policy.Context

// bob is the context of an ordinary request of a user.
func bob(more context) context {
	c := context{
		"aws:username": {"bob"}, "aws:userid": {"AIDABOB"}, "aws:principalarn": {"arn:aws:iam::111122223333:user/bob"},
		"aws:principalaccount": {"111122223333"}, "aws:principaltype": {"User"}, "aws:sourceip": {"203.0.113.7"},
		"aws:currenttime": {"2026-03-02T09:00:00Z"}, "aws:epochtime": {"1772442000"}, "aws:requestedregion": {"us-east-1"},
		"aws:securetransport": {"false"}, "aws:useragent": {"aws-cli/2.0"},
	}
	for key, values := range more {
		c[key] = values
	}
	return c
}

// statement makes a document of statements; a text without braces is the inside of one that allows.
func statement(t *testing.T, texts ...string) []policy.Policy {
	t.Helper()
	var all []policy.Policy
	for _, text := range texts {
		if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
			text = `{"Effect":"Allow",` + text + `}`
		}
		d, err := policy.Parse(policy.Identity, []byte(`{"Version":"2012-10-17","Statement":`+text+`}`))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		all = append(all, policy.Policy{Name: "test", Document: d})
	}
	return all
}

const (
	allow  = policy.Allow
	denied = policy.ExplicitDeny
	silent = policy.ImplicitDeny
)

type decisionCase struct {
	name     string
	policy   []string
	action   string
	resource string
	context  context
	want     policy.Effect
}

func run(t *testing.T, cases []decisionCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := &policy.Request{Action: "directconnect:" + c.action, Resource: c.resource, Context: bob(c.context)}
			if got := policy.Decide(statement(t, c.policy...), r); got.Effect != c.want {
				t.Errorf("%s on %s is %v, want %v", c.action, c.resource, got.Effect, c.want)
			}
		})
	}
}

func one(text string) []string { return []string{text} }

// TestElements: effects, actions and resources.
func TestElements(t *testing.T) {
	t.Parallel()
	const everything = `"Action":"*","Resource":"*"`
	const no = `{"Effect":"Deny","Action":"directconnect:Delete*","Resource":"*"}`
	run(t, []decisionCase{
		{"nothing allows", nil, "CreateLag", none, nil, silent},
		{"all", one(everything), "CreateLag", none, nil, allow},
		{"exact", one(`"Action":"directconnect:CreateLag","Resource":"*"`), "CreateLag", none, nil, allow},
		{"other action", one(`"Action":"directconnect:CreateLag","Resource":"*"`), "DeleteLag", lag, nil, silent},
		{"any case", one(`"Action":"DirectConnect:createlag","Resource":"*"`), "CreateLag", none, nil, allow},
		{"other service", one(`"Action":"ec2:*","Resource":"*"`), "CreateLag", none, nil, silent},
		{"star at the end", one(`"Action":"directconnect:Describe*","Resource":"*"`), "DescribeLags", none, nil, allow},
		{"star in the middle", one(`"Action":"directconnect:*VirtualInterface","Resource":"*"`), "CreatePublicVirtualInterface", con, nil, allow},
		{"star that ends too soon", one(`"Action":"directconnect:*Virtual","Resource":"*"`), "CreatePublicVirtualInterface", con, nil, silent},
		{"question marks", one(`"Action":"directconnect:DeleteL??","Resource":"*"`), "DeleteLag", lag, nil, allow},
		{"one question mark too many", one(`"Action":"directconnect:DeleteL???","Resource":"*"`), "DeleteLag", lag, nil, silent},
		{"list of actions", one(`"Action":["directconnect:CreateLag","directconnect:DeleteLag"],"Resource":"*"`), "DeleteLag", lag, nil, allow},
		{"not action", one(`"NotAction":"directconnect:Delete*","Resource":"*"`), "CreateLag", none, nil, allow},
		{"not action, that one", one(`"NotAction":"directconnect:Delete*","Resource":"*"`), "DeleteLag", lag, nil, silent},
		{"not action of another service", one(`"NotAction":["iam:*","directconnect:Tag*"],"Resource":"*"`), "DeleteLag", lag, nil, allow},

		{"explicit deny", []string{everything, no}, "DeleteLag", lag, nil, denied},
		{"explicit deny comes first", []string{no, everything}, "DeleteLag", lag, nil, denied},
		{"explicit deny of others", []string{everything, no}, "CreateLag", none, nil, allow},
		{"deny in one document", one(`[{"Effect":"Allow","Action":"*","Resource":"*"},` + no + `]`), "DeleteLag", lag, nil, denied},
		{"deny alone", one(no), "CreateLag", none, nil, silent},
		{"deny by not action", []string{everything, `{"Effect":"Deny","NotAction":"directconnect:Describe*","Resource":"*"}`}, "CreateLag", none, nil, denied},
		{"deny one resource", []string{everything, `{"Effect":"Deny","Action":"*","Resource":"` + con + `"}`}, "DeleteConnection", con, nil, denied},
		{"deny another resource", []string{everything, `{"Effect":"Deny","Action":"*","Resource":"` + con + `"}`}, "DeleteLag", lag, nil, allow},

		{"resource", one(`"Action":"*","Resource":"` + con + `"`), "DeleteConnection", con, nil, allow},
		{"other resource", one(`"Action":"*","Resource":"` + con + `"`), "DeleteLag", lag, nil, silent},
		{"same resource of another account", one(`"Action":"*","Resource":"` + con + `"`), "DeleteConnection", alien, nil, silent},
		{"any account", one(`"Action":"*","Resource":"arn:aws:directconnect:us-east-1:*:dxcon/*"`), "DeleteConnection", alien, nil, allow},
		{"any of a type", one(`"Action":"*","Resource":"arn:aws:directconnect:*:*:dxvif/*"`), "DeleteVirtualInterface", vif, nil, allow},
		{"other Region", one(`"Action":"*","Resource":"arn:aws:directconnect:us-east-1:*:dxvif/*"`), "DeleteVirtualInterface", vif, nil, silent},
		{"no Region", one(`"Action":"*","Resource":"arn:aws:directconnect::111122223333:dx-gateway/*"`), "DeleteDirectConnectGateway", gw, nil, allow},
		{"other partition", one(`"Action":"*","Resource":"arn:aws-cn:directconnect:*:*:dxcon/*"`), "DeleteConnection", con, nil, silent},
		{"no star over a colon", one(`"Action":"*","Resource":"arn:aws:directconnect:*:*:*"`), "DeleteConnection", con, nil, allow},
		{"a star for two parts", one(`"Action":"*","Resource":"arn:aws:directconnect:us-*:dxcon:x/*"`), "DeleteConnection", con, nil, silent},
		{"resources are case-sensitive", one(`"Action":"*","Resource":"arn:aws:directconnect:us-east-1:111122223333:dxcon/DXCON-*"`), "DeleteConnection", con, nil, silent},
		{"an ARN for no resource", one(`"Action":"*","Resource":"arn:aws:directconnect:*:*:dxlag/*"`), "DescribeLocations", none, nil, silent},
		{"not resource", one(`"Action":"*","NotResource":"` + lag + `"`), "DeleteConnection", con, nil, allow},
		{"not resource, that one", one(`"Action":"*","NotResource":"` + con + `"`), "DeleteConnection", con, nil, silent},
		{"what is made", one(`"Action":"directconnect:TagResource","Resource":"arn:aws:directconnect:*:*:dxcon/*"`), "TagResource", "arn:aws:directconnect:us-east-1:111122223333:dxcon/*", nil, allow},
		{"what is made, one named", one(`"Action":"directconnect:TagResource","Resource":"` + con + `"`), "TagResource", "arn:aws:directconnect:us-east-1:111122223333:dxcon/*", nil, silent},

		{"variable", one(`"Action":"*","Resource":"arn:aws:directconnect:*:${aws:PrincipalAccount}:dxcon/*"`), "DeleteConnection", con, nil, allow},
		{"variable of another account", one(`"Action":"*","Resource":"arn:aws:directconnect:*:${aws:PrincipalAccount}:dxcon/*"`), "DeleteConnection", alien, nil, silent},
		{"variable without a value", one(`"Action":"*","Resource":"arn:aws:directconnect:*:*:dxcon/${aws:RequestTag/x}"`), "DeleteConnection", con, nil, silent},
		{"variable with a default", one(`"Action":"*","Resource":"arn:aws:directconnect:*:*:dxcon/${aws:RequestTag/x, 'dxcon-ffabc123'}"`), "DeleteConnection", con, nil, allow},
		{"a value is no wildcard", one(`"Action":"*","Resource":"arn:aws:directconnect:*:*:dxcon/${aws:RequestTag/x}"`), "DeleteConnection", con, context{"aws:requesttag/x": {"*"}}, silent},
		{"a written star", one(`"Action":"*","Resource":"arn:aws:directconnect:*:*:dxcon/${*}"`), "DeleteConnection", con, nil, silent},
	})
}

// TestOlderLanguage: variables are of the newer one.
func TestOlderLanguage(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]policy.Effect{"2008-10-17": silent, "2012-10-17": allow} {
		d, err := policy.Parse(policy.Identity, []byte(`{"Version":"`+version+`","Statement":{"Effect":"Allow","Action":"*","Resource":"*",
			"Condition":{"StringEquals":{"aws:RequestTag/owner":"${aws:username}"}}}}`))
		if err != nil {
			t.Fatal(err)
		}
		r := &policy.Request{Action: "directconnect:CreateLag", Resource: none, Context: bob(context{"aws:requesttag/owner": {"bob"}})}
		if got := policy.Decide([]policy.Policy{{Document: d}}, r); got.Effect != want {
			t.Errorf("in %s it is %v, want %v", version, got.Effect, want)
		}
	}
}

// TestWhatDecided: a decision names the statement that it rests on.
func TestWhatDecided(t *testing.T) {
	t.Parallel()
	policies := statement(t, `[{"Sid":"Read","Effect":"Allow","Action":"directconnect:Describe*","Resource":"*"},
		{"Sid":"All","Effect":"Allow","Action":"*","Resource":"*"}]`, `{"Sid":"No","Effect":"Deny","Action":"directconnect:Delete*","Resource":"*"}`)
	policies[1].Name = "second"
	for action, want := range map[string]policy.Decision{
		"directconnect:DescribeLags": {Effect: allow, Policy: "test", SID: "Read"},
		"directconnect:CreateLag":    {Effect: allow, Policy: "test", Statement: 1, SID: "All"},
		"directconnect:DeleteLag":    {Effect: denied, Policy: "second", SID: "No"},
	} {
		if got := policy.Decide(policies, &policy.Request{Action: action, Resource: none}); got != want {
			t.Errorf("%s: %+v, want %+v", action, got, want)
		}
	}
	if got := policy.Decide(nil, &policy.Request{Action: "x:y", Resource: none}); got != (policy.Decision{}) {
		t.Errorf("without policies: %+v", got)
	}
}
