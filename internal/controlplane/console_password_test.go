package controlplane

import (
	"errors"
	"strings"
	"testing"
)

func TestPasswordHashes(t *testing.T) {
	t.Parallel()
	const password = "correct horse battery staple"
	one, two := hashPassword(password), hashPassword(password)
	if one == two || !strings.HasPrefix(one, "$argon2id$v=19$m=65536,t=3,p=4$") || strings.Contains(one, password) {
		t.Errorf("hashes %q and %q", one, two)
	}
	if !samePassword(one, password) || !samePassword(two, password) || samePassword(one, password+" ") || samePassword(one, "") {
		t.Error("a hash fits another password, or not its own")
	}
	// One with other parameters, as an earlier version may have kept: made by the reference implementation,
	// echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32
	if !samePassword("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password") {
		t.Error("a hash with other parameters does not fit")
	}
	for _, broken := range []string{
		"", "x", strings.Replace(one, "argon2id", "argon2i", 1), strings.Replace(one, "v=19", "v=18", 1), strings.Replace(one, "t=3", "t=0", 1),
		strings.Replace(one, "p=4", "p=0", 1), strings.Replace(one, "m=65536", "m=99999999", 1), one[:len(one)-43], one + "!", nobodysPassword,
	} {
		if samePassword(broken, password) {
			t.Errorf("%q fits", broken)
		}
	}
}

func TestPasswordRules(t *testing.T) {
	t.Parallel()
	for password, valid := range map[string]bool{
		"twelve chars": true, "eleven char": false, "": false, strings.Repeat("ü", 12): true, strings.Repeat("ü", 128): true, strings.Repeat("ü", 129): false,
		"not utf-8 \xff\xff\xff": false,
	} {
		err := checkPassword(password)
		if _, refused := errors.AsType[*Refusal](err); (err == nil) != valid || err != nil && !refused {
			t.Errorf("%q: %v", password, err)
		} else if err != nil && password != "" && strings.Contains(err.Error(), password) {
			t.Error("the refusal tells the password")
		}
	}
}
