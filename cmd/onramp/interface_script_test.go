package main

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
	"github.com/rogpeppe/go-internal/testscript"
)

// attachCommand puts a virtual interface on a connection in us-east-1, as account 000000000000: a private one to a virtual
// private gateway, or a public one for 203.0.113.0/24 if that is "public".
func attachCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: attach VARIABLE CONNECTION GATEWAY or attach VARIABLE CONNECTION public")
	}
	client := directconnect.New(directconnect.Options{
		BaseEndpoint: aws.String(ts.Getenv("ENDPOINT")), Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if args[2] == "public" {
		out, err := client.CreatePublicVirtualInterface(ctx, &directconnect.CreatePublicVirtualInterfaceInput{
			ConnectionId: &args[1], NewPublicVirtualInterface: &types.NewPublicVirtualInterface{
				VirtualInterfaceName: &args[0], Vlan: 200, Asn: 65000,
				AmazonAddress: aws.String("198.51.100.1/30"), CustomerAddress: aws.String("198.51.100.2/30"),
				RouteFilterPrefixes: []types.RouteFilterPrefix{{Cidr: aws.String("203.0.113.0/24")}},
			},
		})
		ts.Check(err)
		ts.Setenv(args[0], *out.VirtualInterfaceId)
		return
	}
	out, err := client.CreatePrivateVirtualInterface(ctx, &directconnect.CreatePrivateVirtualInterfaceInput{
		ConnectionId: &args[1], NewPrivateVirtualInterface: &types.NewPrivateVirtualInterface{
			VirtualInterfaceName: &args[0], Vlan: 100, Asn: 65000, VirtualGatewayId: &args[2],
		},
	})
	ts.Check(err)
	ts.Setenv(args[0], *out.VirtualInterfaceId)
}
