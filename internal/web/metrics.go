package web

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics counts and times requests per operation.
type Metrics struct {
	flying prometheus.Gauge
	took   *prometheus.HistogramVec
}

// NewMetrics registers the metrics of the HTTP layer.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		flying: prometheus.NewGauge(prometheus.GaugeOpts{Name: "voordeur_http_requests_in_flight", Help: "Requests being answered."}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "voordeur_http_request_duration_seconds", Help: "Time to answer, by operation.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"operation", "audience", "status"}),
	}
	r.MustRegister(m.flying, m.took)
	return m
}

func (m *Metrics) began() {
	if m != nil {
		m.flying.Inc()
	}
}

func (m *Metrics) ended(operation, audience string, status int, took time.Duration) {
	if m == nil {
		return
	}
	m.flying.Dec()
	m.took.WithLabelValues(operation, audience, strconv.Itoa(status)).Observe(took.Seconds())
}
