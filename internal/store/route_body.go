package store

import "onramp/internal/directconnect"

// decodeRouteBody reads the JSON column of a route into r, by hand for the same reason and with the same way out as
// decodeConnectionBody: a page has up to a thousand.
func decodeRouteBody(body string, r *directconnect.Route) error {
	read := *r
	s := scanner{text: body}
	if s.object(func(name string) { s.routeMember(name, &read) }); s.whole() {
		*r = read
		return nil
	}
	return decodeBody(body, r)
}

func (s *scanner) routeMember(name string, r *directconnect.Route) {
	switch name {
	case "path":
		s.array(func() { r.ASPath = append(r.ASPath, s.segment()) })
	case "communities":
		s.array(func() { r.Communities = append(r.Communities, s.string()) })
	case "installed":
		r.Installed = s.time()
	case "pref":
		r.LocalPref = int(s.number(0))
	default:
		s.failed = true
	}
}

func (s *scanner) segment() (segment directconnect.ASPathSegment) {
	s.object(func(name string) {
		switch name {
		case "path":
			segment.Path = make([]int64, 0, 4)
			s.array(func() { segment.Path = append(segment.Path, s.number(64)) })
		case "set":
			segment.Set = s.true()
		default:
			s.failed = true
		}
	})
	return segment
}
