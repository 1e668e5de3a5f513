package policy_test

import (
	"strings"
	"testing"

	"onramp/internal/policy"
)

// TestRefusedDocuments: every mistake has a text that says what and where.
func TestRefusedDocuments(t *testing.T) {
	t.Parallel()
	with := func(statement string) string { return `{"Version":"2012-10-17","Statement":` + statement + `}` }
	in := func(inside string) string {
		return with(`{"Effect":"Allow","Action":"*","Resource":"*",` + inside + `}`)
	}
	for name, c := range map[string]struct{ text, want string }{
		"nothing":          {``, "the document is not valid JSON: unexpected EOF"},
		"cut off":          {`{"Version":"2012-10-17"`, "the document is not valid JSON"},
		"no JSON":          {`hello`, "the document is not valid JSON"},
		"a list":           {`[]`, "a policy document is a JSON object"},
		"goes on":          {with(`{"Effect":"Allow","Action":"*","Resource":"*"}`) + `x`, "goes on after its JSON"},
		"deep":             {in(`"Condition":` + strings.Repeat(`[`, 40) + strings.Repeat(`]`, 40)), "nested too deeply"},
		"version":          {`{"Version":"2026-01-01","Statement":[]}`, `Version: this must be "2012-10-17" or "2008-10-17"`},
		"id":               {`{"Id":7,"Statement":[]}`, "Id: this must be a string"},
		"element":          {`{"Statements":[]}`, `"Statements" is no element of a policy document`},
		"element's case":   {`{"version":"2012-10-17","Statement":[]}`, `"version" is no element`},
		"no statement":     {`{"Version":"2012-10-17"}`, "needs a Statement"},
		"empty":            {with(`[]`), "needs a Statement"},
		"not a statement":  {with(`["x"]`), "Statement[0]: a statement is a JSON object"},
		"twice":            {with(`{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}`), `Statement: "Effect" stands twice`},
		"same Sid":         {with(`[{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"}]`), `Statement[1]: the Sid "a" stands twice`},
		"Sid":              {in(`"Sid":"a b"`), "Statement.Sid: this must be letters and digits"},
		"effect":           {with(`{"Effect":"allow","Action":"*","Resource":"*"}`), `Statement.Effect: this must be "Allow" or "Deny"`},
		"no effect":        {with(`{"Action":"*","Resource":"*"}`), `Statement.Effect`},
		"no action":        {with(`{"Effect":"Allow","Resource":"*"}`), "Statement: Action or NotAction is required"},
		"both actions":     {in(`"NotAction":"*"`), "Action and NotAction exclude each other"},
		"empty actions":    {with(`{"Effect":"Allow","Action":[],"Resource":"*"}`), "Statement.Action: the list is empty"},
		"action's type":    {with(`{"Effect":"Allow","Action":[7],"Resource":"*"}`), "Statement.Action[0]: this must be a string"},
		"action":           {with(`{"Effect":"Allow","Action":"CreateLag","Resource":"*"}`), `"CreateLag" is no action`},
		"action's service": {with(`{"Effect":"Allow","Action":"direct*:CreateLag","Resource":"*"}`), `"direct*:CreateLag" is no action`},
		"no resource":      {with(`{"Effect":"Allow","Action":"*"}`), "Resource or NotResource is required"},
		"resource":         {with(`{"Effect":"Allow","Action":"*","Resource":"dxcon-ffabc123"}`), `"dxcon-ffabc123" is no resource`},
		"short ARN":        {with(`{"Effect":"Allow","Action":"*","Resource":"arn:aws:directconnect:*"}`), "is no resource"},
		"ARN's service":    {with(`{"Effect":"Allow","Action":"*","Resource":"arn:aws:*:*:*:*"}`), "is no resource"},
		"principal":        {in(`"Principal":"*"`), "has no Principal"},
		"not principal":    {in(`"NotPrincipal":"*"`), "NotPrincipal cannot be used here"},
		"statement member": {in(`"Conditions":{}`), `"Conditions" is no element of a statement`},
		"condition":        {in(`"Condition":[]`), "Statement.Condition: this is an object"},
		"operator":         {in(`"Condition":{"StringIs":{"aws:username":"x"}}`), `"StringIs" is no condition operator`},
		"set operator":     {in(`"Condition":{"ForSome:StringEquals":{"aws:TagKeys":"x"}}`), `"ForSome" is no set operator`},
		"null if exists":   {in(`"Condition":{"NullIfExists":{"aws:username":"true"}}`), "Null takes neither"},
		"null value":       {in(`"Condition":{"Null":{"aws:username":"x"}}`), "Null is true or false"},
		"no keys":          {in(`"Condition":{"StringEquals":{}}`), "an object of condition keys"},
		"key":              {in(`"Condition":{"StringEquals":{"aws:SourceVpc":"x"}}`), `"aws:SourceVpc" is no condition key that this server has a value for`},
		"tag without key":  {in(`"Condition":{"StringEquals":{"aws:RequestTag/":"x"}}`), "is no condition key"},
		"no values":        {in(`"Condition":{"StringEquals":{"aws:username":[]}}`), "the list is empty"},
		"value":            {in(`"Condition":{"StringEquals":{"aws:username":{}}}`), "a value must be a string, a number or a boolean"},
		"date":             {in(`"Condition":{"DateLessThan":{"aws:CurrentTime":"tomorrow"}}`), `"tomorrow" is not a date`},
		"address":          {in(`"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/33"}}`), `is not an IP address or a range`},
		"number":           {in(`"Condition":{"NumericEquals":{"aws:EpochTime":"x"}}`), "is not a number"},
		"bool":             {in(`"Condition":{"Bool":{"aws:SecureTransport":"yes"}}`), "is not true or false"},
		"arn":              {in(`"Condition":{"ArnLike":{"aws:PrincipalArn":"bob"}}`), "is not an ARN"},
		"variable":         {in(`"Condition":{"StringEquals":{"aws:username":"${aws:nobody}"}}`), "is no policy variable"},
		"open variable":    {in(`"Condition":{"StringEquals":{"aws:username":"${aws:username"}}`), "is not closed"},
		"default":          {in(`"Condition":{"StringEquals":{"aws:username":"${aws:username, x}"}}`), "in single quotes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := policy.Parse(policy.Identity, []byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v (%+v), want %q", err, d, c.want)
			}
		})
	}
}

// TestMentions: whether a decision needs the tags of a resource can be told from the document.
func TestMentions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`"Action":"*","Resource":"*"`: false,
		`"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/Env":"x"}}`:                              true,
		`"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/Env":"x"}}`:                               false,
		`"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:username":"${aws:ResourceTag/owner}"}}`:              true,
		`"Action":"*","Resource":"arn:aws:directconnect:*:*:dxcon/${aws:ResourceTag/id}"`:                                   true,
		`"Action":"*","Resource":"*","Condition":{"Null":{"aws:ResourceTag/x":"true"},"Bool":{"aws:SecureTransport":true}}`: true,
	} {
		if got := statement(t, text)[0].Mentions("aws:resourcetag/"); got != want {
			t.Errorf("%s mentions it: %v", text, got)
		}
	}
}

// FuzzParse: whatever is parsed can be evaluated, and an error is one that people can read.
func FuzzParse(f *testing.F) {
	for _, m := range policy.ManagedPolicies() {
		f.Add([]byte(m.Text), "directconnect:CreateLag", con)
	}
	f.Add([]byte(`{"Statement":{"Effect":"Deny","NotAction":"a:?*?","NotResource":"arn:*:a:*:${*}:*","Condition":{"ForAllValues:StringLike":{"aws:TagKeys":["*?*"]}}}}`), "a:b", "*")
	f.Add([]byte(`{"Statement":{"Effect":"Allow","Principal":{"AWS":["111122223333","*"]},"Action":"sts:AssumeRole"}}`), "sts:AssumeRole", "*")
	f.Fuzz(func(t *testing.T, text []byte, action, resource string) {
		for _, kind := range []policy.Kind{policy.Identity, policy.Trust} {
			d, err := policy.Parse(kind, text)
			if err != nil {
				if err.Error() == "" {
					t.Fatal("an error without a text")
				}
				continue
			}
			c := bob(context{"aws:tagkeys": {"a", action}})
			policy.Decide([]policy.Policy{{Document: d}}, &policy.Request{Action: action, Resource: resource, Context: c})
			policy.DecideTrust(d, nil, action, policy.Asker{Named: policy.Named{Account: "111122223333", Kind: "role", Name: "x"}, Session: resource}, c)
		}
	})
}
