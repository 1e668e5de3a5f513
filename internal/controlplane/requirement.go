package controlplane

import (
	"strings"

	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// requirement says which resources an operation needs permission for (Service Authorization Reference, "Actions defined by AWS
// Direct Connect"): one row for each operation, in the order of the operation table. A test holds both tables together.
type requirement struct {
	name string
	of   func(in any) need
}

// requirementOf is the table by name.
var requirementOf = func() map[string]func(in any) need {
	byName := make(map[string]func(in any) need, len(requirements))
	for _, r := range requirements {
		byName[r.name] = r.of
	}
	return byName
}()

// need is what one request needs permission for.
type need struct {
	// on are the resources that the operation acts on. Each must be permitted; without any it is "*", no resource in
	// particular, as for an operation that has none or a list that nothing was chosen from.
	on []resource
	// makes are those that get tags by being made: directconnect:TagResource must be permitted for them, too.
	makes []tagging
	// tags and keys are those of the request: what is put on a resource, what is taken from one.
	tags []api.Tag
	keys []string
}

// resource is what a request names: by type and ID, or by ARN.
type resource struct {
	kind, id string // id "*": one that does not exist yet, or was not said although it must be
	arn      string // if kind is empty
	join     string // the gateway is that of this association
}

// tagging is tags on something that is made.
type tagging struct {
	kind string
	tags []api.Tag
}

// needs makes a row of a function that reads the operation's input.
func needs[In any](name string, of func(in *In) need) requirement {
	return requirement{name: name, of: func(in any) need { return of(in.(*In)) }}
}

// nothing is the row of an operation without resources.
func nothing[In any](name string) requirement {
	return requirement{name: name, of: func(in any) need { _ = in.(*In); return need{} }}
}

func on(resources ...resource) need { return need{on: resources} }

// given leaves out what was not said: members that the operation can do without.
func given(resources ...resource) need {
	var n need
	for _, r := range resources {
		if r.id != "*" {
			n.on = append(n.on, r)
		}
	}
	return n
}

// tagged adds the tags that a request puts on what it makes.
func (n need) tagged(kind string, tags []api.Tag) need {
	n.tags = append(n.tags, tags...)
	if len(tags) > 0 {
		n.makes = append(n.makes, tagging{kind, tags})
	}
	return n
}

func ofType(kind string, id *string) resource {
	if id == nil || *id == "" {
		return resource{kind: kind, id: "*"}
	}
	return resource{kind: kind, id: *id}
}

// port is a connection, hosted connection, interconnect or LAG by its ID: most members that say connection take a LAG, too.
func port(id *string) resource {
	if id != nil && strings.HasPrefix(*id, "dxlag-") {
		return ofType("dxlag", id)
	}
	return ofType("dxcon", id)
}

func bundle(id *string) resource     { return ofType("dxlag", id) }
func vif(id *string) resource        { return ofType("dxvif", id) }
func dxGateway(id *string) resource  { return ofType("dx-gateway", id) }
func resiliency(id *string) resource { return ofType("dx-resiliency-group", id) }

// ports are those of a list, which may name connections by ID or by ARN.
func ports(ids []string, more ...resource) need {
	n := need{on: more}
	for i := range ids {
		if strings.HasPrefix(ids[i], "arn:") {
			n.on = append(n.on, byARN(ids[i])...)
			continue
		}
		n.on = append(n.on, port(&ids[i]))
	}
	return n
}

func byARN(arns ...string) []resource {
	all := make([]resource, len(arns))
	for i, arn := range arns {
		all[i] = resource{arn: arn}
	}
	return all
}

// global are the types whose ARNs have no Region.
var global = map[string]bool{"dx-gateway": true, "dx-resiliency-group": true}

// name is the resource as an ARN. It is the caller's own, whoever may turn out to have it: permission is asked before anything
// is looked at, and a caller needs the same one to hear that there is no such thing.
func (r resource) name(caller Caller) (arn directconnect.ARN, valid bool) {
	if r.kind != "" {
		arn = directconnect.ARN{Partition: caller.Partition(), Region: caller.Region, Account: caller.Account, Type: r.kind, ID: r.id}
		if global[r.kind] {
			arn.Region = ""
		}
		return arn, true
	}
	region := caller.Region
	if parts := strings.SplitN(r.arn, ":", 5); len(parts) == 5 && parts[3] != "" {
		region = parts[3] // which the operation may refuse, but with a text that says so
	}
	arn, err := directconnect.ParseARN(r.arn, caller.Account, region) // with an account, which Terraform may leave out
	return arn, err == nil
}
