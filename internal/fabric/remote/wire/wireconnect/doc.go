// Package wireconnect is the protocol of package wire as Connect has it: a client and a handler, generated of wire.proto.
package wireconnect
