package mka

import "strings"

// report is what a supplicant says of its port (STATUS).
type report struct {
	address       string // the Ethernet address that it took from the device when it started, lower case
	ckn           string // of the one participant; empty: none
	authenticated bool   // the peers agree not to protect frames
	secured       bool   // the peers agree to protect them; the kernel may not have the keys yet
}

// parseReport reads the answer to STATUS: name=value lines, of which unknown ones are passed over.
func parseReport(text string) report {
	var r report
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimRight(line, "\n"), "=")
		switch name {
		case "address":
			r.address = strings.ToLower(value)
		case "ckn":
			r.ckn = strings.ToLower(value)
		case "Authenticated":
			r.authenticated = value == "Yes"
		case "Secured":
			r.secured = value == "Yes"
		}
	}
	return r
}
