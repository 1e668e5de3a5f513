package directconnect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// RateLimit is the most that an interface may carry each way: "50Mbps", "1.2Gbps", "1.6Tbps"; empty is no limit
// (API reference 2026, NewPrivateVirtualInterface.rateLimit).
type RateLimit string

// MaxRateLimiters is how many interfaces of a dedicated connection or LAG may have one.
const MaxRateLimiters = 10

// NoRateLimit removes a limit in an update.
const NoRateLimit = "none"

// rateLimits are the values one may ask for.
var rateLimits = func() []RateLimit {
	all := []RateLimit{"50Mbps"}
	for m := 100; m <= 900; m += 100 {
		all = append(all, RateLimit(strconv.Itoa(m)+"Mbps"))
	}
	const gbps = "1 1.2 1.5 1.8 2 2.1 2.4 2.7 3 3.2 3.6 4 5 6 7 8 9 10 12 15 18 20 21 24 27 30 32 36 40 50 60 70 80 100 120 " +
		"150 180 200 210 240 270 300 320 360 400 450 480 500 540 600 700 800 900"
	for g := range strings.FieldsSeq(gbps) {
		all = append(all, RateLimit(g+"Gbps"))
	}
	for t := 10; t <= 16; t++ {
		all = append(all, RateLimit(strings.TrimSuffix(fmt.Sprintf("%d.%d", t/10, t%10), ".0")+"Tbps"))
	}
	return all
}()

// ParseRateLimit checks a requested limit; empty and "none" mean no limit.
func ParseRateLimit(s string) (RateLimit, error) {
	if s == "" || s == NoRateLimit {
		return "", nil
	}
	if r := RateLimit(s); slices.Contains(rateLimits, r) {
		return r, nil
	}
	return "", Clientf("Rate limit %s is not valid.", s)
}

// Mbps is the limit in megabits per second, 0 for none.
func (r RateLimit) Mbps() int64 {
	for suffix, factor := range map[string]float64{"Mbps": 1, "Gbps": 1e3, "Tbps": 1e6} {
		if digits, ok := strings.CutSuffix(string(r), suffix); ok {
			n, err := strconv.ParseFloat(digits, 64)
			if err != nil {
				return 0
			}
			return int64(n*factor + 0.5)
		}
	}
	return 0
}

// limit sets the interface's rate limit, within the parent's capacity and the number of limiters it may have.
func (v VirtualInterface) limit(r RateLimit, p InterfaceParent, siblings []VirtualInterface) (VirtualInterface, error) {
	if r == "" {
		v.RateLimit = ""
		return v, nil
	}
	if p.Hosted {
		return v, Clientf("A rate limit is not supported on hosted connection %s.", p.ID)
	}
	if r.Mbps() > p.Capacity {
		return v, Clientf("Rate limit %s is more than the bandwidth of %s.", r, p.ID)
	}
	if in, _ := RateLimitersInUse(slices.DeleteFunc(slices.Clone(siblings), func(s VirtualInterface) bool { return s.ID == v.ID })); in >= MaxRateLimiters {
		return v, &Error{Kind: LimitExceeded, Message: fmt.Sprintf("You have reached the limit of %d rate limited virtual interfaces on %s.", MaxRateLimiters, p.ID)}
	}
	v.RateLimit = r
	return v, nil
}

// RateLimitersInUse counts the limited ones among live interfaces, and the sum of their limits in Mbps.
func RateLimitersInUse(interfaces []VirtualInterface) (n int, mbps int64) {
	for _, v := range interfaces {
		if v.Live() && v.RateLimit != "" {
			n++
			mbps += v.RateLimit.Mbps()
		}
	}
	return n, mbps
}
