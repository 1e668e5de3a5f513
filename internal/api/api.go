// Package api holds the wire structures of the AWS Direct Connect API, version
// 2012-10-25, and the table of its operations: what is said, field by field.
//
// Everything in api_gen.go is generated from the schemas published with the AWS
// SDK for Go. A scalar is a pointer, because on this wire absent and zero
// differ: a virtual interface with a 4-byte ASN answers "asn":0, one without an
// ASN answers nothing. A nil slice is absent, an empty one is []. Enumerations
// are plain strings here; which values exist is the business of the room that
// gives them a meaning.
//
// The package is not a protocol (that is awsjson), knows no rule of the service
// and links nothing of the SDK: generator and tests alone import it.
package api

//go:generate go run ./gen

// Operation names one call of the service and the structures it speaks with.
// Input and Output are the names of Go types in this package.
type Operation struct {
	Name, Input, Output string
}
