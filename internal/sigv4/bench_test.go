package sigv4_test

import (
	"context"
	"strings"
	"testing"

	"onramp/internal/sigv4"
)

// BenchmarkVerify is a DescribeConnections as the SDK sends it, 200 bytes of
// body: with the signing key kept, and with a secret never seen before.
func BenchmarkVerify(b *testing.B) {
	body := []byte(`{"connectionId":"` + strings.Repeat("x", 181) + `"}`)
	r := order(b, body)
	sign(b, r, body, "", "eu-west-1", exampleTime)
	r = received(b, r)

	b.Run("kept key", func(b *testing.B) {
		v := exampleVerifier("directconnect")
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.Verify(r, body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("kept key, parallel", func(b *testing.B) {
		v := exampleVerifier("directconnect")
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := v.Verify(r, body); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
	b.Run("refused", func(b *testing.B) { // derives every time: a refusal is not kept
		v := exampleVerifier("directconnect")
		v.Lookup = func(context.Context, string, string) (sigv4.Credential, error) {
			return sigv4.Credential{Secret: "another"}, nil
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.Verify(r, body); err == nil {
				b.Fatal("accepted")
			}
		}
	})
}
