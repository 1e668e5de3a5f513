package policy_test

import (
	"testing"

	"onramp/internal/policy"
)

// TestPossible: what may yet be allowed is offered, what is denied whatever is said is not.
func TestPossible(t *testing.T) {
	t.Parallel()
	const anyCon = "arn:aws:directconnect:us-east-1:111122223333:dxcon/*"
	tags := []string{"aws:requesttag/", "aws:tagkeys"}
	known := context{"aws:resourcetag/env": {"test"}}
	for _, c := range []struct {
		name     string
		policy   []string
		action   string
		resource string
		unchosen bool
		unsaid   []string
		context  context
		want     bool
	}{
		{"nothing allows", one(`"Action":"directconnect:Describe*","Resource":"*"`), "CreateLag", none, true, nil, nil, false},
		{"allowed", one(`"Action":"*","Resource":"*"`), "CreateLag", none, true, nil, nil, true},
		{"denied", []string{`"Action":"*","Resource":"*"`, `{"Effect":"Deny","Action":"directconnect:Create*","Resource":"*"}`}, "CreateLag", none, true, nil, nil, false},
		{"allowed on this one", one(`"Action":"*","Resource":"` + con + `"`), "DeleteConnection", con, false, nil, nil, true},
		{"allowed on another", one(`"Action":"*","Resource":"` + con + `"`), "DeleteConnection", lag, false, nil, nil, false},
		{"allowed on one that may be chosen", one(`"Action":"*","Resource":"` + con + `"`), "DeleteConnection", anyCon, true, nil, nil, true},
		{"one that may be chosen is denied", []string{`"Action":"*","Resource":"*"`, `{"Effect":"Deny","Action":"*","Resource":"` + con + `"}`}, "DeleteConnection", anyCon, true, nil, nil, true},
		{"all that may be chosen are denied", []string{`"Action":"*","Resource":"*"`, `{"Effect":"Deny","Action":"*","Resource":"` + anyCon + `"}`}, "DeleteConnection", anyCon, true, nil, nil, false},
		{"all but one are denied", []string{`"Action":"*","Resource":"*"`, `{"Effect":"Deny","Action":"*","NotResource":"` + con + `"}`}, "DeleteConnection", anyCon, true, nil, nil, true},
		{"with a tag that is not said yet", when(`"StringEquals":{"aws:RequestTag/team":"net"}`), "CreateConnection", none, true, tags, nil, true},
		{"without a tag, which is not said yet", unless(`"Null":{"aws:RequestTag/team":"true"}`), "CreateConnection", none, true, tags, nil, true},
		{"keys that are not said yet", unless(`"ForAnyValue:StringNotEquals":{"aws:TagKeys":"team"}`), "CreateConnection", none, true, tags, nil, true},
		{"a value that is not said yet", when(`"StringEquals":{"aws:username":"${aws:RequestTag/owner}"}`), "CreateConnection", none, true, tags, nil, true},
		{"a tag of the resource", when(`"StringEquals":{"aws:ResourceTag/env":"prod"}`), "DeleteConnection", con, false, tags, known, false},
		{"a tag of one that may be chosen", when(`"StringEquals":{"aws:ResourceTag/env":"prod"}`), "DeleteConnection", anyCon, true, append(tags, "aws:resourcetag/"), nil, true},
		{"from elsewhere", when(`"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}`), "CreateLag", none, true, tags, nil, false},
		{"denied from here", unless(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), "CreateLag", none, true, tags, nil, false},
	} {
		q := &policy.Prospect{
			Request: policy.Request{Action: "directconnect:" + c.action, Resource: c.resource, Context: bob(c.context)}, Unchosen: c.unchosen, Unsaid: c.unsaid,
		}
		if got := policy.Possible(statement(t, c.policy...), q); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
