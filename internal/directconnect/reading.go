package directconnect

import (
	"strconv"
	"time"
)

// Reading is what a router measures and counts, as it was read. Nothing of it is stored.
type Reading struct {
	At         time.Time                   // of the installation's clock
	Trouble    string                      // why it could not be read; empty: it was
	Ports      map[string]PortReading      // by the port's ID, those that are in use
	Interfaces map[string]InterfaceReading // by ID
}

// PortReading is a port as read.
type PortReading struct {
	Enabled, Carrier bool
	SpeedMbps        int64     // 0: the port does not say
	ReceivedDBm      []float64 // optical power, one figure a lane; none: the optic does not measure it
	TransmittedDBm   []float64
	Traffic          *Traffic // nil: the router has counted nothing, as simulated ones
	MACsec           bool     // it has keys
	Encrypted        bool     // an association is up
	// NotValid and Late are MACsec frames that were thrown away since the association began: those that failed the integrity
	// check, and those that replay protection refused.
	NotValid, Late uint64
}

// InterfaceReading is a virtual interface as read.
type InterfaceReading struct {
	Up       bool                      // its link carries frames
	Traffic  *Traffic                  // as of a PortReading
	Sessions map[string]SessionReading // by BGP peer
}

// SessionReading is a BGP session as read.
type SessionReading struct {
	Up       bool
	Reason   string // why it is not
	Accepted int    // prefixes taken of the customer
}

// Traffic is what was counted each way since the port or interface was made; in is from the customer.
type Traffic struct {
	In, Out Count
	// Over is the time that the rates are of: since this server looked before. 0: there are none yet.
	Over time.Duration
}

// Count is one way.
type Count struct {
	Bytes, Packets, Errors, Dropped uint64
	BitsPerSecond                   BitRate
}

// Rate works out the rates since before, when the counters were the given ones; counters that began again have none.
func (t Traffic) Rate(inBytes, outBytes uint64, over time.Duration) Traffic {
	if over <= 0 || t.In.Bytes < inBytes || t.Out.Bytes < outBytes {
		return t
	}
	const bits = 8
	t.Over = over
	t.In.BitsPerSecond = BitRate(float64(t.In.Bytes-inBytes) * bits / over.Seconds())
	t.Out.BitsPerSecond = BitRate(float64(t.Out.Bytes-outBytes) * bits / over.Seconds())
	return t
}

// BitRate is bits a second.
type BitRate float64

// String is the rate in the unit that leaves one to three digits before the point.
func (r BitRate) String() string {
	units := []string{"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"}
	const kilo = 1000
	for r >= kilo && len(units) > 1 {
		r /= kilo
		units = units[1:]
	}
	return strconv.FormatFloat(float64(r), 'f', 1, 64) + " " + units[0]
}

// PortReading answers what was read of a port, and why nothing was if that is so.
func (r Reading) PortReading(id string) (p PortReading, trouble string) {
	p, there := r.Ports[id]
	if r.Trouble == "" && !there {
		return p, "the router does not have it in use"
	}
	return p, r.Trouble
}

// InterfaceReading answers what was read of an interface, and why nothing was if that is so.
func (r Reading) InterfaceReading(id string) (i InterfaceReading, trouble string) {
	i, there := r.Interfaces[id]
	if r.Trouble == "" && !there {
		return i, "the router does not have it"
	}
	return i, r.Trouble
}
