package directconnect

import "slices"

// BillingMode is how a port is paid for (API reference 2026, BillingMode).
type BillingMode string

// PayAsYouGo is the mode of every port that asked for no other.
const PayAsYouGo BillingMode = "PayAsYouGo"

// RequestBillingModes are the values a request may name (RequestBillingMode); the PortPair values are only ever answered.
var RequestBillingModes = []BillingMode{
	PayAsYouGo, "FlatRateTier1", "FlatRateTier2", "FlatRateTier3", "FlatRateTier4", "FlatRateTier5",
}

// ParseBillingMode checks a requested mode; empty means PayAsYouGo.
func ParseBillingMode(s string) (BillingMode, error) {
	if s == "" {
		return PayAsYouGo, nil
	}
	if m := BillingMode(s); slices.Contains(RequestBillingModes, m) {
		return m, nil
	}
	return "", Clientf("Billing mode %s is not valid.", s)
}
