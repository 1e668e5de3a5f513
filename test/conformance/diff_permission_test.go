package conformance

import (
	"net/http"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/controlplane"
	"onramp/internal/operator"
)

// TestPermissionsAreAskedFirst: who may not do a thing is not told whether there is one, and names it as its own.
func TestPermissionsAreAskedFirst(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	eve := w.user(t, alice, "eve", `{"Effect":"Allow","Action":"directconnect:Describe*","Resource":"*"}`)
	others := w.as(t, bob).order(t, ashburn, "1Gbps", "x")
	for _, id := range []string{others, "dxcon-ffnobody", "not an ID"} {
		refused(eve.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t, denied,
			notAllowed("eve", "DeleteConnection", "arn:aws:directconnect:us-east-1:"+alice+":dxcon/"+id))
	}
	// Tags of others' things are not looked at: a user of bob's may not reach alice's by a tag that alice has put on hers.
	tagged := w.user(t, bob, "vic", `{"Effect":"Allow","Action":"directconnect:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/open":"yes"}}}`)
	id := w.as(t, alice).order(t, ashburn, "1Gbps", "y")
	got(w.as(t, alice).tag(t, arn(id), "open", "yes"))(t)
	if x := tagged.send("DeleteConnection", `{"connectionId":"`+id+`"}`); !strings.Contains(x.body, denied) {
		t.Errorf("HTTP %d %s", x.status, x.body)
	}
	// A list of which nothing was chosen is no resource in particular; what is not said although it must be is of its type.
	chosen := w.user(t, alice, "ann", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:directconnect:*:*:dxcon/*"}`)
	refused(chosen.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{}))(t, denied, notAllowed("ann", "DescribeConnections", "*"))
	chosen.send("DeleteConnection", "{}").is(t, http.StatusBadRequest, client, "connectionId is required.")
}

// TestAssociationsStandForTheirGateways: an association named by its ID needs the permission for its gateway.
func TestAssociationsStandForTheirGateways(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	root := w.as(t, alice)
	const far = "vgw-0123456789abcdef0"
	if _, err := w.service.AddFarGateway(t.Context(), far, alice, eastern, 65001, []string{"10.9.0.0/16"}); err != nil {
		t.Fatal(err)
	}
	closed, open := root.gateway(t, "closed"), root.gateway(t, "open", 64513)
	first := root.joined(t, closed, far)
	eve := w.user(t, alice, "eve", fullAccess, `{"Effect":"Deny","Action":"directconnect:Delete*","Resource":"arn:aws:directconnect::*:dx-gateway/`+closed+`"}`)
	refused(eve.separate(t, first))(t, denied, explicitly("eve", "DeleteDirectConnectGatewayAssociation", "arn:aws:directconnect::"+alice+":dx-gateway/"+closed))
	refused(eve.deleteGateway(t, closed))(t, denied, explicitly("eve", "DeleteDirectConnectGateway", "arn:aws:directconnect::"+alice+":dx-gateway/"+closed))
	got(eve.deleteGateway(t, open))(t)
}

// TestPermissionsGoByTheRealClock: however far the clock of the orders is turned, sessions live and conditions hold as in the
// real world.
func TestPermissionsGoByTheRealClock(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	tomorrow := time.Now().Add(24 * time.Hour).UTC().Format(time.RFC3339)
	eve := w.user(t, alice, "eve", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"`+tomorrow+`"},"IpAddress":{"aws:SourceIp":"127.0.0.0/8"}}}`)
	w.role(t, alice, "ops", "arn:aws:iam::"+alice+":user/eve", readOnly)
	session := eve.assume(t, roleARN(alice, "ops"))
	w.turn(20 * 365 * 24 * time.Hour)
	got(eve.DescribeLags(t.Context(), &dc.DescribeLagsInput{}))(t)
	got(session.DescribeLags(t.Context(), &dc.DescribeLagsInput{}))(t)
	late := w.user(t, alice, "late", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"`+tomorrow+`"}}}`)
	refused(late.DescribeLags(t.Context(), &dc.DescribeLagsInput{}))(t, denied, notAllowed("late", "DescribeLags", "*"))
	abroad := w.user(t, alice, "abroad", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"127.0.0.0/8"}}}`)
	r := abroad.request(t, "DescribeLags", "{}")
	r.Header.Set("Forwarded", "for=203.0.113.7")
	abroad.do(t, r).is(t, http.StatusBadRequest, denied, notAllowed("abroad", "DescribeLags", "*"))
}

// TestUnknownConditionKeys: a policy with a key that never has a value here is refused when it is written.
func TestUnknownConditionKeys(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	_, err := w.server.Operator().AddPolicy(t.Context(), alice, "x",
		`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}}}`)
	const want = `The policy document is not valid: Statement.Condition.StringNotEquals.aws:SourceVpc: "aws:SourceVpc" is no condition key that this server has a value for.`
	if err == nil || err.Error() != want {
		t.Errorf("it was answered with %v", err)
	}
}

// TestWhatTokensCannotDo: what would be passed over is refused.
func TestWhatTokensCannotDo(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	eve := w.user(t, alice, "eve")
	w.role(t, alice, "ops", "arn:aws:iam::"+alice+":user/eve")
	for parameter, named := range map[string]string{
		"SerialNumber": "SerialNumber", "TokenCode": "TokenCode", "SourceIdentity": "SourceIdentity", "Tags.member.1.Key": "Tags",
		"TransitiveTagKeys.member.1": "TransitiveTagKeys",
	} {
		eve.ask(t, "AssumeRole", "RoleArn", roleARN(alice, "ops"), "RoleSessionName", "night", parameter, "x").
			refused(t, http.StatusBadRequest, "ValidationError", named+" is not supported by this server.")
	}
	eve.ask(t, "AssumeRoleWithSAML").refused(t, http.StatusBadRequest, "InvalidAction", `Could not find operation "AssumeRoleWithSAML"`)
}

// TestKeysOfAccounts: an account may have as many keys of its own as it likes, a user two.
func TestKeysOfAccounts(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	w.principal(t, alice, controlplane.User, "eve", controlplane.PrincipalChange{})
	for n := range 4 {
		if _, _, err := w.service.AddAccessKey(t.Context(), alice, "", ""); err != nil {
			t.Errorf("key %d of the account's: %v", n+1, err)
		}
		if _, _, err := w.service.AddUserAccessKey(t.Context(), alice, "eve", "", ""); (err == nil) != (n < 2) {
			t.Errorf("key %d of the user's: %v", n+1, err)
		}
	}
}

// TestOperatorOfAllAccounts: a user with the operator's flag may act in every configured account, and shows as who it is; one
// without may not, whatever its policies say.
func TestOperatorOfAllAccounts(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	yes := true
	ada := w.user(t, bob, "ada")
	if _, err := w.server.Operator().SetPrincipal(t.Context(), bob, operator.Users, "ada", operator.PrincipalChange{Operator: &yes}); err != nil {
		t.Fatal(err)
	}
	for _, account := range []string{alice, bob} {
		session := ada.assume(t, roleARN(account, controlplane.OperatorRole))
		id := session.order(t, ashburn, "1Gbps", "x")
		w.as(t, account).state(t, id, "requested")
		if arn := session.ask(t, "GetCallerIdentity").GetCallerIdentityResult.Arn; arn != "arn:aws:sts::"+account+":assumed-role/OnrampOperator/night" {
			t.Errorf("it is %s", arn)
		}
	}
	last := ada.assume(t, roleARN(alice, controlplane.OperatorRole))
	no := false
	if _, err := w.server.Operator().SetPrincipal(t.Context(), bob, operator.Users, "ada", operator.PrincipalChange{Operator: &no}); err != nil {
		t.Fatal(err)
	}
	last.send("DescribeLags", "{}").is(t, http.StatusBadRequest, "UnrecognizedClientException", "The security token included in the request is invalid.")
	ada.ask(t, "AssumeRole", "RoleArn", roleARN("777788889999", controlplane.OperatorRole), "RoleSessionName", "night").
		refused(t, http.StatusForbidden, "AccessDenied", cannotAssume("arn:aws:iam::"+bob+":user/ada", roleARN("777788889999", controlplane.OperatorRole)))
	eve := w.user(t, alice, "eve", mayAssumeAll, fullAccess)
	eve.ask(t, "AssumeRole", "RoleArn", roleARN(alice, controlplane.OperatorRole), "RoleSessionName", "night").
		refused(t, http.StatusForbidden, "AccessDenied", cannotAssume("arn:aws:iam::"+alice+":user/eve", roleARN(alice, controlplane.OperatorRole)))
}
