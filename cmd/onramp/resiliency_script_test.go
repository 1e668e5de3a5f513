package main

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/rogpeppe/go-internal/testscript"
)

// gatherCommand makes a resiliency group of connections in us-east-1 that is meant to reach maximum resiliency, as account
// 000000000000.
func gatherCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: gather VARIABLE CONNECTIONS...")
	}
	client := directconnect.New(directconnect.Options{
		BaseEndpoint: aws.String(ts.Getenv("ENDPOINT")), Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	out, err := client.CreateResiliencyGroup(ctx, &directconnect.CreateResiliencyGroupInput{
		ResiliencyGroupName: &args[0], IntendedResiliencyModel: "maximum-resiliency",
	})
	ts.Check(err)
	_, err = client.AssociateConnectionsToResiliencyGroup(ctx, &directconnect.AssociateConnectionsToResiliencyGroupInput{
		ResiliencyGroupId: out.ResiliencyGroup.ResiliencyGroupId, ConnectionIdentifiers: args[1:],
	})
	ts.Check(err)
	ts.Setenv(args[0], *out.ResiliencyGroup.ResiliencyGroupId)
}
