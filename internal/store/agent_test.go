package store

import "testing"

// Statements about agents find their rows by the index.
func TestAgentStatementsUseIndexes(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), Options{URL: "sqlite://" + t.TempDir() + "/onramp.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sess, err := s.writer.sessions.get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.writer.sessions.put(sess, true)
	for _, query := range []string{
		"SELECT " + agentColumns + " FROM agent WHERE router = ?",
		"SELECT " + agentColumns + " FROM agent WHERE router > ? ORDER BY router LIMIT 10",
	} {
		for _, step := range plan(t.Context(), t, sess, query) {
			if len(step) < 6 || step[:6] != "SEARCH" {
				t.Errorf("%s: %s", query, step)
			}
		}
	}
}
