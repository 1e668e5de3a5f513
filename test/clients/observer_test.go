package clients

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/onramptest"
)

// observer looks at what the server has of an account, by another way than the client on trial: the Go SDK.
type observer struct {
	t      *testing.T
	server *onramptest.Server
	client *directconnect.Client
}

func newObserver(t *testing.T, s *onramptest.Server, account string) *observer {
	c := s.Client(account, region)
	return &observer{t, s, newSDK(c.Endpoint, c.AccessKeyID, c.SecretAccessKey)}
}

// newSDK is a client of the Go SDK.
func newSDK(endpoint, id, secret string) *directconnect.Client {
	return directconnect.New(directconnect.Options{
		BaseEndpoint: &endpoint, Region: region, Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
	})
}

// orderOne orders a connection and answers its ID.
func orderOne(t *testing.T, client *directconnect.Client) string {
	t.Helper()
	c, err := client.CreateConnection(t.Context(), &directconnect.CreateConnectionInput{
		ConnectionName: aws.String("one"), Bandwidth: aws.String("10Gbps"), Location: aws.String("EqDC2"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return *c.ConnectionId
}

// interconnect orders one; its cable is plugged in.
func (o *observer) interconnect(name string) string {
	o.t.Helper()
	made, err := o.client.CreateInterconnect(o.t.Context(), &directconnect.CreateInterconnectInput{
		InterconnectName: &name, Bandwidth: aws.String("10Gbps"), Location: aws.String("EqDC2"),
	})
	if err != nil {
		o.t.Fatal(err)
	}
	attend(o.t, o.server)
	return *made.InterconnectId
}

// ordered orders a connection and a LAG of one port, with a tag each, and answers their IDs.
func (o *observer) ordered(name string) (connection, lag string) {
	o.t.Helper()
	tags := []types.Tag{{Key: aws.String("from"), Value: aws.String("the SDK")}}
	c, err := o.client.CreateConnection(o.t.Context(), &directconnect.CreateConnectionInput{
		ConnectionName: &name, Bandwidth: aws.String("10Gbps"), Location: aws.String("EqDC2"),
		ProviderName: aws.String("Zayo Group"), Tags: tags,
	})
	if err != nil {
		o.t.Fatal(err)
	}
	g, err := o.client.CreateLag(o.t.Context(), &directconnect.CreateLagInput{
		LagName: &name, ConnectionsBandwidth: aws.String("10Gbps"), Location: aws.String("EqDC2"), NumberOfConnections: 1, Tags: tags,
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.server.Settle()
	return *c.ConnectionId, *g.LagId
}

// order is what an account has that is not deleted or rejected, each by its name in a few words.
type order struct {
	connections, lags, tags map[string]string
	ids                     map[string]string
}

// identifiers lists the IDs of everything, sorted.
func (o order) identifiers() []string { return slices.Sorted(maps.Values(o.ids)) }

func (o *observer) look() order {
	o.t.Helper()
	ctx := o.t.Context()
	found := order{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}}
	lagNames := map[string]string{}
	lags, err := o.client.DescribeLags(ctx, &directconnect.DescribeLagsInput{})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, g := range lags.Lags {
		if g.LagState == types.LagStateDeleted {
			continue
		}
		name := *g.LagName
		lagNames[*g.LagId] = name
		found.ids["LAG "+name] = *g.LagId
		found.lags[name] = fmt.Sprintf("%s %s %d", *g.ConnectionsBandwidth, g.LagState, g.NumberOfConnections)
		found.tag(name, g.Tags)
	}
	connections, err := o.client.DescribeConnections(ctx, &directconnect.DescribeConnectionsInput{})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, c := range connections.Connections {
		if c.ConnectionState == types.ConnectionStateDeleted || c.ConnectionState == types.ConnectionStateRejected {
			continue
		}
		name := *c.ConnectionName
		found.ids["connection "+name] = *c.ConnectionId
		found.connections[name] = inWords(c, lagNames)
		found.tag(name, c.Tags)
	}
	interconnects, err := o.client.DescribeInterconnects(ctx, &directconnect.DescribeInterconnectsInput{})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, i := range interconnects.Interconnects {
		if i.InterconnectState != types.InterconnectStateDeleted {
			found.ids["interconnect "+*i.InterconnectName] = *i.InterconnectId
		}
	}
	return found
}

func (o order) tag(name string, tags []types.Tag) {
	var pairs []string
	for _, t := range tags {
		pairs = append(pairs, *t.Key+"="+aws.ToString(t.Value))
	}
	if len(pairs) > 0 {
		slices.Sort(pairs)
		o.tags[name] = strings.Join(pairs, " ")
	}
}

// inWords says what matters of a connection: speed, state, provider, LAG, encryption, keys and VLAN, if there are.
func inWords(c types.Connection, lagNames map[string]string) string {
	words := []string{*c.Bandwidth, string(c.ConnectionState)}
	for _, w := range []*string{c.ProviderName, c.EncryptionMode, c.PortEncryptionStatus} {
		if w != nil {
			words = append(words, *w)
		}
	}
	for _, k := range c.MacSecKeys {
		words = append(words, "key", *k.State, *k.Ckn)
	}
	if c.LagId != nil {
		words = append(words, "in", lagNames[*c.LagId])
	}
	if c.PartnerName != nil { // of hosted connections only
		words = append(words, fmt.Sprint("VLAN ", c.Vlan))
	}
	return strings.Join(words, " ")
}
