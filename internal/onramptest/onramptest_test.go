package onramptest_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
)

func client(c onramptest.Client) *sdk.Client {
	return sdk.New(sdk.Options{
		BaseEndpoint: &c.Endpoint, Region: c.Region,
		Credentials: credentials.NewStaticCredentialsProvider(c.AccessKeyID, c.SecretAccessKey, ""),
	})
}

// state orders a port or looks at it, and answers its state.
func state(t *testing.T, c *sdk.Client) string {
	t.Helper()
	out, err := c.DescribeConnections(t.Context(), &sdk.DescribeConnectionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Connections) != 1 {
		t.Fatalf("%d connections, want 1", len(out.Connections))
	}
	return string(out.Connections[0].ConnectionState)
}

func order(t *testing.T, c *sdk.Client) {
	t.Helper()
	_, err := c.CreateConnection(t.Context(), &sdk.CreateConnectionInput{
		Location: aws.String("EqDC2"), Bandwidth: aws.String("10Gbps"), ConnectionName: aws.String("first"),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnOrderFollowsTheClock(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Pace(directconnect.Realistic))
	c := client(srv.Client("111122223333", "us-east-1"))
	order(t, c)
	for _, step := range []struct {
		by   time.Duration
		want string
	}{
		{0, "requested"},
		{72*time.Hour - time.Second, "requested"},
		{time.Second, "pending"},
		{14*24*time.Hour - time.Second, "pending"},
		{time.Second, "available"},
	} {
		if step.by > 0 {
			srv.Advance(step.by)
		}
		if got := state(t, c); got != step.want {
			t.Fatalf("at %s the connection is %s, want %s", srv.Now(), got, step.want)
		}
	}
}

// TestOneTurnIsAllItsMoments: a long turn of the clock lets each step happen when it is due, not all from its end.
func TestOneTurnIsAllItsMoments(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Pace(directconnect.Realistic))
	c := client(srv.Client("111122223333", "us-east-1"))
	order(t, c)
	srv.Advance(17 * 24 * time.Hour) // three days for the approval, fourteen for the cable
	if got := state(t, c); got != "available" {
		t.Fatalf("after seventeen days in one turn the connection is %s, want available", got)
	}
}

func TestConfiguredAccountsSignWithTheirKeys(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Account("444455556666", directconnect.PartnerV1))
	order(t, client(srv.Client("444455556666", "us-east-1")))
	open := client(onramptest.Client{Endpoint: srv.URL, Region: "us-east-1", AccessKeyID: "444455556666", SecretAccessKey: "test"})
	if _, err := open.DescribeConnections(t.Context(), &sdk.DescribeConnectionsInput{}); err == nil {
		t.Error("open mode's key is taken although an account is configured")
	}
}

func TestARestartKeepsWhatWasOrdered(t *testing.T) {
	t.Parallel()
	first := onramptest.Start(t)
	order(t, client(first.Client("111122223333", "us-east-1")))
	first.Settle()
	first.Advance(48 * time.Hour)
	first.Stop()
	second := onramptest.Start(t, onramptest.Data(first.Data))
	if got := state(t, client(second.Client("111122223333", "us-east-1"))); got != "available" {
		t.Errorf("after the restart the connection is %s, want available", got)
	}
	if got, want := second.Now(), onramptest.Begin.Add(48*time.Hour); !got.Equal(want) {
		t.Errorf("after the restart it is %s, want %s: the turned clock was lost", got, want)
	}
}
