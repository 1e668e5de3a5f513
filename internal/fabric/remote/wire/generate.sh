#!/bin/sh
# Generates wire.pb.go and wireconnect/ of wire.proto. The result is committed: builds need no protoc.
set -eu
if ! command -v protoc >/dev/null; then
	echo "wire: SKIPPED, not generated: there is no protoc (Debian: protobuf-compiler)" >&2
	exit 0
fi
plugins=$(mktemp -d)
trap 'rm -rf "$plugins"' EXIT
go build -o "$plugins/" google.golang.org/protobuf/cmd/protoc-gen-go connectrpc.com/connect/cmd/protoc-gen-connect-go
protoc --plugin="$plugins/protoc-gen-go" --plugin="$plugins/protoc-gen-connect-go" \
	--go_out=. --go_opt=paths=source_relative --connect-go_out=. --connect-go_opt=paths=source_relative wire.proto
