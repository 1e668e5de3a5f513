package console

import (
	"strconv"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// peerTable shows the BGP sessions of an interface, without their keys.
func peerTable(own directconnect.VirtualInterface) *table {
	t := &table{Caption: "BGP peers", Head: []string{"Peer", "Family", "Session", "State", "Your ASN", "Your address", "Address of the other side", "Why", "Remove"}, Empty: "There are no BGP peers.",
		Needs: needsPeerEnd(own.ID)}
	for _, p := range own.Peers {
		remove := cell{}
		if own.Working() && p.State != directconnect.PeerDeleting && p.State != directconnect.PeerDeleted {
			remove = linked("Remove", pathWith(interfacePath(own.ID)+"/peers/remove", "peer", p.ID))
			remove.More = p.ID
		}
		t.Rows = append(t.Rows, []cell{
			coded(p.ID), plain(string(p.Family)), stated(p.Status()), stated(string(p.State)), plain(strconv.FormatInt(p.ASN, 10)),
			coded(p.Customer.String()), coded(p.Amazon.String()), plain(p.Reason), remove,
		})
	}
	return t
}

// addressFields are the side of BGP of a new interface or peer.
func addressFields(public bool) []field {
	assigned := "Leave both addresses empty to have them assigned. IPv6 addresses are always assigned."
	if public {
		assigned = "IPv4 addresses of a public interface are your own, or those that you were given; IPv6 addresses are assigned."
	}
	return []field{
		numberField("asn", "Your ASN", "Of your router: 1 to 4294967294.", 1, 4294967294).must(),
		selectField("family", "Address family", "", choices("", "ipv4", "ipv6")).must().with("ipv4"),
		textField("customer", "Your address", "With its length, such as 10.0.0.2/30. "+assigned),
		textField("amazon", "Address of the other side", "With its length, such as 10.0.0.1/30."),
		secretField("key", "BGP key", "6 to 80 characters. One is made if this is empty; after an error it is to be typed again."),
	}
}

func addPeer(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	peer := api.NewBGPPeer{
		ASNLong: in.int64("asn", "ASN"), AddressFamily: in.text("family"), CustomerAddress: in.text("customer"), AmazonAddress: in.text("amazon"), AuthKey: in.secret("key"),
	}
	if err := in.problem(); err != nil {
		return "", "", err
	}
	to, err = made(v, "CreateBGPPeer", api.CreateBGPPeerRequest{VirtualInterfaceID: &id, NewBGPPeer: &peer}, func(api.CreateBGPPeerResponse) string { return interfacePath(id) })
	return to, "peer-added", err
}

func removePeerSheet(v *visit, t *tried) (*sheet, error) {
	one, err := v.oneInterface(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	id, asked := value(one.VirtualInterfaceID), v.FormValue("peer")
	for _, p := range one.BgpPeers {
		if value(p.BgpPeerID) != asked {
			continue
		}
		return &sheet{
			Title: "Remove a BGP peer?", Crumbs: []link{{Text: "Virtual interfaces", Href: interfacesPath}, {Text: id, Href: interfacePath(id)}},
			Lead: "Its session ends, and the routes that it brought go.",
			Sections: []section{
				{ID: "goes", Facts: knownFacts(known("Peer", coded(asked)), knownText("Address family", value(p.AddressFamily)), knownText("Your ASN", number(p.ASNLong)),
					known("Your address", coded(value(p.CustomerAddress))), known("Session", stated(value(p.BgpStatus))))},
				{ID: "sure", Links: []link{{Text: "Keep it", Href: interfacePath(id)}}, Forms: []form{v.form(t, form{
					ID: "peer-remove", Action: interfacePath(id) + "/peers/remove", Submit: "Remove the peer", Danger: true, Needs: needsPeerEnd(id), Hidden: []field{hiddenField("peer", asked)},
				})}},
			},
		}, nil
	}
	return nil, notFound("Virtual Interface %s has no BGP peer %s.", id, asked)
}

func needsPeerEnd(id string) []controlplane.Wish {
	return needs("DeleteBGPPeer", api.DeleteBGPPeerRequest{VirtualInterfaceID: &id})
}

func removePeer(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.DeleteBGPPeerRequest, api.DeleteBGPPeerResponse](v, "DeleteBGPPeer", api.DeleteBGPPeerRequest{VirtualInterfaceID: &id, BgpPeerID: in.text("peer")})
	return interfacePath(id), "peer-removed", err
}
