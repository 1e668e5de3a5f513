package fabric

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

// servant is the user that programs of ours run as where they are not root, as a service manager would start them.
const servant = "65534"

// confined is a program's command line as that user, with the three capabilities that docs/routers.md names and no other.
func confined(t *testing.T, folders []string, line ...string) []string {
	t.Helper()
	const may = "+net_admin,+net_raw,+net_bind_service"
	for _, dir := range folders {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(dir, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	return append([]string{"setpriv", "--reuid=" + servant, "--regid=" + servant, "--clear-groups", "--no-new-privs", "--inh-caps=-all," + may,
		"--ambient-caps=-all," + may, "--bounding-set=-all," + may}, line...)
}

// TestOneBox is one machine as everything: the control plane is the router, too. It runs as a user with three capabilities,
// its port must encrypt, and the customer's packets pass.
func TestOneBox(t *testing.T) {
	const behind, own = "10.20.0.0/16", "172.16.1.0/24"
	c := socket{lab.NewHost(t, "c1"), "port0"}
	w := layOut(t, []socket{c})
	r := w.routers["r1"]
	w.here = r.host
	inventory := w.here.File("lab.yaml", string(w.inventory()))
	data := filepath.Join(w.here.Dir, "data")
	folders := []string{data, "/run/onramp"}
	start := func(more ...string) {
		line := confined(t, folders, append([]string{w.program}, w.serving(more...)...)...)
		w.serveBy(w.here.Command(line[0], line[1:]...))
	}
	start() // to tell it of the router that it is to be
	w.onramp(w.here, "inventory", "apply", inventory)
	w.server.Stop()
	start("--local-router", r.name)

	gateway := w.gateway("vgw-0123456789abcdef0", behind)
	id := w.connection("r1", func(in *dc.CreateConnectionInput) { in.RequestMACSec = aws.Bool(true) })
	w.addKey(id, strings.Repeat("1a", 32), strings.Repeat("c1", 32))
	got(w.api.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, EncryptionMode: aws.String("must_encrypt")}))(t)
	r.cables[0].Plug()
	c.customer.Secure("port0", "secure0").Use(strings.Repeat("1a", 32), strings.Repeat("c1", 32))
	w.connectionIs(id, types.ConnectionStateAvailable)
	vif := w.private(id, types.NewPrivateVirtualInterface{Vlan: 101, Asn: 65001, VirtualGatewayId: &gateway})
	w.frr(socket{c.customer, "secure0"}, vif, own)
	w.vifIs(vif, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c.customer, firstHost(own), firstHost(behind))
	w.server.Kill()
	reaches(t, c.customer, firstHost(own), firstHost(behind)) // forwarding needs no program
	start("--local-router", r.name)
	w.vifIs(vif, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c.customer, firstHost(own), firstHost(behind))
}
