package operator_test

import (
	"testing"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/onramptest"
)

func TestResiliency(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	one, two := order(t, srv, "us-east-1", "EqDC2"), order(t, srv, "us-east-1", "EqDC2")
	service, caller := srv.Daemon().Service(), controlplane.Caller{Account: "111122223333", Region: "us-east-1"}
	name, model := "pair", "basic-resiliency"
	made, err := service.CreateResiliencyGroup(t.Context(), caller, &api.CreateResiliencyGroupRequest{ResiliencyGroupName: &name, IntendedResiliencyModel: &model})
	if err != nil {
		t.Fatal(err)
	}
	id := *made.ResiliencyGroup.ResiliencyGroupID
	if _, err := service.AssociateConnectionsToResiliencyGroup(t.Context(), caller, &api.AssociateConnectionsToResiliencyGroupRequest{
		ResiliencyGroupID: &id, ConnectionIdentifiers: []string{one, two},
	}); err != nil {
		t.Fatal(err)
	}
	srv.Settle()
	c, err := srv.Operator().Connection(t.Context(), one)
	if err != nil {
		t.Fatal(err)
	}
	path := "/v1/resiliency/" + id
	steps(t, srv, []step{
		{"group", "GET", path, "", 200, `{"id":"` + id + `","name":"pair","account":"111122223333","region":"us-east-1","state":"available","connections":[`},
		{"members", "GET", path, "", 200, `"region":"us-east-1","state":"associated"}`},
		{"links", "GET", path, "", 200, `"location":"EqDC2","router":"` + c.Router + `","state":"available","up":true}`},
		{"evaluated", "GET", path, "", 200, `"evaluation":{"intended":"basic-resiliency","reached":"basic-resiliency","planned":"basic-resiliency","met":true,`},
		{"point of failure", "GET", path, "", 200, `"points":[{"kind":"location","name":"EqDC2","loses":[{"what":"connections"}]}]}}`},
		{"what if", "GET", path + "?without=router:" + c.Router, "", 200, `"whatIf":{"without":{"kind":"router","name":"` + c.Router + `"},"lost":[],"after":{"intended":"basic-resiliency","reached":"none"`},
		{"what if the location", "GET", path + "?without=location:EqDC2", "", 200, `"lost":[{"what":"connections"}],"after":`},
		{"what if something else", "GET", path + "?without=location:CSVA1", "", 404, "has nothing on location CSVA1."},
		{"what if what", "GET", path + "?without=router", "", 400, "is not an element such as router:"},
		{"two failures", "GET", path + "?without=location:A&without=location:B", "", 400, "without=KIND:NAME"},
		{"other query", "GET", path + "?with=x", "", 400, "without=KIND:NAME"},
		{"no such group", "GET", "/v1/resiliency/dxrg-0123456789abcdefg", "", 404, "There is no resiliency group"},
		{"no group ID", "GET", "/v1/resiliency/x", "", 400, "is not the ID of a resiliency group"},
	})
}
