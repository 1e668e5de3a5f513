package main

import (
	"fmt"
	"io"
	"runtime"
)

// row is a line of the table. It passes when ratio >= target.
type row struct {
	what, value, beside string
	ratio, target       float64
}

func (b *bench) add(r row) { b.rows = append(b.rows, r) }

func perSecond(f figures) string {
	return fmt.Sprintf("%.0f/s (%.0f µs)", f.rate, float64(f.cpu.Nanoseconds())/1000)
}

// report prints the table in Markdown.
func (b *bench) report(to io.Writer) error {
	fmt.Fprintf(to, "%d processors, %s, %d clients, pace %s; medians of %d rounds of %v; in brackets the processor time of the serving process a call.\n\n",
		runtime.NumCPU(), runtime.Version(), b.clients, b.pace, b.rounds, b.round)
	_, err := fmt.Fprintf(to, "| what | server | beside it | ratio | target | |\n|---|---|---|---|---|---|\n")
	for _, r := range b.rows {
		verdict := "pass"
		if r.ratio < r.target {
			verdict = "**miss**"
		}
		_, err = fmt.Fprintf(to, "| %s | %s | %s | %.2f | %.2f | %s |\n", r.what, r.value, r.beside, r.ratio, r.target, verdict)
	}
	return err
}
