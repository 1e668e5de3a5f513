package postgres

import "testing"

// EachEngine runs f as two subtests, side by side: on "sqlite" with no URL, as a server without one has a file of its own, and
// on "postgres" with that of an empty database of the Shared cluster, which does not wait for its disk.
func EachEngine(t *testing.T, f func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, "")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, Shared(t, WithoutFsync()).Database(t))
	})
}
