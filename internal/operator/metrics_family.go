package operator

// families are the metrics of resources: those of the CloudWatch namespace AWS/DX (user guide, "Monitor with Amazon
// CloudWatch"), named as is usual for Prometheus. What CloudWatch has as a rate is a counter here.
var families = []family{
	{
		name: "onramp_connection_state", kind: "gauge", help: "Whether the connection is available: 1 yes, 0 no (ConnectionState).",
		connection: func(c *meteredConnection, l *line) {
			l.put(truth(c.up))
		},
	},
	{
		name: "onramp_connection_encryption_state", kind: "gauge",
		help: "Whether MACsec is up on a connection that was ordered with it: 1 yes, 0 no (ConnectionEncryptionState).",
		connection: func(c *meteredConnection, l *line) {
			if c.macsec {
				l.put(truth(c.encrypted))
			}
		},
	},
	{
		name: "onramp_connection_light_level_receive_dbm", kind: "gauge", help: "Optical power received, by lane, dBm (ConnectionLightLevelRx).",
		connection: func(c *meteredConnection, l *line) {
			if c.reading != nil {
				l.lanes(c.reading.ReceivedLight)
			}
		},
	},
	{
		name: "onramp_connection_light_level_transmit_dbm", kind: "gauge", help: "Optical power sent, by lane, dBm (ConnectionLightLevelTx).",
		connection: func(c *meteredConnection, l *line) {
			if c.reading != nil {
				l.lanes(c.reading.TransmittedLight)
			}
		},
	},
	counted("onramp_connection_egress_bytes_total", "Bytes sent to the customer (ConnectionBpsEgress).", func(r *Reading) uint64 { return r.EgressBytes }),
	counted("onramp_connection_ingress_bytes_total", "Bytes received from the customer (ConnectionBpsIngress).", func(r *Reading) uint64 { return r.IngressBytes }),
	counted("onramp_connection_egress_packets_total", "Packets sent to the customer (ConnectionPpsEgress).", func(r *Reading) uint64 { return r.EgressPackets }),
	counted("onramp_connection_ingress_packets_total", "Packets received from the customer (ConnectionPpsIngress).", func(r *Reading) uint64 { return r.IngressPackets }),
	counted("onramp_connection_errors_total", "Frames in error, both ways (ConnectionErrorCount).", func(r *Reading) uint64 { return r.Errors }),
	{
		name: "onramp_virtual_interface_state", kind: "gauge", help: "Whether the virtual interface is available: 1 yes, 0 no.",
		vif: func(v *meteredInterface, l *line) { l.put(truth(v.up)) },
	},
	{
		name: "onramp_virtual_interface_bgp_status", kind: "gauge", help: "Whether the BGP session is up: 1 yes, 0 no (VirtualInterfaceBgpStatus).",
		vif: func(v *meteredInterface, l *line) {
			for _, p := range l.scrape.peers[v.peers:v.others] {
				l.with(p.labels, truth(p.up))
			}
		},
	},
	{
		name: "onramp_virtual_interface_bgp_prefixes_accepted", kind: "gauge", help: "Prefixes accepted of the customer (VirtualInterfaceBgpPrefixesAccepted).",
		vif: func(v *meteredInterface, l *line) { l.put(float64(v.accepted)) },
	},
	{
		name: "onramp_virtual_interface_bgp_prefixes_advertised", kind: "gauge", help: "Prefixes advertised to the customer (VirtualInterfaceBgpPrefixesAdvertised).",
		vif: func(v *meteredInterface, l *line) { l.put(float64(v.advertised)) },
	},
	countedInterface("onramp_virtual_interface_egress_bytes_total", "Bytes sent to the customer (VirtualInterfaceBpsEgress).", func(r *Reading) uint64 { return r.EgressBytes }),
	countedInterface("onramp_virtual_interface_ingress_bytes_total", "Bytes received from the customer (VirtualInterfaceBpsIngress).", func(r *Reading) uint64 { return r.IngressBytes }),
	countedInterface("onramp_virtual_interface_egress_packets_total", "Packets sent to the customer (VirtualInterfacePpsEgress).", func(r *Reading) uint64 { return r.EgressPackets }),
	countedInterface("onramp_virtual_interface_ingress_packets_total", "Packets received from the customer (VirtualInterfacePpsIngress).", func(r *Reading) uint64 { return r.IngressPackets }),
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// counted is a counter of a connection's port. Hosted connections have none of their own.
func counted(name, help string, count func(*Reading) uint64) family {
	return family{name: name, kind: "counter", help: help, connection: func(c *meteredConnection, l *line) {
		if c.reading != nil && c.reading.Counted {
			l.put(float64(count(c.reading)))
		}
	}}
}

func countedInterface(name, help string, count func(*Reading) uint64) family {
	return family{name: name, kind: "counter", help: help, vif: func(v *meteredInterface, l *line) {
		if v.reading != nil && v.reading.Counted {
			l.put(float64(count(v.reading)))
		}
	}}
}
