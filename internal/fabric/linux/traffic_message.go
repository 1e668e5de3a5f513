package linux

import (
	"net/netip"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// clsactHandle is that of the qdisc whose filters we use (tc-bpf(8), clsact).
const clsactHandle = 0xffff0000

// The two hooks of clsact.
const (
	hookTake = clsactHandle | 0xfff2
	hookSend = clsactHandle | 0xfff3
)

func (r rule) hook() uint32 {
	if r.Sent {
		return hookSend
	}
	return hookTake
}

// bytesPerSecond of a rate.
func bytesPerSecond(mbps int64) uint64 { return uint64(mbps) * 1_000_000 / 8 }

// shapeBurst is how much a shaper sends at once, in bytes: 50 ms of its rate. A machine with much to do wakes it some ticks
// late, and what it could not have sent by then is lost to the rate.
func shapeBurst(mbps int64) uint32 { return uint32(max(64<<10, bytesPerSecond(mbps)/20)) }

// queueBytes is what a shaper holds back before it drops: 50 ms of its rate.
func queueBytes(mbps int64) uint32 {
	return shapeBurst(mbps) + uint32(max(64<<10, bytesPerSecond(mbps)/20))
}

func tcRequest(kindOf, flags int, m nl.TcMsg) *nl.NetlinkRequest {
	r := nl.NewNetlinkRequest(kindOf, flags)
	m.Family = nl.FAMILY_ALL
	r.AddData(&m)
	return r
}

// clsact adds the qdisc that rules hang on, if it is not there.
func clsact(index int32) *nl.NetlinkRequest {
	r := tcRequest(unix.RTM_NEWQDISC, unix.NLM_F_CREATE|unix.NLM_F_EXCL, nl.TcMsg{Ifindex: index, Handle: clsactHandle, Parent: netlink.HANDLE_CLSACT})
	r.AddData(nl.NewRtAttr(nl.TCA_KIND, nl.ZeroTerminated("clsact")))
	return r
}

// tbfHandle is that of our shapers.
const tbfHandle = 0x720000 // 72:

// shape sets the rate of what a device sends (tc-tbf(8)).
func shape(index int32, mbps int64) *nl.NetlinkRequest {
	m := nl.TcMsg{Ifindex: index, Handle: tbfHandle, Parent: netlink.HANDLE_ROOT}
	if mbps == 0 {
		return tcRequest(unix.RTM_DELQDISC, 0, m)
	}
	r := tcRequest(unix.RTM_NEWQDISC, unix.NLM_F_CREATE|unix.NLM_F_REPLACE, m)
	r.AddData(nl.NewRtAttr(nl.TCA_KIND, nl.ZeroTerminated("tbf")))
	rate := bytesPerSecond(mbps)
	opt := nl.TcTbfQopt{Limit: queueBytes(mbps), Buffer: netlink.Xmittime(rate, shapeBurst(mbps))}
	opt.Rate.Rate = uint32(min(rate, 1<<32-1))
	opt.Rate.Linklayer = nl.LINKLAYER_ETHERNET
	options := nl.NewRtAttr(nl.TCA_OPTIONS, nil)
	options.AddRtAttr(nl.TCA_TBF_PARMS, opt.Serialize())
	if rate >= 1<<32 {
		options.AddRtAttr(nl.TCA_TBF_RATE64, nl.Uint64Attr(rate))
	}
	options.AddRtAttr(nl.TCA_TBF_BURST, nl.Uint32Attr(shapeBurst(mbps)))
	r.AddData(options)
	return r
}

// filterInfo is a preference and a protocol as tc puts them into one number.
func (r rule) filterInfo() uint32 { return uint32(r.Order)<<16 | uint32(nl.Swap16(r.Proto)) }

// addRule makes a filter of the rule.
func addRule(index int32, r rule, via int32) (*nl.NetlinkRequest, error) {
	req := tcRequest(unix.RTM_NEWTFILTER, unix.NLM_F_CREATE|unix.NLM_F_EXCL,
		nl.TcMsg{Ifindex: index, Parent: r.hook(), Info: r.filterInfo()})
	actions, err := r.actions(via)
	if err != nil {
		return nil, err
	}
	options := nl.NewRtAttr(nl.TCA_OPTIONS, nil)
	if !r.To.IsValid() {
		req.AddData(nl.NewRtAttr(nl.TCA_KIND, nl.ZeroTerminated("matchall")))
		actions.Type = nl.TCA_MATCHALL_ACT
		options.AddChild(actions)
		req.AddData(options)
		return req, nil
	}
	req.AddData(nl.NewRtAttr(nl.TCA_KIND, nl.ZeroTerminated("flower")))
	key, mask := uint16(nl.TCA_FLOWER_KEY_IPV4_DST), uint16(nl.TCA_FLOWER_KEY_IPV4_DST_MASK)
	if r.To.Addr().Is6() {
		key, mask = nl.TCA_FLOWER_KEY_IPV6_DST, nl.TCA_FLOWER_KEY_IPV6_DST_MASK
	}
	options.AddRtAttr(nl.TCA_FLOWER_KEY_ETH_TYPE, bigEndian16(r.Proto))
	options.AddRtAttr(int(key), r.To.Addr().AsSlice())
	options.AddRtAttr(int(mask), netmask(r.To))
	actions.Type = nl.TCA_FLOWER_ACT
	options.AddChild(actions)
	req.AddData(options)
	return req, nil
}

func netmask(p netip.Prefix) []byte {
	mask := make([]byte, p.Addr().BitLen()/8)
	for i := range p.Bits() {
		mask[i/8] |= 0x80 >> (i % 8)
	}
	return mask
}

// actions are what a filter does with what it matches.
func (r rule) actions(via int32) (*nl.RtAttr, error) {
	list := nl.NewRtAttr(0, nil)
	switch r.Verdict {
	case detour:
		return list, netlink.EncodeActions(list, []netlink.Action{netlink.NewMirredAction(int(via))})
	case enter:
		into := netlink.NewMirredAction(int(via))
		into.MirredAction = netlink.TCA_INGRESS_REDIR
		return list, netlink.EncodeActions(list, []netlink.Action{into})
	case drop:
		return list, netlink.EncodeActions(list, []netlink.Action{&netlink.GenericAction{ActionAttrs: netlink.ActionAttrs{Action: netlink.TC_ACT_SHOT}}})
	default:
		return list, netlink.EncodeActions(list, []netlink.Action{&netlink.GenericAction{ActionAttrs: netlink.ActionAttrs{Action: netlink.TC_ACT_OK}}})
	}
}

// removeRule removes a filter by its handle.
func removeRule(index int32, r rule, handle uint32) *nl.NetlinkRequest {
	req := tcRequest(unix.RTM_DELTFILTER, 0, nl.TcMsg{Ifindex: index, Parent: r.hook(), Handle: handle, Info: r.filterInfo()})
	kindOf := "matchall"
	if r.To.IsValid() {
		kindOf = "flower"
	}
	req.AddData(nl.NewRtAttr(nl.TCA_KIND, nl.ZeroTerminated(kindOf)))
	return req
}
