package conformance

import (
	"strings"
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/controlplane"
)

const denied = "AccessDeniedException"

// notAllowed is the text of a request of a user that no policy allows.
func notAllowed(user, operation, resource string) string {
	return "User: arn:aws:iam::" + alice + ":user/" + user + " is not authorized to perform: directconnect:" + operation + " on resource: " + resource +
		" because no identity-based policy allows the directconnect:" + operation + " action"
}

func explicitly(user, operation, resource string) string {
	return "User: arn:aws:iam::" + alice + ":user/" + user + " is not authorized to perform: directconnect:" + operation + " on resource: " + resource +
		" with an explicit deny in an identity-based policy"
}

// TestEveryOperationAsksForPermission: a user without policies may do nothing at all, and nothing of what was asked happens.
func TestEveryOperationAsksForPermission(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	u := w.user(t, alice, "eve")
	before := w.dump()
	for _, o := range controlplane.OperationNames() {
		x := u.send(o.Name, "{}")
		e := decode(t, x.body)
		said, _ := e["message"].(string)
		if x.status != 400 || e["__type"] != denied || !strings.HasPrefix(said, "User: arn:aws:iam::"+alice+":user/eve is not authorized to perform: directconnect:"+o.Name+" on resource: ") {
			t.Errorf("%s: HTTP %d %s", o.Name, x.status, x.body)
		}
	}
	if after := w.dump(); after != before {
		t.Error("a refused request changed something")
	}
}

// TestReadOnlyAccess: the managed policy lets everything be read, and nothing be changed.
func TestReadOnlyAccess(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	root, u := w.as(t, alice), w.user(t, alice, "eve", readOnly)
	id := root.order(t, ashburn, "1Gbps", "x")
	for _, o := range controlplane.OperationNames() {
		x := u.send(o.Name, "{}")
		wants := !controlplane.IsRead(o.Name)
		if got := strings.Contains(x.body, denied); got != wants {
			t.Errorf("%s: HTTP %d %s", o.Name, x.status, x.body)
		}
	}
	u.state(t, id, "requested")
	u.tagsOf(t, arn(id))
	refused(u.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t, denied, notAllowed("eve", "DeleteConnection", arn(id)))
	refused(u.tag(t, arn(id), "a", "b"))(t, denied, notAllowed("eve", "TagResource", arn(id)))
}

// TestFullAccess: the other managed policy is as good as the account's own key.
func TestFullAccess(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	u := w.user(t, alice, "eve", fullAccess)
	id := u.order(t, ashburn, "1Gbps", "x")
	got(u.tag(t, arn(id), "k", "v"))(t)
	u.interconnect(t, "1Gbps")
	w.as(t, alice).state(t, id, "requested")
}

// TestExplicitDeny: what is denied stays denied, whatever else allows it.
func TestExplicitDeny(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	u := w.user(t, alice, "eve", fullAccess, `{"Effect":"Deny","Action":"directconnect:Delete*","Resource":"*"}`)
	id := u.order(t, ashburn, "1Gbps", "x")
	refused(u.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t, denied, explicitly("eve", "DeleteConnection", arn(id)))
}

// TestResources: a policy about one connection is about no other.
func TestResources(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	root := w.as(t, alice)
	one, other := root.order(t, ashburn, "1Gbps", "one"), root.order(t, ashburn, "1Gbps", "other")
	lag := root.orderLAG(t, ashburn, "10Gbps", "lag", 1)
	u := w.user(t, alice, "eve", `{"Effect":"Allow","Action":"directconnect:*","Resource":"`+arn(one)+`"}`)
	got(u.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &one, ConnectionName: str("renamed")}))(t)
	refused(u.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &other, ConnectionName: str("renamed")}))(t, denied,
		notAllowed("eve", "UpdateConnection", arn(other)))
	got(u.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &one}))(t)
	refused(u.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{}))(t, denied, notAllowed("eve", "DescribeConnections", "*"))
	refused(u.associate(t, one, lag))(t, denied, notAllowed("eve", "AssociateConnectionWithLag", arn(lag)))
}

// TestTagConditions: which tags must come with what is made, and those of what is there.
func TestTagConditions(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	u := w.user(t, alice, "eve",
		`[{"Effect":"Allow","Action":"directconnect:CreateConnection","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/team":"net"}}},
		  {"Effect":"Allow","Action":"directconnect:TagResource","Resource":"arn:aws:directconnect:*:*:dxcon/*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["team","cost"]}}},
		  {"Effect":"Allow","Action":["directconnect:DeleteConnection","directconnect:DescribeConnections"],"Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"net"}}},
		  {"Effect":"Allow","Action":"directconnect:UntagResource","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":"cost"}}}]`)
	create := func(pairs ...string) (*dc.CreateConnectionOutput, error) {
		in := &dc.CreateConnectionInput{Location: str(ashburn), Bandwidth: str("1Gbps"), ConnectionName: str("x")}
		for i := 0; i < len(pairs); i += 2 {
			in.Tags = append(in.Tags, types.Tag{Key: &pairs[i], Value: &pairs[i+1]})
		}
		return u.CreateConnection(t.Context(), in)
	}
	const made = "arn:aws:directconnect:us-east-1:" + alice + ":dxcon/*"
	refused(create())(t, denied, notAllowed("eve", "CreateConnection", "*"))
	refused(create("team", "sales"))(t, denied, notAllowed("eve", "CreateConnection", "*"))
	refused(create("team", "net", "secret", "x"))(t, denied, notAllowed("eve", "TagResource", made))
	mine := *got(create("team", "net", "cost", "7"))(t).ConnectionId
	other := w.as(t, alice).order(t, ashburn, "1Gbps", "other")
	refused(u.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &other}))(t, denied, notAllowed("eve", "DeleteConnection", arn(other)))
	refused(u.untag(t, arn(mine), "team"))(t, denied, notAllowed("eve", "UntagResource", arn(mine)))
	got(u.untag(t, arn(mine), "cost"))(t)
	got(u.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &mine}))(t)
}

// TestPermissionsChangeAtOnce: what is attached, changed and taken away holds from the next request on.
func TestPermissionsChangeAtOnce(t *testing.T) {
	t.Parallel()
	w := openConfigured(t)
	u := w.user(t, alice, "eve")
	list := func() (*dc.DescribeLagsOutput, error) { return u.DescribeLags(t.Context(), &dc.DescribeLagsInput{}) }
	no := notAllowed("eve", "DescribeLags", "*")
	document := func(action string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"directconnect:` + action + `","Resource":"*"}}`
	}
	refused(list())(t, denied, no)
	for _, change := range []struct {
		do      func() error
		allowed bool
	}{
		{func() error {
			_, err := w.service.PutPolicy(t.Context(), alice, "net", document("Describe*"), false)
			return err
		}, false},
		{func() error { _, err := w.service.AttachPolicy(t.Context(), alice, "user", "eve", "net"); return err }, true},
		{func() error {
			_, err := w.service.PutPolicy(t.Context(), alice, "net", document("Create*"), true)
			return err
		}, false},
		{func() error {
			_, err := w.service.PutPolicy(t.Context(), alice, "net", document("DescribeL*"), true)
			return err
		}, true},
		{func() error { _, err := w.service.DetachPolicy(t.Context(), alice, "user", "eve", "net"); return err }, false},
		{func() error {
			_, err := w.service.PutInlinePolicy(t.Context(), alice, "user", "eve", "own", document("*"))
			return err
		}, true},
		{func() error {
			_, err := w.service.PutInlinePolicy(t.Context(), alice, "user", "eve", "own", "")
			return err
		}, false},
	} {
		if err := change.do(); err != nil {
			t.Fatal(err)
		}
		if change.allowed {
			got(list())(t)
		} else {
			refused(list())(t, denied, no)
		}
	}
	if err := w.service.RemovePrincipal(t.Context(), alice, "user", "eve"); err != nil {
		t.Fatal(err)
	}
	u.send("DescribeLags", "{}").is(t, 400, "UnrecognizedClientException", "The security token included in the request is invalid.")
}
