package linux

import (
	"context"
	"fmt"
	"maps"

	"onramp/internal/fabric"
	"onramp/internal/fabric/linux/speaker"
)

// sessions is the speaker, and what it was last given.
type sessions struct {
	*speaker.Speaker
	vrfs []speaker.VRF
	id   string
}

// vrfsOf is what the speaker is to do, on the devices that are wanted.
func vrfsOf(in fabric.Intent, want world) []speaker.VRF {
	at := map[string]int{}
	var vrfs []speaker.VRF
	for _, v := range in.VRFs {
		device := deviceName(kindVRF, v.Name)
		if _, there := want.Devices[device]; !there {
			continue
		}
		s := speaker.VRF{VRF: v, Device: device}
		for _, peer := range v.Peers {
			t := deviceName(kindTunnel, tunnelLabel(v.Name, peer))
			if _, there := want.Devices[t]; there {
				s.Tunnels = append(s.Tunnels, speaker.Tunnel{Device: t, Local: in.Backbone, Remote: peer})
			}
		}
		at[v.Name] = len(vrfs)
		vrfs = append(vrfs, s)
	}
	for _, f := range in.Interfaces {
		device := deviceName(kindInterface, f.Name)
		i, there := at[f.VRF]
		if _, made := want.Devices[device]; there && made {
			vrfs[i].Interfaces = append(vrfs[i].Interfaces, speaker.Interface{Interface: f, Device: device})
		}
	}
	return vrfs
}

// without are the VRFs without what is about to be taken away.
func without(vrfs []speaker.VRF, gone map[string]bool) (rest []speaker.VRF, less bool) {
	for _, v := range vrfs {
		if gone[v.Device] {
			less = true
			continue
		}
		kept := v
		kept.Interfaces, kept.Tunnels = nil, nil
		for _, f := range v.Interfaces {
			if !gone[f.Device] {
				kept.Interfaces = append(kept.Interfaces, f)
			}
		}
		for _, t := range v.Tunnels {
			if !gone[t.Device] {
				kept.Tunnels = append(kept.Tunnels, t)
			}
		}
		less = less || len(kept.Interfaces) < len(v.Interfaces) || len(kept.Tunnels) < len(v.Tunnels)
		rest = append(rest, kept)
	}
	return rest, less
}

// current is the speaker, nil before there is one.
func (d *Driver) current() *sessions {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.session
}

// retire ends the sessions over devices that go.
func (d *Driver) retire(ctx context.Context, gone map[string]bool) error {
	s := d.current()
	if s == nil {
		return nil
	}
	rest, less := without(s.vrfs, gone)
	if !less {
		return nil
	}
	s.vrfs = rest
	return s.Apply(ctx, rest)
}

// speak has the speaker do what in says; there is none before the first VRF.
func (d *Driver) speak(ctx context.Context, in fabric.Intent, want world) error {
	vrfs := vrfsOf(in, want)
	id := routerID(d.cfg.Router, in.Backbone)
	s := d.current()
	if s != nil && s.id != id.String() {
		if err := d.closeSpeaker(); err != nil {
			return err
		}
		s = nil
	}
	if s == nil {
		if len(vrfs) == 0 {
			return nil
		}
		opened, err := speaker.Open(speaker.Config{RouterID: id, Log: d.cfg.Log, Changed: d.stir, Routes: d.Routes()})
		if err != nil {
			return err
		}
		s = &sessions{Speaker: opened, id: id.String()}
		d.mu.Lock()
		d.session = s
		d.mu.Unlock()
	}
	s.vrfs = vrfs
	err := s.Apply(ctx, vrfs)
	d.mu.Lock()
	d.unserved = unserved(vrfs, err)
	d.mu.Unlock()
	return err
}

// unserved are the interfaces whose sessions are not what they should be, by what the speaker says.
func unserved(vrfs []speaker.VRF, err error) map[string]bool {
	names := map[string]bool{}
	if joined, is := err.(interface{ Unwrap() []error }); is {
		for _, err := range joined.Unwrap() {
			maps.Copy(names, unserved(vrfs, err))
		}
	}
	if e, is := err.(*speaker.VRFError); is {
		for _, name := range e.Interfaces {
			names[name] = true
		}
		for _, v := range vrfs {
			for _, f := range v.Interfaces {
				if e.Whole && v.Name == e.VRF {
					names[f.Name] = true
				}
			}
		}
	}
	return names
}

// closeSpeaker ends the speaker, if there is one.
func (d *Driver) closeSpeaker() error {
	d.mu.Lock()
	s := d.session
	d.session = nil
	d.mu.Unlock()
	if s == nil {
		return nil
	}
	return s.Close()
}

// indexOf is the index of a device.
func (d *Driver) indexOf(device string) (int32, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i, there := d.devices[device]
	if !there {
		return 0, fmt.Errorf("there is no device %s", device)
	}
	return i, nil
}
