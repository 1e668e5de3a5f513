package weather

import (
	"strings"

	"pgregory.net/rapid"

	"onramp/internal/api"
)

func (m *machine) macsecActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"AssociateMacSecKey":    m.step(m.associateKey),
		"DisassociateMacSecKey": m.step(m.disassociateKey),
	}
}

// holder draws what may carry keys: a MACsec port outside a LAG, or a LAG of such.
func (m *machine) holder() (id, account, region string, keys map[string]bool) {
	if once(m.rt, 3, "LAG's key") {
		b := m.oneBundle(func(b *bundle) bool { return b.live() && m.seen.lags[b.id].MACsec })
		return b.id, b.account, b.region, b.keys
	}
	x := m.one(func(x *thing) bool { return workingPort(x) && x.lag == "" && m.seen.connections[x.id].MACsec })
	return x.id, x.account, x.region, x.keys
}

func (m *machine) associateKey() {
	id, account, region, keys := m.holder()
	in := &api.AssociateMacSecKeyRequest{ConnectionID: &id}
	if arns := m.secrets(account, region); len(arns) > 0 && once(m.rt, 3, "kept secret") {
		in.SecretARN = ptr(pick(m.rt, "secret", arns))
	} else {
		digit := pick(m.rt, "key", []string{"a", "B", "c", "d", "e"})
		in.Ckn, in.Cak = ptr(strings.Repeat(digit, 64)), ptr(strings.Repeat(digit+"0", 32))
	}
	if once(m.rt, 25, "half a key") {
		in.Cak = nil
	}
	out, ok := call[api.AssociateMacSecKeyResponse](m, "AssociateMacSecKey", m.caller(account, region), in)
	if !ok {
		return
	}
	for arn := range keysInUse(out.MacSecKeys) {
		keys[arn] = true
	}
}

// secrets are the ARNs of the keys that an account has in use.
func (m *machine) secrets(account, region string) []string {
	var arns []string
	for _, x := range m.model.things {
		if x.account == account && x.region == region {
			for _, k := range m.seen.connections[x.id].MACsecKeys {
				arns = append(arns, k.SecretARN)
			}
		}
	}
	return arns
}

func (m *machine) disassociateKey() {
	id, account, region, keys := m.holder()
	arns := []string{"arn:aws:secretsmanager:us-east-1:" + alice + ":secret:none"}
	for _, k := range append(m.seen.connections[id].MACsecKeys, m.seen.lags[id].MACsecKeys...) {
		arns = append(arns, k.SecretARN)
	}
	arn := arns[len(arns)-1]
	if once(m.rt, 4, "any key") {
		arn = pick(m.rt, "secret", arns)
	}
	in := &api.DisassociateMacSecKeyRequest{ConnectionID: &id, SecretARN: &arn}
	if _, ok := call[api.DisassociateMacSecKeyResponse](m, "DisassociateMacSecKey", m.caller(account, region), in); ok {
		delete(keys, arn)
	}
}
