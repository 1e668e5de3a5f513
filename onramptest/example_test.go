package onramptest_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/onramptest"
)

func client(c onramptest.Credentials) *directconnect.Client {
	return directconnect.New(directconnect.Options{
		BaseEndpoint: &c.Endpoint, Region: c.Region,
		Credentials: credentials.NewStaticCredentialsProvider(c.AccessKeyID, c.SecretAccessKey, ""),
	})
}

func order(t *testing.T, c *directconnect.Client) string {
	t.Helper()
	out, err := c.CreateConnection(t.Context(), &directconnect.CreateConnectionInput{
		Location: aws.String("EqDC2"), Bandwidth: aws.String("10Gbps"), ConnectionName: aws.String("first"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.ConnectionId)
}

func wantState(t *testing.T, c *directconnect.Client, id, want string) {
	t.Helper()
	out, err := c.DescribeConnections(t.Context(), &directconnect.DescribeConnectionsInput{ConnectionId: &id})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(out.Connections[0].ConnectionState); got != want {
		t.Fatalf("connection %s is %s, want %s", id, got, want)
	}
}

// A program that orders a port is tested from the order to a cable that is cut, within a second.
func TestAConnectionsLife(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Pace("manual"))
	c := client(srv.Credentials("111122223333", "us-east-1"))
	id := order(t, c)
	wantState(t, c, id, "requested")
	srv.Operator().Approve(id)
	wantState(t, c, id, "pending")
	srv.Operator().Plug(id)
	wantState(t, c, id, "available")
	srv.Operator().Cut(id)
	wantState(t, c, id, "down")
	srv.Operator().Restore(id)
	wantState(t, c, id, "available")
	if _, err := c.DeleteConnection(t.Context(), &directconnect.DeleteConnectionInput{ConnectionId: &id}); err != nil {
		t.Fatal(err)
	}
	srv.Settle()
	wantState(t, c, id, "deleted")
}

// Weeks pass in a moment.
func TestWeeksPass(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Pace("realistic"))
	c := client(srv.Credentials("111122223333", "us-east-1"))
	id := order(t, c)
	srv.Advance(17 * 24 * time.Hour) // three days until it is approved, fourteen until the cable is there
	wantState(t, c, id, "available")
	if want := onramptest.Begin.Add(17 * 24 * time.Hour); !srv.Now().Equal(want) {
		t.Errorf("it is %s, want %s", srv.Now(), want)
	}
}

// A virtual interface with its BGP session, on the far side's gateway.
func TestAnInterfaceComesUp(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Account("111122223333"))
	c := client(srv.Credentials("111122223333", "us-east-1"))
	srv.Operator().AddGateway("vgw-0123456789abcdef0", "111122223333", "us-east-1", 0, "10.0.0.0/16")
	id := order(t, c)
	srv.Settle()
	v, err := c.CreatePrivateVirtualInterface(t.Context(), &directconnect.CreatePrivateVirtualInterfaceInput{
		ConnectionId: &id, NewPrivateVirtualInterface: newInterface(),
	})
	if err != nil {
		t.Fatal(err)
	}
	srv.Advance(time.Minute)
	out, err := c.DescribeVirtualInterfaces(t.Context(), &directconnect.DescribeVirtualInterfacesInput{VirtualInterfaceId: v.VirtualInterfaceId})
	if err != nil {
		t.Fatal(err)
	}
	if got := out.VirtualInterfaces[0].VirtualInterfaceState; got != "available" {
		t.Errorf("the interface is %s: %s", got, srv.Log())
	}
}
