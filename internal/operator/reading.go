package operator

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"onramp/internal/directconnect"
)

// PortReading is what the router measures and counts at a port, read for this answer. Absent is what it does not measure or
// count: simulated routers count nothing.
type PortReading struct {
	Port       string    `json:"port,omitempty"` // of a router's readings only
	Connection string    `json:"connection,omitempty"`
	At         time.Time `json:"at"`
	NotRead    string    `json:"notRead,omitempty"` // why there is no more

	Carrier        bool      `json:"carrier"`
	SpeedMbps      int64     `json:"speedMbps,omitempty"`
	ReceivedDBm    []float64 `json:"receivedDbm,omitempty"` // optical power, one figure a lane
	TransmittedDBm []float64 `json:"transmittedDbm,omitempty"`
	Traffic        *Traffic  `json:"traffic,omitempty"`
	Encrypted      bool      `json:"encrypted,omitempty"` // a MACsec association is up

	// Frames that MACsec threw away since the association began: those that failed the integrity check, and those that were
	// late. Only of a port with keys on a router that counts.
	MACsecNotValid *uint64 `json:"macsecNotValid,omitempty"`
	MACsecLate     *uint64 `json:"macsecLate,omitempty"`
}

// InterfaceReading is the same of a virtual interface.
type InterfaceReading struct {
	Interface string           `json:"interface,omitempty"` // of a router's readings only
	At        time.Time        `json:"at"`
	NotRead   string           `json:"notRead,omitempty"`
	Up        bool             `json:"up"` // its link carries frames
	Traffic   *Traffic         `json:"traffic,omitempty"`
	Sessions  []SessionReading `json:"sessions,omitempty"`
}

// SessionReading is a BGP session as read.
type SessionReading struct {
	Peer     string `json:"peer"`
	Up       bool   `json:"up"`
	Reason   string `json:"reason,omitempty"` // why it is not
	Accepted int    `json:"prefixesAccepted"`
}

// Traffic is what was counted since the router made the port or interface. Ingress is from the customer.
type Traffic struct {
	Ingress Count `json:"ingress"`
	Egress  Count `json:"egress"`
	// OverSeconds is the time that the rates are of, since the server looked before; absent: there are none yet.
	OverSeconds float64 `json:"overSeconds,omitempty"`
}

// Count is one way of Traffic.
type Count struct {
	Bytes         uint64   `json:"bytes"`
	Packets       uint64   `json:"packets"`
	Errors        uint64   `json:"errors"`
	Dropped       uint64   `json:"dropped"`
	BitsPerSecond *float64 `json:"bitsPerSecond,omitempty"`
}

// RouterReading is all that a router was read to measure and count.
type RouterReading struct {
	At         time.Time          `json:"at"`
	NotRead    string             `json:"notRead,omitempty"`
	Ports      []PortReading      `json:"ports"` // those that connections hold, by ID
	Interfaces []InterfaceReading `json:"interfaces"`
}

// readParameter has the router read for an answer.
var readParameter = parameter{name: "read", about: "Read light, counters and sessions at the router, which may take some seconds.", kind: false}

// andRead is the query with it.
func andRead() url.Values { return url.Values{readParameter.name: {"true"}} }

// reads reports whether the request asks for a reading, its only parameter.
func reads(r *http.Request) (read bool, err error) {
	for key, values := range r.URL.Query() {
		if key != readParameter.name {
			return false, problem(http.StatusBadRequest, "%q is no parameter of this.", key)
		}
		if read, err = strconv.ParseBool(values[0]); err != nil {
			return false, noValue(key, values[0])
		}
	}
	return read, nil
}

// readPort reads a port at its router. Without one there is nothing to read.
func (a *api) readPort(ctx context.Context, router, port string) (*PortReading, error) {
	if port == "" {
		return nil, nil
	}
	r, err := a.Service.ReadRouter(ctx, router)
	if err != nil {
		return nil, err
	}
	out := portReadingOf(r, port)
	return &out, nil
}

// readInterface reads an interface that a router should have.
func (a *api) readInterface(ctx context.Context, v directconnect.VirtualInterface) (*InterfaceReading, error) {
	if !v.OnRouter() {
		return nil, nil
	}
	r, err := a.Service.ReadRouter(ctx, v.Router)
	if err != nil {
		return nil, err
	}
	out := interfaceReadingOf(r, v.ID, v.Peers)
	return &out, nil
}

// readRouter reads all of a router that is in use.
func (a *api) readRouter(ctx context.Context, name string) (*RouterReading, error) {
	r, err := a.Service.ReadRouter(ctx, name)
	if err != nil {
		return nil, err
	}
	held, vifs, err := a.Service.InUseOn(ctx, name)
	if err != nil {
		return nil, err
	}
	out := RouterReading{At: r.At, NotRead: r.Trouble, Ports: []PortReading{}, Interfaces: []InterfaceReading{}}
	for _, p := range held {
		one := portReadingOf(r, p.ID)
		one.Port, one.Connection = p.ID, p.ConnectionID
		out.Ports = append(out.Ports, one)
	}
	for _, v := range vifs {
		one := interfaceReadingOf(r, v.ID, v.Peers)
		one.Interface = v.ID
		out.Interfaces = append(out.Interfaces, one)
	}
	return &out, nil
}

func portReadingOf(r directconnect.Reading, port string) PortReading {
	p, trouble := r.PortReading(port)
	out := PortReading{At: r.At, NotRead: trouble}
	if trouble != "" {
		return out
	}
	out.Carrier, out.SpeedMbps, out.ReceivedDBm, out.TransmittedDBm = p.Carrier, p.SpeedMbps, p.ReceivedDBm, p.TransmittedDBm
	out.Traffic, out.Encrypted = trafficOf(p.Traffic), p.Encrypted
	if p.MACsec && p.Traffic != nil {
		out.MACsecNotValid, out.MACsecLate = &p.NotValid, &p.Late
	}
	return out
}

func interfaceReadingOf(r directconnect.Reading, id string, peers []directconnect.BGPPeer) InterfaceReading {
	v, trouble := r.InterfaceReading(id)
	out := InterfaceReading{At: r.At, NotRead: trouble}
	if trouble != "" {
		return out
	}
	out.Up, out.Traffic = v.Up, trafficOf(v.Traffic)
	for _, p := range peers {
		if s, there := v.Sessions[p.ID]; there {
			out.Sessions = append(out.Sessions, SessionReading{Peer: p.ID, Up: s.Up, Reason: s.Reason, Accepted: s.Accepted})
		}
	}
	return out
}

func trafficOf(t *directconnect.Traffic) *Traffic {
	if t == nil {
		return nil
	}
	count := func(c directconnect.Count) Count {
		out := Count{Bytes: c.Bytes, Packets: c.Packets, Errors: c.Errors, Dropped: c.Dropped}
		if t.Over > 0 {
			out.BitsPerSecond = (*float64)(&c.BitsPerSecond)
		}
		return out
	}
	return &Traffic{Ingress: count(t.In), Egress: count(t.Out), OverSeconds: t.Over.Seconds()}
}
