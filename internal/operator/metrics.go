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

	"onramp/internal/controlplane"
)

// Metrics is what /metrics tells. No label holds what a customer chose, nor who a customer is: each of them takes one of
// a few values.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	inFlight prometheus.Gauge
	passes   prometheus.Counter
	routers  *prometheus.HistogramVec
	webhooks *prometheus.HistogramVec
}

// NewMetrics makes the metrics of one server. queues answers what waits to be done; it is asked at every scrape.
func NewMetrics(version, engine string, queues func(context.Context) (controlplane.Queues, error)) *Metrics {
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
	m.webhooks = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "onramp_webhook_delivery_duration_seconds", Help: "Attempts of this server to deliver an event, by result (ok, error).",
		Buckets: prometheus.ExponentialBuckets(.001, 4, 8),
	}, []string{"result"})
	for _, result := range []string{"ok", "error"} { // there before the first attempt, so that a rate shows it
		m.webhooks.WithLabelValues(result)
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "onramp_build_info", Help: "What runs here; always 1.",
		ConstLabels: prometheus.Labels{"version": version, "go_version": runtime.Version(), "database": engine},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.inFlight, m.passes, m.routers, m.webhooks, build,
		queueCollector{queues}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler answers /metrics; resources is what it tells of each connection and interface, nil: nothing.
func (m *Metrics) Handler(resources *Resources) http.Handler {
	own := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	if resources != nil {
		own = resources.handler(own)
	}
	return atMost(4, own)
}

// atMost lets so many requests in at a time.
func atMost(n int, next http.Handler) http.Handler {
	free := make(chan struct{}, n)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case free <- struct{}{}:
			defer func() { <-free }()
			next.ServeHTTP(w, r)
		default:
			http.Error(w, "too many scrapes at once", http.StatusServiceUnavailable)
		}
	})
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

// Delivery counts an attempt to deliver an event.
func (m *Metrics) Delivery(ok bool, took time.Duration) {
	result := "ok"
	if !ok {
		result = "error"
	}
	m.webhooks.WithLabelValues(result).Observe(took.Seconds())
}
