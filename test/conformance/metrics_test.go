package conformance

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/goccy/go-yaml"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"onramp/internal/event"
)

// scrape answers what /metrics of a server tells, as text.
func scrape(t testing.TB, operatorURL string) string {
	t.Helper()
	answer, err := http.Get(operatorURL + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("/metrics: %s, %v", answer.Status, err)
	}
	return string(text)
}

// familiesOf are the names of the metrics of a scrape, those without a sample too.
func familiesOf(text string) map[string]bool {
	all := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (\S+) `).FindAllStringSubmatch(text, -1) {
		all[m[1]] = true
	}
	return all
}

// has waits until a scrape has a line that begins so, which some writes of ours come a moment after.
func has(t testing.TB, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !regexp.MustCompile(`(?m)^` + line + `$`).MatchString(text) {
			t.Errorf("no line of the scrape is %s", line)
		}
	}
	if t.Failed() {
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "onramp_connection") || strings.HasPrefix(line, "onramp_virtual") || strings.HasPrefix(line, "onramp_webhook") {
				t.Log(strings.TrimSpace(line))
			}
		}
	}
}

// meteredThings are what the metrics of a world tell of.
type meteredThings struct{ connection, secure, vif string }

// metered has a port with an interface whose session is up, and a port with MACsec, as seen by a visit.
func (w *world) metered(t testing.TB) meteredThings {
	t.Helper()
	a := w.as(t, alice)
	c := meteredThings{connection: a.port(t, "10Gbps"), secure: a.orderSecure(t, ashburn, "10Gbps", "secure")}
	got(a.addKey(t, c.secure, 1))(t)
	w.light(c.secure)
	c.vif = a.private(t, c.connection, 3)
	w.turn(time.Hour)
	a.vifState(t, c.vif, "available")
	return c
}

// TestMetricsTellEachState causes each state and reads it off a scrape.
func TestMetricsTellEachState(t *testing.T) {
	t.Parallel()
	w := open(t)
	c := w.metered(t)
	up := func() string { return scrape(t, w.server.OperatorURL) }
	labels := func(id string) string { return `\{connection="` + id + `",location="\S+",router="\S+"` }
	text := up()
	has(t, text,
		"onramp_connection_state"+labels(c.connection)+`\} 1`,
		"onramp_connection_light_level_receive_dbm"+labels(c.connection)+`,lane="0"\} -\d.*`,
		"onramp_connection_light_level_transmit_dbm"+labels(c.connection)+`,lane="0"\} -\d.*`,
		`onramp_virtual_interface_state\{virtual_interface="`+c.vif+`",connection="`+c.connection+`",.*\} 1`,
		`onramp_virtual_interface_bgp_status\{virtual_interface="`+c.vif+`",.*,bgp_peer="dxpeer-\S+",address_family="ipv4"\} 1`,
		`onramp_virtual_interface_bgp_prefixes_accepted\{virtual_interface="`+c.vif+`",.*\} [1-9]\d*`,
		`onramp_virtual_interface_bgp_prefixes_advertised\{virtual_interface="`+c.vif+`",.*\} [1-9]\d*`,
		"onramp_metrics_resources_read 1", "onramp_reconciler_queue_length 0", "onramp_webhook_queue_length 0",
	)
	if strings.Contains(text, "onramp_connection_egress_bytes_total{") {
		t.Error("a simulated router has counted bytes")
	}
	if strings.Contains(text, `onramp_connection_encryption_state{connection="`+c.connection) {
		t.Error("there is an encryption state of a connection without MACsec")
	}
	has(t, text, "onramp_connection_encryption_state"+labels(c.secure)+`\} 1`)
	got(w.as(t, alice).UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &c.secure, EncryptionMode: str("no_encrypt")}))(t)
	w.server.Settle()
	has(t, up(), "onramp_connection_encryption_state"+labels(c.secure)+`\} 0`, "onramp_connection_state"+labels(c.secure)+`\} 1`)
	if _, err := w.service.CutCable(t.Context(), c.connection); err != nil {
		t.Fatal(err)
	}
	w.server.Settle()
	has(t, up(),
		"onramp_connection_state"+labels(c.connection)+`\} 0`,
		"onramp_connection_light_level_receive_dbm"+labels(c.connection)+`,lane="0"\} -(30|[3-9]\d).*`,
		`onramp_virtual_interface_state\{virtual_interface="`+c.vif+`",.*\} 0`,
		`onramp_virtual_interface_bgp_status\{virtual_interface="`+c.vif+`",.*\} 0`,
		`onramp_virtual_interface_bgp_prefixes_accepted\{virtual_interface="`+c.vif+`",.*\} 0`,
	)
}

// TestMetricsLint holds names, types and help of all metrics of ours against Prometheus' conventions.
func TestMetricsLint(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.metered(t)
	problems, err := promlint.New(bytes.NewBufferString(scrape(t, w.server.OperatorURL))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "onramp_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// metricNames are the names of our metrics in a text, without what histograms add.
func metricNames(text string) []string {
	found := map[string]bool{}
	for _, name := range regexp.MustCompile(`\bonramp_[a-z0-9_]+`).FindAllString(text, -1) {
		for _, suffix := range []string{"_bucket", "_count", "_sum"} {
			name = strings.TrimSuffix(name, suffix)
		}
		found[name] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func packaged(t *testing.T, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{"..", ".."}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestMetricsAreDocumented: the page, the dashboard and the rules name metrics that there are, and the page names all.
func TestMetricsAreDocumented(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.metered(t)
	there := familiesOf(scrape(t, w.server.OperatorURL))
	page := regexp.MustCompile("(?m)^\\| `(onramp_[a-z_]+)`").FindAllStringSubmatch(string(packaged(t, "docs", "metrics.md")), -1)
	documented := map[string]bool{}
	for _, m := range page {
		documented[m[1]] = true
		if !there[m[1]] {
			t.Errorf("docs/metrics.md tells of %s, which no scrape has", m[1])
		}
	}
	for name := range there {
		if strings.HasPrefix(name, "onramp_") && !documented[name] {
			t.Errorf("%s is not in docs/metrics.md", name)
		}
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(packaged(t, "packaging", "grafana", "onramp.json"), &dashboard); err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			names := metricNames(target.Expr)
			if len(names) == 0 {
				t.Errorf("panel %s asks for no metric of ours: %s", p.Title, target.Expr)
			}
			for _, name := range names {
				shown[name] = true
				if !there[name] {
					t.Errorf("panel %s asks for %s, which no scrape has", p.Title, name)
				}
			}
		}
	}
	for name := range there {
		if strings.HasPrefix(name, "onramp_connection_") && !shown[name] {
			t.Errorf("the dashboard does not show %s", name)
		}
	}
	checkRules(t, packaged(t, "packaging", "prometheus", "alerts.yaml"), there)
}

// checkRules holds recording rules and alerts against the metrics that there are.
func checkRules(t *testing.T, text []byte, there map[string]bool) {
	t.Helper()
	var rules struct {
		Groups []struct {
			Name     string
			Interval string
			Rules    []struct {
				Record, Alert, Expr, For string
				Labels, Annotations      map[string]string
			}
		}
	}
	if err := yaml.UnmarshalWithOptions(text, &rules, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	recorded, seen := map[string]bool{}, map[string]bool{}
	for _, g := range rules.Groups {
		for _, r := range g.Rules {
			name := r.Record + r.Alert
			if (r.Record == "") == (r.Alert == "") || seen[name] || strings.Count(r.Expr, "(") != strings.Count(r.Expr, ")") {
				t.Errorf("rule %q is not one: %+v", name, r)
			}
			seen[name] = true
			if r.Alert != "" && (r.Annotations["summary"] == "" || r.Labels["severity"] == "") {
				t.Errorf("alert %s lacks a summary or a severity", name)
			}
			if r.For != "" {
				if _, err := time.ParseDuration(r.For); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			for _, used := range regexp.MustCompile(`onramp:[a-z0-9_:]+`).FindAllString(r.Expr, -1) {
				if !recorded[used] {
					t.Errorf("%s uses %s, which is not recorded before", name, used)
				}
			}
			for _, used := range metricNames(r.Expr) {
				if !there[used] {
					t.Errorf("%s asks for %s, which no scrape has", name, used)
				}
			}
			recorded[r.Record] = r.Record != ""
		}
	}
}

// TestEventsAreDocumented: the page has each kind with what its detail may have, and no other.
func TestEventsAreDocumented(t *testing.T) {
	t.Parallel()
	page := string(packaged(t, "docs", "events.md"))
	for _, m := range event.Kinds {
		section := "### `" + string(m.Kind) + "`\n\n*" + m.DetailType + ".* " + m.When + "\n\n`detail`: `" + strings.Join(m.Detail, "`, `") + "`\n"
		if !strings.Contains(page, section) {
			t.Errorf("docs/events.md lacks:\n%s", section)
		}
	}
	if n := strings.Count(page, "\n### `"); n != len(event.Kinds) {
		t.Errorf("docs/events.md has %d kinds, there are %d", n, len(event.Kinds))
	}
}
