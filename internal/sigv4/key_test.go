package sigv4

import (
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// TestDeriveKey holds the derivation against the user guide's worked example.
func TestDeriveKey(t *testing.T) {
	t.Parallel()
	key := deriveKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "iam")
	const want = "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"
	if got := hex.EncodeToString(key[:]); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestKeyIDsDiffer(t *testing.T) {
	t.Parallel()
	var k keyCache
	seen := map[keyID]string{}
	for _, secret := range []string{"a", "b", "", "east-1/a", strings.Repeat("s", 500)} {
		for _, date := range []string{"20150830", "20150831"} {
			for _, region := range []string{"us", "us-", "us-east-1"} {
				name := fmt.Sprintf("%.9s %s %s", secret, date, region)
				id := k.id(secret, date, region)
				if other, twice := seen[id]; twice {
					t.Errorf("%s and %s share an ID", name, other)
				}
				seen[id] = name
				if id != k.id(secret, date, region) {
					t.Errorf("%s has two IDs", name)
				}
			}
		}
	}
	var other keyCache
	if other.id("a", "20150830", "us") == k.id("a", "20150830", "us") {
		t.Error("two caches have the same salt")
	}
}

func TestKeyCacheIsBounded(t *testing.T) {
	t.Parallel()
	var k keyCache
	id := func(n int) keyID { return k.id("secret", "20150830", fmt.Sprint(n)) }
	k.put(id(0), signingKey{7})
	for n := 1; n <= 3*maxKeys; n++ {
		k.put(id(n), signingKey{1})
		if size := len(k.young) + len(k.old); size > maxKeys {
			t.Fatalf("%d keys after %d", size, n)
		}
		if n%100 == 0 {
			if key, found := k.get(id(0)); !found || key != (signingKey{7}) {
				t.Fatalf("a key in use was forgotten after %d others", n)
			}
		}
	}
	if _, found := k.get(id(1)); found {
		t.Error("a key that nobody asked for is still there")
	}
}

func TestKeyCacheConcurrently(t *testing.T) {
	t.Parallel()
	var k keyCache
	var wait sync.WaitGroup
	for worker := range 8 {
		wait.Go(func() {
			for n := range 2000 {
				secret := fmt.Sprint((n * (worker + 1)) % 3000)
				id := k.id(secret, "20150830", "us-east-1")
				want := deriveKey(secret, "20150830", "us-east-1", "service")
				if got, found := k.get(id); found && got != want {
					t.Errorf("the key of %s is another's", secret)
				} else if !found {
					k.put(id, want)
				}
			}
		})
	}
	wait.Wait()
}
