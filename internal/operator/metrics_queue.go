package operator

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"onramp/internal/controlplane"
)

// queueCollector asks the store at a scrape what waits to be done. A store that does not answer leaves the metrics out
// rather than the whole scrape.
type queueCollector struct {
	queues func(context.Context) (controlplane.Queues, error)
}

// queueMetrics are what it tells.
var queueMetrics = []struct {
	desc  *prometheus.Desc
	value func(controlplane.Queues) float64
}{
	{queueDesc("onramp_reconciler_queue_length", "Rows that a reconciler is to look at now."),
		func(q controlplane.Queues) float64 { return float64(q.Due) }},
	{queueDesc("onramp_reconciler_overdue_seconds", "How long the row that is due the longest has waited for a reconciler; 0 when none is due."),
		func(q controlplane.Queues) float64 { return q.Overdue.Seconds() }},
	{queueDesc("onramp_webhook_queue_length", "Events that webhooks are still to be told, paused ones too."),
		func(q controlplane.Queues) float64 { return float64(q.Deliveries) }},
	{queueDesc("onramp_webhook_given_up", "Events that were given up, since the receiver did not take them, and are still kept."),
		func(q controlplane.Queues) float64 { return float64(q.GivenUp) }},
	{queueDesc("onramp_webhook_oldest_seconds", "How long ago the oldest event has happened that a webhook is still to be told; 0 without any."),
		func(q controlplane.Queues) float64 { return q.OldestDelivery.Seconds() }},
	{queueDesc("onramp_audit_queue_length", "Records of the audit trail that this server has still to write."),
		func(q controlplane.Queues) float64 { return float64(q.Records) }},
	{queueDesc("onramp_audit_checkpoint_age_seconds", "How long ago the audit trail was sealed; 0 without a checkpoint."),
		func(q controlplane.Queues) float64 { return q.CheckpointAge.Seconds() }},
	{queueDesc("onramp_agents_connected", "Agents of real routers that were heard of lately, on all servers."),
		func(q controlplane.Queues) float64 { return float64(q.Agents) }},
	{queueDesc("onramp_agents_enrolled", "Agents of real routers that are enrolled."),
		func(q controlplane.Queues) float64 { return float64(q.Tracked) }},
}

func queueDesc(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }

func (queueCollector) Describe(to chan<- *prometheus.Desc) {
	for _, m := range queueMetrics {
		to <- m.desc
	}
}

func (c queueCollector) Collect(to chan<- prometheus.Metric) {
	const patience = 2 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	q, err := c.queues(ctx)
	if err != nil {
		return
	}
	for _, m := range queueMetrics {
		to <- prometheus.MustNewConstMetric(m.desc, prometheus.GaugeValue, max(0, m.value(q)))
	}
}
