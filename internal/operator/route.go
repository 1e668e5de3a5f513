package operator

import "slices"

// route is one thing that can be asked of the API. The OpenAPI description is made of these, so each says what it does and
// what goes in and out.
type route struct {
	pattern string // METHOD PATH, as http.ServeMux takes it
	summary string // a sentence, or two
	in      any    // a value of the request body's type, or a mediaType; nil: there is no body
	out     any    // of the answer's: with status 201 inside created, a mediaType; nil: 204 without a body
	query   []parameter
	handle  handler
}

// parameter is one that a query takes.
type parameter struct {
	name, about string
	kind        any // a value of its type; nil: a string
	required    bool
}

// mediaType stands for a body that is not JSON.
type mediaType string

// listParameters are the parameters of a list of pages: how long they are and where this one begins, with those given before
// them.
func listParameters(chosen ...parameter) []parameter {
	return append(chosen, parameter{name: "limit", about: "How many rows at most, 1 to 1000.", kind: 0},
		parameter{name: "after", about: "Where the page before ended, as it said."})
}

// endedParameter has a list show what has ended, too.
var endedParameter = parameter{name: "all", about: "List those that have ended, too.", kind: false}

// afterParameter is for lists that answer a plain array.
var afterParameter = parameter{name: "after", about: "List what comes behind this one; a page holds 1000."}

// choose makes string parameters of names and what they mean, in turn.
func choose(pairs ...string) []parameter {
	var all []parameter
	for pair := range slices.Chunk(pairs, 2) {
		all = append(all, parameter{name: pair[0], about: pair[1]})
	}
	return all
}

// routes are those of all nouns.
func (a *api) routes() []route {
	return slices.Concat(
		a.accountRoutes(), a.accessKeyRoutes(), a.policyRoutes(), a.principalRoutes(), a.inventoryRoutes(),
		a.orderRoutes(), a.crossConnectRoutes(), a.locationRoutes(), a.portRoutes(),
		a.connectionRoutes(), a.lagRoutes(), a.faultRoutes(), a.interfaceRoutes(), a.sessionRoutes(), a.customerRoutes(), a.gatewayRoutes(), a.directGatewayRoutes(), a.pathRoutes(),
		a.publicRangeRoutes(), a.resiliencyRoutes(), a.routerRoutes(), a.auditRoutes(), a.clockRoutes(), a.backupRoutes(), a.consoleRoutes(), a.loaRoutes(),
		a.maintenanceRoutes(), a.maintenanceFeedRoutes(), a.doctorRoutes(), a.eventRoutes(), a.webhookRoutes(),
	)
}
