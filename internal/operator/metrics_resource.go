package operator

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// Resources tells /metrics of each connection and virtual interface. They are not in a registry, which would make several
// objects of each series at every scrape: what is needed is read once, into some hundred bytes a resource, most of them its
// labels as they are written, and written as text.
type Resources struct {
	// Meter calls the functions for all that is live.
	Meter func(ctx context.Context, connection func(controlplane.MeteredConnection), vif func(*controlplane.MeteredInterface)) error
	// Port answers what this server has last read of a port, Interface of an interface; false: nothing yet.
	Port      func(router, port string) (Reading, bool)
	Interface func(router, vif string) (Reading, bool)
}

// Reading is what was read of a port or an interface.
type Reading struct {
	Counted                         bool // there are counters
	IngressBytes, EgressBytes       uint64
	IngressPackets, EgressPackets   uint64
	Errors                          uint64
	ReceivedLight, TransmittedLight []float64 // dBm, one figure a lane; none: it cannot be measured
}

// meteredConnection is what is kept of a connection while a scrape is written.
type meteredConnection struct {
	labels                []byte
	reading               *Reading // nil: none
	up, macsec, encrypted bool
}

// meteredInterface is what is kept of an interface.
type meteredInterface struct {
	labels               []byte
	reading              *Reading // nil: none
	peers, others        int      // its own are scrape.peers[peers:others]
	accepted, advertised int32
	up                   bool
}

// meteredPeer is a BGP session.
type meteredPeer struct {
	labels []byte
	up     bool
}

// scrape is all that one scrape tells.
type scrape struct {
	resources   *Resources
	text        []byte // where labels are put, as they are written, until it is full
	connections []meteredConnection
	interfaces  []meteredInterface
	peers       []meteredPeer
}

// put keeps texts, which need no escapes: they are identifiers of ours and names of the inventory.
func (s *scrape) put(parts ...string) []byte {
	const block = 256 << 10
	length := 0
	for _, p := range parts {
		length += len(p)
	}
	if cap(s.text)-len(s.text) < length {
		s.text = make([]byte, 0, max(block, length))
	}
	from := len(s.text)
	for _, p := range parts {
		s.text = append(s.text, p...)
	}
	return s.text[from:len(s.text):len(s.text)]
}

func (s *scrape) read(ctx context.Context) error {
	return s.resources.Meter(ctx, s.connection, s.vif)
}

func (s *scrape) connection(c controlplane.MeteredConnection) {
	m := meteredConnection{
		labels: s.put(`{connection="`, c.ID, `",location="`, c.Location, `",router="`, c.Router, `"`),
		up:     c.State == directconnect.ConnectionAvailable, macsec: c.MACsec, encrypted: c.Encrypted,
	}
	if r, ok := s.resources.Port(c.Router, strings.TrimPrefix(c.Port, c.Router+"/")); ok && c.Port != "" {
		kept := r // r itself would be made anew for each that has none
		m.reading = &kept
	}
	s.connections = append(s.connections, m)
}

func (s *scrape) vif(v *controlplane.MeteredInterface) {
	m := meteredInterface{
		labels: s.put(`{virtual_interface="`, v.ID, `",connection="`, v.Connection, `",location="`, v.Location, `",router="`, v.Router, `"`),
		up:     v.State == directconnect.InterfaceAvailable, accepted: v.Accepted, advertised: v.Advertised, peers: len(s.peers),
	}
	for _, p := range v.Peers {
		if p.State == directconnect.PeerAvailable {
			s.peers = append(s.peers, meteredPeer{s.put(`,bgp_peer="`, p.ID, `",address_family="`, string(p.Family), `"`), p.Up})
		}
	}
	m.others = len(s.peers)
	if r, ok := s.resources.Interface(v.Router, v.ID); ok {
		kept := r
		m.reading = &kept
	}
	s.interfaces = append(s.interfaces, m)
}

// handler adds what next tells, as plain text, to what each resource has to say.
func (rs *Resources) handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const patience = 20 * time.Second
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		s := scrape{resources: rs}
		err := s.read(ctx)
		whole := 1
		if err != nil { // what the program knows of itself is told all the same
			s.connections, s.interfaces, whole = nil, nil, 0
		}
		var out io.Writer = w
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.Header().Set("Content-Encoding", "gzip")
			z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed) // a level that there is
			defer z.Close()
			out = z
		}
		plain := r.Clone(ctx)
		plain.Header.Del("Accept-Encoding")
		plain.Header.Set("Accept", "text/plain;version=0.0.4")
		next.ServeHTTP(onto{w, out}, plain)
		text := bufio.NewWriterSize(out, 64<<10)
		defer text.Flush()
		for _, f := range families {
			f.write(text, &s)
		}
		fmt.Fprintf(text, "# HELP onramp_metrics_resources_read Whether the resources could be read for this scrape: 1 yes, 0 no.\n"+
			"# TYPE onramp_metrics_resources_read gauge\nonramp_metrics_resources_read %d\n", whole)
	})
}

// onto is an http.ResponseWriter whose body goes elsewhere.
type onto struct {
	http.ResponseWriter
	body io.Writer
}

func (o onto) Write(p []byte) (int, error) { return o.body.Write(p) }

// family is a metric that each resource of a kind has, or may have.
type family struct {
	name, kind, help string
	connection       func(c *meteredConnection, l *line)
	vif              func(v *meteredInterface, l *line)
}

func (f *family) write(w *bufio.Writer, s *scrape) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", f.name, f.help, f.name, f.kind)
	l := &line{to: w, name: f.name, scrape: s}
	if f.connection != nil {
		for i := range s.connections {
			l.labels = s.connections[i].labels
			f.connection(&s.connections[i], l)
		}
		return
	}
	for i := range s.interfaces {
		l.labels = s.interfaces[i].labels
		f.vif(&s.interfaces[i], l)
	}
}

// line writes samples of a metric.
type line struct {
	to     *bufio.Writer
	name   string
	scrape *scrape
	labels []byte // of the resource
}

// put writes a sample of the resource.
func (l *line) put(v float64) { l.end(l.begin(), v) }

// with writes a sample of a part of the resource, which has more labels.
func (l *line) with(more []byte, v float64) {
	l.end(append(l.begin(), more...), v)
}

// lanes writes a sample for each lane.
func (l *line) lanes(levels []float64) {
	for lane, dbm := range levels {
		b := append(l.begin(), `,lane="`...)
		l.end(append(strconv.AppendInt(b, int64(lane), 10), '"'), dbm)
	}
}

// longest is what the buffer has room for without being written: metrics and labels of ours are shorter.
const longest = 4 << 10

func (l *line) begin() []byte {
	if l.to.Available() < longest {
		_ = l.to.Flush() // an error stays, and is met at the end
	}
	b := append(l.to.AvailableBuffer(), l.name...)
	return append(b, l.labels...)
}

func (l *line) end(b []byte, v float64) {
	b = append(b, "} "...)
	const exact = 1 << 53
	if v == math.Trunc(v) && math.Abs(v) < exact {
		b = strconv.AppendInt(b, int64(v), 10) // the same number, written faster
	} else {
		b = strconv.AppendFloat(b, v, 'g', -1, 64)
	}
	_, _ = l.to.Write(append(b, '\n'))
}
