package operator

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// Resources tells /metrics of each connection and virtual interface. They are not in a registry, which would make several
// objects of each series at every scrape: what is needed is read once, into some hundred bytes a resource, and written as text.
type Resources struct {
	// Meter calls the functions for all that is live.
	Meter func(ctx context.Context, connection func(controlplane.MeteredConnection), vif func(directconnect.VirtualInterface)) error
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

// meteredPeer is a BGP session.
type meteredPeer struct {
	id     string
	family directconnect.Family
	up     bool
}

// meteredInterface is what is kept of an interface while a scrape is written.
type meteredInterface struct {
	id, connection, location, router string
	up                               bool
	accepted, advertised             int32
	peers                            []meteredPeer
}

// scrape is all that one scrape tells.
type scrape struct {
	resources   *Resources
	connections []controlplane.MeteredConnection
	interfaces  []meteredInterface
	names       map[string]string // each location, router and kind once
}

func (s *scrape) name(text string) string {
	if kept, ok := s.names[text]; ok {
		return kept
	}
	s.names[text] = text
	return text
}

func (s *scrape) read(ctx context.Context) error {
	return s.resources.Meter(ctx, func(c controlplane.MeteredConnection) {
		c.Kind, c.Location, c.Router = s.name(c.Kind), s.name(c.Location), s.name(c.Router)
		c.State = directconnect.ConnectionState(s.name(string(c.State)))
		s.connections = append(s.connections, c)
	}, func(v directconnect.VirtualInterface) {
		m := meteredInterface{
			id: v.ID, connection: v.ParentID, location: s.name(v.Location), router: s.name(v.Router),
			up: v.State == directconnect.InterfaceAvailable, accepted: v.AcceptedCount, advertised: v.OfferedCount,
		}
		for _, p := range v.Peers {
			if p.State == directconnect.PeerAvailable {
				m.peers = append(m.peers, meteredPeer{p.ID, p.Family, p.Up})
			}
		}
		s.interfaces = append(s.interfaces, m)
	})
}

// handler adds what next tells, as plain text, to what each resource has to say.
func (rs *Resources) handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const patience = 20 * time.Second
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		s := scrape{resources: rs, names: map[string]string{}}
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
	connection       func(c *controlplane.MeteredConnection, r Reading, put func(v float64, labels string))
	vif              func(v *meteredInterface, r Reading, put func(v float64, labels string))
}

func (f *family) write(w *bufio.Writer, s *scrape) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", f.name, f.help, f.name, f.kind)
	line := make([]byte, 0, 256)
	if f.connection != nil {
		for i := range s.connections {
			c := &s.connections[i]
			r, _ := s.resources.Port(c.Router, strings.TrimPrefix(c.Port, c.Router+"/"))
			f.connection(c, r, func(v float64, labels string) {
				line = append(append(line[:0], f.name...), `{connection="`...)
				line = append(append(line, c.ID...), `",location="`...)
				line = append(append(line, c.Location...), `",router="`...)
				line = append(append(line, c.Router...), '"')
				_, _ = w.Write(sample(append(line, labels...), v))
			})
		}
		return
	}
	for i := range s.interfaces {
		m := &s.interfaces[i]
		r, _ := s.resources.Interface(m.router, m.id)
		f.vif(m, r, func(v float64, labels string) {
			line = append(append(line[:0], f.name...), `{virtual_interface="`...)
			line = append(append(line, m.id...), `",connection="`...)
			line = append(append(line, m.connection...), `",location="`...)
			line = append(append(line, m.location...), `",router="`...)
			line = append(append(line, m.router...), '"')
			_, _ = w.Write(sample(append(line, labels...), v))
		})
	}
}

// sample ends a line. The label values before it are identifiers of ours and names of the inventory, which need no escapes.
func sample(line []byte, v float64) []byte {
	line = append(line, '}', ' ')
	line = strconv.AppendFloat(line, v, 'g', -1, 64)
	return append(line, '\n')
}
