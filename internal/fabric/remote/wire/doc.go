// Package wire is the protocol between the control plane and the agents on routers: wire.proto, and what is generated of
// it. It is messages only; what they mean stands in package remote.
//
// Generating needs protoc (Debian: protobuf-compiler); the two plugins are programs of modules that go.mod has already.
package wire

//go:generate sh generate.sh
