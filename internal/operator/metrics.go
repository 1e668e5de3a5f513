package operator

import (
	"context"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is what /metrics tells. No label holds what a customer chose, nor who a customer is: each of them takes one of
// a few values.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	inFlight prometheus.Gauge
	passes   prometheus.Counter
	routers  *prometheus.HistogramVec
}

// NewMetrics makes the metrics of one server. overdue answers how long the row that is due the longest has waited; it is
// asked at every scrape.
func NewMetrics(version, engine string, overdue func(context.Context) (time.Duration, error)) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "onramp_api_request_duration_seconds",
			Help: "Customers' requests by operation (empty: none that exists), HTTP status and error type (empty: none).",
			Buckets: []float64{
				.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10,
			},
		}, []string{"operation", "status", "error_type"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "onramp_api_requests_in_flight", Help: "Customers' requests being answered now.",
		}),
		passes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "onramp_reconciler_passes_total", Help: "Reconciler passes of this server that changed something.",
		}),
		routers: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "onramp_fabric_call_duration_seconds", Help: "Calls to routers by kind (apply, observe) and result (ok, error).",
			Buckets: prometheus.ExponentialBuckets(.00001, 4, 11),
		}, []string{"call", "result"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "onramp_build_info", Help: "What runs here; always 1.",
		ConstLabels: prometheus.Labels{"version": version, "go_version": runtime.Version(), "database": engine},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.inFlight, m.passes, m.routers, build,
		dueCollector{overdue}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler answers /metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}

// Request counts a customer's request. Its texts come from tables of this program, not from the request.
func (m *Metrics) Request(operation string, status int, errorType string, took time.Duration) {
	m.requests.WithLabelValues(operation, strconv.Itoa(status), errorType).Observe(took.Seconds())
}

// InFlight counts the requests that next is answering.
func (m *Metrics) InFlight(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.inFlight.Inc()
		defer m.inFlight.Dec()
		next.ServeHTTP(w, r)
	})
}

// Pass counts a reconciler pass that changed something.
func (m *Metrics) Pass() { m.passes.Inc() }

// RouterCall counts a call to a router.
func (m *Metrics) RouterCall(call string, err error, took time.Duration) {
	result := "ok"
	if err != nil {
		result = "error"
	}
	m.routers.WithLabelValues(call, result).Observe(took.Seconds())
}

// dueCollector asks the store at a scrape how far behind the reconcilers are. A store that does not answer leaves the
// metric out rather than the whole scrape.
type dueCollector struct {
	overdue func(context.Context) (time.Duration, error)
}

var overdueDesc = prometheus.NewDesc("onramp_reconciler_overdue_seconds",
	"How long the row that is due the longest has waited for a reconciler; 0 when none is due.", nil, nil)

func (dueCollector) Describe(to chan<- *prometheus.Desc) { to <- overdueDesc }

func (c dueCollector) Collect(to chan<- prometheus.Metric) {
	const patience = 2 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if d, err := c.overdue(ctx); err == nil {
		to <- prometheus.MustNewConstMetric(overdueDesc, prometheus.GaugeValue, max(0, d.Seconds()))
	}
}
