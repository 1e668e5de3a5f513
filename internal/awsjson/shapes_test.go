package awsjson

import "time"

// The structures of these tests hold every kind that the wire has.

type everything struct {
	Text   *string     `json:"text"`
	Int    *int32      `json:"int"`
	Long   *int64      `json:"long"`
	Double *float64    `json:"double"`
	Flag   *bool       `json:"flag"`
	Time   *time.Time  `json:"time"`
	Blob   []byte      `json:"blob"`
	Texts  []string    `json:"texts"`
	Longs  []int64     `json:"longs"`
	Blobs  [][]byte    `json:"blobs"`
	Grid   [][]int32   `json:"grid"`
	Pairs  []pair      `json:"pairs"`
	Pair   *pair       `json:"pair"`
	Within *everything `json:"within"`
}

type pair struct {
	Key   *string `json:"key"`
	Value *string `json:"value"`
}

// port is a response of ordinary size: 25 members, all present, as a described
// connection is.
type port struct {
	M01 *string    `json:"awsDevice"`
	M02 *string    `json:"awsDeviceV2"`
	M03 *string    `json:"awsLogicalDeviceId"`
	M04 *string    `json:"bandwidth"`
	M05 *string    `json:"billingMode"`
	M06 *string    `json:"connectionId"`
	M07 *string    `json:"connectionName"`
	M08 *string    `json:"connectionState"`
	M09 *string    `json:"encryptionMode"`
	M10 *string    `json:"hasLogicalRedundancy"`
	M11 *bool      `json:"jumboFrameCapable"`
	M12 *string    `json:"lagId"`
	M13 *time.Time `json:"loaIssueTime"`
	M14 *string    `json:"location"`
	M15 *bool      `json:"macSecCapable"`
	M16 []pair     `json:"macSecKeys"`
	M17 *string    `json:"ownerAccount"`
	M18 *bool      `json:"partnerInterconnectMacSecCapable"`
	M19 *string    `json:"partnerName"`
	M20 *string    `json:"portEncryptionStatus"`
	M21 *string    `json:"providerName"`
	M22 *string    `json:"region"`
	M23 []pair     `json:"tags"`
	M24 *int32     `json:"vlan"`
	M25 *int64     `json:"asnLong"`
}

func aPort() *port {
	return &port{
		M01: new("EqDC2-19y7z3m17xpuz"), M02: new("EqDC2-19y7z3m17xpuz"), M03: new("EqDC2-19y7z3m17xpuz"),
		M04: new("10Gbps"), M05: new("included"), M06: new("dxcon-fg31dyv6"), M07: new("Connection to Equinix"),
		M08: new("available"), M09: new("must_encrypt"), M10: new("unknown"), M11: new(true), M12: new("dxlag-ffjhj9lx"),
		M13: new(time.UnixMilli(1491568964_000)), M14: new("EqDC2"), M15: new(true),
		M16: []pair{}, M17: new("123456789012"), M18: new(false), M19: new("Partner"), M20: new("Encryption Up"),
		M21: new("Equinix"), M22: new("us-east-1"), M23: []pair{{Key: new("Environment"), Value: new("Production")}},
		M24: new(int32(101)), M25: new(int64(4200000000)),
	}
}
