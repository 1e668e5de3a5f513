package controlplane

import (
	"errors"

	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// joinFilter is what associations and proposals are chosen by: the join's own ID and the gateways on its two sides, each
// empty for any.
type joinFilter struct{ id, gateway, far string }

// readJoinFilter reads the IDs that are UUIDs; member is how the wire spells the first.
func readJoinFilter(member string, id, gateway *string) (f joinFilter, err error) {
	if f.id, err = optionalUUID(member, id); err == nil {
		f.gateway, err = optionalUUID("directConnectGatewayId", gateway)
	}
	return f, err
}

// scope is what tokens of the list are bound to.
func (f joinFilter) scope() string { return f.id + "/" + f.gateway + "/" + f.far }

func (f joinFilter) passes(gateway, far string) bool {
	return (f.gateway == "" || f.gateway == gateway) && (f.far == "" || f.far == far)
}

// named is the list of the one that was asked for by its ID: empty if the rules know none, or if other filters exclude it.
func named[T any](found T, err error, passes bool) ([]T, error) {
	var rule *directconnect.Error
	switch {
	case errors.As(err, &rule) || err == nil && !passes:
		return nil, nil
	case err != nil:
		return nil, err
	}
	return []T{found}, nil
}

// readPrefixChange reads the allowed prefixes to add and to remove.
func readPrefixChange(adds, removes []api.RouteFilterPrefix) (add, remove []string, err error) {
	if add, err = prefixesOf(adds); err == nil {
		remove, err = prefixesOf(removes)
	}
	return add, remove, err
}
