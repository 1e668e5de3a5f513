package onramptest_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/onramptest"
)

func newInterface() *types.NewPrivateVirtualInterface {
	return &types.NewPrivateVirtualInterface{
		VirtualInterfaceName: aws.String("first"), Vlan: 101, Asn: 65000, VirtualGatewayId: aws.String("vgw-0123456789abcdef0"),
	}
}

// A partner's customer accepts what was allocated to it; both have their own keys.
func TestAccounts(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t, onramptest.Partner("444455556666"), onramptest.Account("111122223333"))
	partner, customer := client(srv.Credentials("444455556666", "us-east-1")), client(srv.Credentials("111122223333", "us-east-1"))
	parent, err := partner.CreateInterconnect(t.Context(), &directconnect.CreateInterconnectInput{
		Bandwidth: aws.String("10Gbps"), InterconnectName: aws.String("parent"), Location: aws.String("EqDC2"),
	})
	if err != nil {
		t.Fatal(err)
	}
	srv.Settle()
	hosted, err := partner.AllocateHostedConnection(t.Context(), &directconnect.AllocateHostedConnectionInput{
		ConnectionId: parent.InterconnectId, Bandwidth: aws.String("1Gbps"), ConnectionName: aws.String("hosted"), OwnerAccount: aws.String("111122223333"), Vlan: 100,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := customer.ConfirmConnection(t.Context(), &directconnect.ConfirmConnectionInput{ConnectionId: hosted.ConnectionId}); err != nil {
		t.Fatal(err)
	}
	srv.Settle()
	wantState(t, customer, aws.ToString(hosted.ConnectionId), "available")
	stranger := client(onramptest.Credentials{Endpoint: srv.Endpoint, Region: "us-east-1", AccessKeyID: "999999999999", SecretAccessKey: "test"})
	if _, err := stranger.DescribeConnections(t.Context(), &directconnect.DescribeConnectionsInput{}); err == nil {
		t.Error("open mode's key is taken although accounts are configured")
	}
}

// A server that is stopped goes on in its folder.
func TestData(t *testing.T) {
	t.Parallel()
	first := onramptest.Start(t)
	id := order(t, client(first.Credentials("111122223333", "us-east-1")))
	first.Settle()
	first.Stop()
	second := onramptest.Start(t, onramptest.Data(first.DataFolder()))
	wantState(t, client(second.Credentials("111122223333", "us-east-1")), id, "available")
}

// The rest of the operator's API is a call away, and refusals end the test only where a move was to be made.
func TestCall(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	var account struct{ ID string }
	if status := srv.Operator().Call("POST", "/v1/accounts", map[string]string{"id": "111122223333"}, &account); status != http.StatusCreated || account.ID != "111122223333" {
		t.Errorf("%d %+v", status, account)
	}
	var problem struct{ Error string }
	if status := srv.Operator().Call("GET", "/v1/accounts/999999999999", nil, &problem); status != http.StatusNotFound || problem.Error == "" {
		t.Errorf("%d %+v", status, problem)
	}
	if !strings.Contains(srv.Log(), "inventory") {
		t.Errorf("the log is %q", srv.Log())
	}
}

func TestEnv(t *testing.T) {
	t.Parallel()
	c := onramptest.Credentials{Endpoint: "http://127.0.0.1:1", Region: "us-east-1", AccessKeyID: "a", SecretAccessKey: "b"}
	for _, want := range []string{
		"AWS_ENDPOINT_URL_DIRECT_CONNECT=http://127.0.0.1:1", "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b",
	} {
		if !slices.Contains(c.Env(), want) {
			t.Errorf("%s is not in %v", want, c.Env())
		}
	}
}

// outside is a test of somebody else's module.
const outside = `package outside

import (
	"testing"

	"onramp/onramptest"
)

func TestOutside(t *testing.T) {
	srv := onramptest.Start(t, onramptest.Pace("brisk"))
	if srv.Credentials("111122223333", "us-east-1").Endpoint != srv.Endpoint {
		t.Error("another endpoint")
	}
}
`

// What the package says of other modules is so: a workspace with this one is all that they need.
func TestFromAnotherModule(t *testing.T) {
	t.Parallel()
	here, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.org/outside\n\ngo 1.26\n", "outside_test.go": outside,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"work", "init", ".", here}, {"test", "./..."}} {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), "GOWORK=", "GOFLAGS=-vet=off")
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v: %s", strings.Join(args, " "), err, text)
		}
	}
}
