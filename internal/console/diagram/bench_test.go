package diagram

import "testing"

// BenchmarkPicture arranges, describes and draws networks.
func BenchmarkPicture(b *testing.B) {
	for _, name := range []string{"one_link", "two_locations", "ten_thousand"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if svg := draw(samples[name], Scope{}).SVG(); len(svg) == 0 {
					b.Fatal("no picture")
				}
			}
		})
	}
}
