package directconnect

// ResiliencyModel is what a layout of connections withstands (user guide, "Resiliency Toolkit").
type ResiliencyModel string

const (
	// NoResiliency is reached by what has a single endpoint, or none. Nobody can intend it.
	NoResiliency ResiliencyModel = "none"
	// BasicResiliency is two endpoints at one location: one of them may fail. The toolkit calls it "development and test".
	BasicResiliency ResiliencyModel = "basic-resiliency"
	// HighResiliency is an endpoint at each of two locations: one location may fail.
	HighResiliency ResiliencyModel = "high-resiliency"
	// MaximumResiliency is two endpoints at each of two locations: a location may fail, and an endpoint of the other.
	MaximumResiliency ResiliencyModel = "maximum-resiliency"
)

// ResiliencyModels lists those that one can intend, the weakest first.
var ResiliencyModels = []ResiliencyModel{BasicResiliency, HighResiliency, MaximumResiliency}

// ParseResiliencyModel reads intendedResiliencyModel.
func ParseResiliencyModel(s string) (ResiliencyModel, error) {
	for _, m := range ResiliencyModels {
		if string(m) == s {
			return m, nil
		}
	}
	return "", Clientf("intendedResiliencyModel %s is not valid. Valid values are maximum-resiliency, high-resiliency and basic-resiliency.", s)
}

// rank orders the models: each withstands all that those below it do.
func (m ResiliencyModel) rank() int {
	for i, known := range ResiliencyModels {
		if m == known {
			return i + 1
		}
	}
	return 0
}

// Meets reports whether m withstands all that intended does.
func (m ResiliencyModel) Meets(intended ResiliencyModel) bool { return m.rank() >= intended.rank() }

func weaker(a, b ResiliencyModel) ResiliencyModel {
	if b.rank() < a.rank() {
		return b
	}
	return a
}

// modelOf is what endpoints reach: routers, by the location that they are at. Two ports of one router are one endpoint.
func modelOf(routers map[string]map[string]bool) ResiliencyModel {
	locations, doubled := 0, 0
	for _, there := range routers {
		if len(there) > 0 {
			locations++
		}
		if len(there) > 1 {
			doubled++
		}
	}
	switch {
	case doubled >= 2:
		return MaximumResiliency
	case locations >= 2:
		return HighResiliency
	case doubled == 1:
		return BasicResiliency
	}
	return NoResiliency
}
