package remote

import (
	"fmt"
	"net/netip"
	"reflect"
	"testing"

	"onramp/internal/fabric"
)

// fill sets everything that a value of type T holds, each to something else, so that what a codec forgets is missed: also
// what is added to the type later.
func fill[T any](t *testing.T) T {
	t.Helper()
	var v T
	n := 0
	fillValue(t, reflect.ValueOf(&v).Elem(), &n)
	return v
}

func fillValue(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch v.Interface().(type) {
	case netip.Addr:
		v.Set(reflect.ValueOf(netip.AddrFrom4([4]byte{10, 0, byte(*n >> 8), byte(*n)})))
		return
	case netip.Prefix:
		v.Set(reflect.ValueOf(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(*n >> 8), byte(*n), 0}), 24)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("text-%d-", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n) / 8)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillValue(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fillValue(t, v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fillValue(t, key, n)
			fillValue(t, value, n)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(t, v.Field(i), n)
		}
	default:
		t.Fatalf("nothing is known of %s", v.Type())
	}
}

// routed is a small intent that is valid, with a key of each kind.
func routed() fabric.Intent {
	return fabric.Intent{
		Ports: []fabric.Port{
			{Name: "et-0", Enabled: true, SpeedMbps: 1000, MACsec: &fabric.MACsec{Mode: fabric.MACsecRequire, Keys: []fabric.Key{{CKN: "aa", CAK: cak}}}},
		},
		VRFs: []fabric.VRF{{Name: "gateway", LocalASN: 64512}},
		Interfaces: []fabric.Interface{{
			Name: "vif", Link: "et-0", VLAN: 100, MTU: 1500, VRF: "gateway",
			Neighbors: []fabric.Neighbor{{
				Name: "peer", Local: netip.MustParsePrefix("169.254.0.1/30"), Remote: netip.MustParseAddr("169.254.0.2"),
				LocalASN: 64512, RemoteASN: 65001, Key: bgpKey,
			}},
		}},
	}
}

const (
	cak    = fabric.Secret("c0ffee00c0ffee00c0ffee00c0ffee00")
	bgpKey = fabric.Secret("0xsession-key-of-a-customer")
)
