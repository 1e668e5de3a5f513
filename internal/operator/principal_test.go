package operator_test

import (
	"fmt"
	"strings"
	"testing"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
)

const everything = `{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}`

// trusting is a trust policy as a string inside JSON.
func trusting(arn string) string {
	return `{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"` + arn + `\"},\"Action\":\"sts:AssumeRole\"}}`
}

func TestPrincipals(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Account("123456789012", directconnect.NonPartner))
	const account = "/v1/accounts/123456789012"
	const users, roles = account + "/users", account + "/roles"
	steps(t, srv, []step{
		{"none yet", "GET", users, "", 200, "[]"},
		{"unknown account", "GET", "/v1/accounts/210987654321/users", "", 404, "There is no account"},
		{"no name", "POST", users, "{}", 400, "is not a name of a user"},
		{"unknown member", "POST", users, `{"name":"bob","color":"red"}`, 400, "unknown field"},
		{"unknown policy", "POST", users, `{"name":"bob","attach":["none"]}`, 404, "has no policy"},
		{"of a role", "POST", users, `{"name":"bob","trust":"{}"}`, 400, "A user has no trust policy"},
		{"none of these was added", "GET", users, "", 200, "[]"},
		{"added", "POST", users, `{"name":"bob","attach":["AWSDirectConnectReadOnlyAccess"]}`, 201,
			`"arn":"arn:aws:iam::123456789012:user/bob"`},
		{"added twice", "POST", users, `{"name":"BOB"}`, 409, "There is a user BOB already"},
		{"shown", "GET", users + "/Bob", "", 200, `"attached":["arn:aws:iam::aws:policy/AWSDirectConnectReadOnlyAccess"]`},
		{"not shown", "GET", users + "/eve", "", 404, "has no user"},
		{"name changed", "PATCH", users + "/bob", `{"name":"eve"}`, 400, "cannot be changed"},
		{"made an operator", "PATCH", users + "/bob", `{"operator":true}`, 200, `"operator":true`},
		{"nothing attached", "POST", users + "/bob/attach", `{}`, 404, "has no policy"},
		{"attached", "POST", users + "/bob/attach", `{"policy":"arn:aws:iam::aws:policy/AWSDirectConnectFullAccess"}`, 200, "FullAccess"},
		{"detached", "POST", users + "/bob/detach", `{"policy":"AWSDirectConnectFullAccess"}`, 200, `"attached":["arn:aws:iam::aws:policy/AWSDirectConnectReadOnlyAccess"]`},
		{"detached twice", "POST", users + "/bob/detach", `{"policy":"AWSDirectConnectFullAccess"}`, 404, "does not have the policy"},
		{"no document", "PUT", users + "/bob/policies/own", `{}`, 400, "the policy document as text"},
		{"bad document", "PUT", users + "/bob/policies/own", `{"document":"{}"}`, 400, "needs a Statement"},
		{"long document", "PUT", users + "/bob/policies/own", `{"document":"` + strings.Repeat("x", 10241) + `"}`, 400, "at most 10240"},
		{"own policy", "PUT", users + "/bob/policies/own", `{"document":"` + everything + `"}`, 200, `"policies":{"own":"{`},
		{"own policy gone", "DELETE", users + "/bob/policies/own", "", 200, `"name":"bob"`},
		{"own policy gone twice", "DELETE", users + "/bob/policies/own", "", 404, "has no policy"},
		{"key of nobody", "POST", account + "/access-keys", `{"user":"eve"}`, 404, "has no user"},
		{"key", "POST", account + "/access-keys", `{"id":"AKIABOB","secret":"0123456789abcdef","user":"bob"}`, 201, `"user":"bob"`},
		{"second key", "POST", account + "/access-keys", `{"id":"AKIABOB2","secret":"0123456789abcdef","user":"BOB"}`, 201, `"user":"bob"`},
		{"third key", "POST", account + "/access-keys", `{"user":"bob"}`, 409, "The user bob has 2 access keys, and can have no more: remove one first."},
		{"second key disabled", "POST", account + "/access-keys/AKIABOB2/disable", "", 200, `"disabled":true`},
		{"which counts as well", "POST", account + "/access-keys", `{"user":"bob"}`, 409, "can have no more"},
		{"second key removed", "DELETE", account + "/access-keys/AKIABOB2", "", 204, ""},
		{"keys shown", "GET", users + "/bob", "", 200, `"accessKeys":[{"id":"AKIABOB"`},

		{"role without trust", "POST", roles, `{"name":"ops"}`, 400, "A role needs a trust policy"},
		{"role with bad trust", "POST", roles, `{"name":"ops","trust":"` + everything + `"}`, 400, "a trust policy has no Resource"},
		{"operator role", "POST", roles, `{"name":"ops","operator":true,"trust":"x"}`, 400, "Only users can be operators"},
		{"role", "POST", roles, `{"name":"ops","trust":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"}}"}`, 201, `"maxSessionSeconds":3600`},
		{"trusting nobody", "POST", roles, `{"name":"x","trust":"` + trusting("arn:aws:iam::123456789012:user/eve") + `"}`, 400, `account 123456789012 has no user \"eve\" that could be trusted`},
		{"misspelt", "POST", roles, `{"name":"x","trust":"` + trusting("arn:aws:iam::123456789012:user/BOB") + `"}`, 400, `has no user \"BOB\"`},
		{"an unknown role's session", "POST", roles, `{"name":"x","trust":"` + trusting("arn:aws:sts::123456789012:assumed-role/x/y") + `"}`, 400, `has no role \"x\"`},
		{"not in another account", "PATCH", roles + "/ops", `{"trust":"` + trusting("arn:aws:iam::210987654321:user/bob") + `"}`, 400, `account 210987654321 has no user`},
		{"trusting bob", "PATCH", roles + "/ops", `{"trust":"` + trusting("arn:aws:iam::123456789012:user/bob") + `"}`, 200, `user/bob`},
		{"who is there", "GET", roles + "/ops", "", 200, `"maxSessionSeconds":3600}`},
		{"bob is removed", "DELETE", users + "/bob", "", 204, ""},
		{"whom it trusted", "GET", roles + "/ops", "", 200, `"trustLost":{"arn:aws:iam::123456789012:user/bob":"AIDA`},
		{"another bob", "POST", users, `{"name":"bob"}`, 201, `"name":"bob"`},
		{"is not trusted", "GET", roles + "/ops", "", 200, `"trustLost":{"arn:aws:iam::123456789012:user/bob":"AIDA`},
		{"until it is said", "PATCH", roles + "/ops", `{"trust":"` + trusting("arn:aws:iam::123456789012:user/bob") + `"}`, 200, `user/bob`},
		{"nobody is lost", "GET", roles + "/ops", "", 200, `"maxSessionSeconds":3600}`},
		{"longer sessions", "PATCH", roles + "/ops", `{"maxSessionSeconds":7200}`, 200, `"maxSessionSeconds":7200`},
		{"too long sessions", "PATCH", roles + "/ops", `{"maxSessionSeconds":50000}`, 400, "1 to 12 hours"},
		{"revoked", "PATCH", roles + "/ops", `{"revoke":true}`, 200, `"revoked":"20`},
		{"roles", "GET", roles, "", 200, `[{"name":"ops"`},
		{"removed", "DELETE", roles + "/ops", "", 204, ""},
		{"removed twice", "DELETE", roles + "/ops", "", 404, "has no role"},
		{"user removed", "DELETE", users + "/bob", "", 204, ""},
		{"its keys are gone", "GET", account + "/access-keys", "", 200, "[]"},
	})
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Account("123456789012", directconnect.NonPartner))
	const account = "/v1/accounts/123456789012"
	const policies = account + "/policies"
	check := func(inside string) string {
		return fmt.Sprintf(`{"action":"directconnect:CreateLag",%s}`, inside)
	}
	steps(t, srv, []step{
		{"every account's", "GET", policies, "", 200, `[{"name":"AWSDirectConnectFullAccess","arn":"arn:aws:iam::aws:policy/AWSDirectConnectFullAccess","managed":true`},
		{"one of those", "GET", policies + "/arn:aws:iam::aws:policy%2FAWSDirectConnectReadOnlyAccess", "", 200, `directconnect:Describe*`},
		{"bad name", "POST", policies, `{"name":"a b","document":"` + everything + `"}`, 400, "is not a name of a policy"},
		{"bad document", "POST", policies, `{"name":"net","document":"[]"}`, 400, "a policy document is a JSON object"},
		{"managed name", "POST", policies, `{"name":"AWSDirectConnectFullAccess","document":"` + everything + `"}`, 409, "Every account has the policy AWSDirectConnectFullAccess"},
		{"managed name in small letters", "POST", policies, `{"name":"awsdirectconnectreadonlyaccess","document":"` + everything + `"}`, 409, "Every account has the policy AWSDirectConnectReadOnlyAccess"},
		{"managed changed", "PUT", policies + "/AWSDirectConnectFullAccess", `{"document":"` + everything + `"}`, 409, "Every account has the policy AWSDirectConnectFullAccess"},
		{"managed removed", "DELETE", policies + "/AWSDirectConnectFullAccess", "", 409, "Every account has the policy AWSDirectConnectFullAccess"},
		{"added", "POST", policies, `{"name":"net","document":"` + everything + `"}`, 201, `"arn":"arn:aws:iam::123456789012:policy/net"`},
		{"added twice", "POST", policies, `{"name":"NET","document":"` + everything + `"}`, 409, "There is a policy net already"},
		{"changed", "PUT", policies + "/net", `{"document":"` + everything + `"}`, 200, `"name":"net"`},
		{"another changed", "PUT", policies + "/other", `{"document":"` + everything + `"}`, 404, "has no policy"},
		{"another account's", "GET", policies + "/arn:aws:iam::210987654321:policy%2Fnet", "", 404, "There is no policy"},
		{"attached", "POST", account + "/users", `{"name":"bob","attach":["net"]}`, 201, "policy/net"},
		{"who has it", "GET", policies + "/net", "", 200, `"attachedTo":["arn:aws:iam::123456789012:user/bob"]`},
		{"removed too early", "DELETE", policies + "/net", "", 409, "attached to the user bob"},
		{"allowed", "POST", account + "/policy-check", check(`"user":"bob"`), 200, `{"decision":"allowed","principal":"arn:aws:iam::123456789012:user/bob","policy":"arn:aws:iam::123456789012:policy/net","statement":0}`},
		{"in any case", "POST", account + "/policy-check", `{"action":"DirectConnect:createlag","user":"bob"}`, 200, `"decision":"allowed"`},
		{"of STS", "POST", account + "/policy-check", `{"action":"sts:AssumeRole","user":"bob"}`, 200, `"decision":"allowed"`},
		{"misspelt", "POST", account + "/policy-check", `{"action":"directconnect:DeletLag","user":"bob"}`, 400, `There is no operation \"directconnect:DeletLag\".`},
		{"of no service", "POST", account + "/policy-check", `{"action":"ec2:DescribeVpnGateways","user":"bob"}`, 400, `There is no operation \"ec2:DescribeVpnGateways\".`},
		{"of many", "POST", account + "/policy-check", `{"action":"directconnect:*","user":"bob"}`, 400, `There is no operation \"directconnect:*\".`},
		{"not of STS", "POST", account + "/policy-check", `{"action":"sts:CreateLag","user":"bob"}`, 400, "There is no operation"},
		{"of everybody", "POST", account + "/policy-check", `{"action":"sts:GetCallerIdentity","user":"bob"}`, 400, "Everybody may ask for sts:GetCallerIdentity, whatever policies say."},
		{"misspelt, of a document", "POST", account + "/policy-check", `{"action":"directconnect:DeletLag","document":"` + everything + `"}`, 400, "There is no operation"},
		{"by nobody", "POST", account + "/policy-check", check(`"user":"eve"`), 404, "has no user"},
		{"by two", "POST", account + "/policy-check", check(`"user":"bob","role":"x"`), 400, "Say one of"},
		{"by a bad document", "POST", account + "/policy-check", check(`"document":"{}"`), 400, "needs a Statement"},
		{"removed", "POST", account + "/users/bob/detach", `{"policy":"net"}`, 200, `"attached":[]`},
		{"then gone", "DELETE", policies + "/net", "", 204, ""},
		{"gone", "GET", policies + "/net", "", 404, "has no policy"},
	})
}
