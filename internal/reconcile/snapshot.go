package reconcile

import (
	"context"
	"errors"
	"fmt"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
	"onramp/internal/store"
)

// physical are the kinds of connection that hold ports.
var physical = []directconnect.ConnectionKind{directconnect.Dedicated, directconnect.Interconnect}

// snapshot is all that one router's plan rests on, as it stood at one moment. What reading it costs follows what has changed
// since it was last read, and what comparing and planning it costs what is live on the router.
type snapshot struct {
	router      directconnect.Router
	real        bool                       // and not simulated
	connections []directconnect.Connection // live, with ports on the router
	lags        map[string]directconnect.LAG
	ports       map[string]directconnect.Port // by ID, the held ones; with their IDs, names, router and holder
	keys        map[string]fabric.Secret      // by ARN; those that could be unsealed
	traffic     traffic
}

func (r *Reconciler) load(ctx context.Context, router string) (snapshot, error) {
	var s snapshot
	var sealed map[string]directconnect.Secret
	var traffic *surveyor
	var rows *store.RouterRows
	r.loads <- struct{}{} // whoever is before us needs nothing of ours: this does not wait for long
	defer func() { <-r.loads }()
	err := r.store.View(ctx, func(tx *store.Tx) error {
		s = snapshot{lags: map[string]directconnect.LAG{}, ports: map[string]directconnect.Port{}}
		sealed = map[string]directconnect.Secret{}
		var err error
		if s.router, err = tx.Router(router); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		s.real = !r.simulated || s.router.Fabric != directconnect.Simulated
		if rows, err = tx.RouterRows(router, r.rows.of(router)); err != nil {
			return err
		}
		s.connections = make([]directconnect.Connection, 0, len(rows.Connections))
		for _, c := range rows.Connections {
			if c.Kind == directconnect.Hosted {
				continue
			}
			s.connections = append(s.connections, c)
			s.hold(c)
			if err := s.loadRest(tx, c, sealed); err != nil {
				return err
			}
		}
		traffic, err = survey(tx, rows, s.router, s.real)
		return err
	})
	if err != nil {
		return s, fmt.Errorf("loading router %s: %w", router, err)
	}
	r.rows.put(router, rows)
	s.keys = make(map[string]fabric.Secret, len(sealed))
	for arn, secret := range sealed {
		cak, err := r.open(secret.CAK, "macsec/"+arn)
		if err != nil {
			// One key that cannot be had must not keep a router's other ports from their configuration.
			r.log.Error("a MACsec key cannot be unsealed and is not installed", "arn", arn, "router", router)
			continue
		}
		s.keys[arn] = fabric.Secret(cak)
	}
	s.traffic = traffic.finish(r.open, func(peer string, err error) {
		r.log.Error("a BGP key cannot be unsealed and its session is not configured", "peer", peer, "router", router, "error", err)
	})
	return s, nil
}

// hold takes the port of a connection: who is given one, and who gives one back, says so in the same transaction. Its name is
// in its ID: see directconnect.PortID.
func (s *snapshot) hold(c directconnect.Connection) {
	if name, ok := portName(c); ok {
		s.ports[c.PortID] = directconnect.Port{ID: c.PortID, Router: c.Router, Name: name, ConnectionID: c.ID}
	}
}

// loadRest reads the connection's LAG and the secrets of the keys that its port should have.
func (s *snapshot) loadRest(tx *store.Tx, c directconnect.Connection, sealed map[string]directconnect.Secret) error {
	keys := c.KeysToInstall()
	if c.LagID != "" {
		g, loaded := s.lags[c.LagID]
		if !loaded {
			var err error
			if g, err = tx.LAG(c.LagID); err != nil {
				return fmt.Errorf("lag %s of %s: %w", c.LagID, c.ID, err)
			}
			s.lags[c.LagID] = g
		}
		keys = g.KeysToInstall()
	}
	if !configured(c) {
		return nil
	}
	for _, k := range keys {
		if _, loaded := sealed[k.SecretARN]; loaded {
			continue
		}
		secret, err := tx.Secret(k.SecretARN)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		sealed[k.SecretARN] = secret
	}
	return nil
}

func (s *snapshot) plan(router string) fabric.Intent {
	lags := make([]directconnect.LAG, 0, len(s.lags))
	for _, g := range s.lags {
		lags = append(lags, g)
	}
	in := Plan(router, s.connections, lags, s.ports, s.keys)
	ports := make(map[string]string, len(s.connections))
	for _, c := range s.connections {
		ports[c.ID] = s.ports[c.PortID].Name
	}
	in.Backbone = s.router.Backbone
	planInterfaces(&in, s.traffic, ports)
	return in
}

// seen is what the router shows of a connection, nil being a router that could not be read.
func (s *snapshot) seen(c directconnect.Connection, o *fabric.Observed) directconnect.Seen {
	mode := c.EncryptionMode
	if g, member := s.lags[c.LagID]; member {
		mode = g.EncryptionMode
	}
	if o == nil {
		return directconnect.Seen{Mode: mode}
	}
	p := o.Ports[s.ports[c.PortID].Name]
	return directconnect.Seen{
		Readable: true, Configured: p.Enabled, Carrier: p.Carrier, Encrypted: p.Encrypted, InstalledCKNs: p.CKNs, Mode: mode,
	}
}
