// Package directconnect says what things are: the nouns of Direct Connect (connections, LAGs, interconnects, hosted
// connections, ports, MACsec keys, tags, accounts), the rules that make them valid, the states they go through and the
// choice of a port. It is pure: no I/O, no context and no clock. Whoever calls passes in the rows that a rule needs and
// the time it is.
//
// It is not the API (wire structs are in api, operations in controlplane) and knows neither database nor router.
package directconnect
