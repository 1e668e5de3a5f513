// Package storetest is the contract of package store as tests: the same ones for every engine, and none may be left out
// for one of them.
//
// It is not a fake: each test gets a real, empty store from the caller.
package storetest

import (
	"testing"

	"onramp/internal/store"
)

type test func(t *testing.T, s *store.Store)

// A sharedTest is given two servers' stores of one database; they may be the same.
type sharedTest func(t *testing.T, a, b *store.Store)

// Run runs every test, each on an empty store of its own that open answers and closes when its t ends.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	for _, group := range []map[string]test{
		connectionTests, lagTests, inventoryTests, portTests, accountTests, dueTests, transactionTests,
		interfaceTests, addressTests, gatewayTests, associationTests, proposalTests, routeTests, failoverTests, resiliencyTests,
		trafficDueTests, agentTests, auditTests, permissionTests, consoleTests, standingTests, eventTests, maintenanceTests, crossConnectTests,
		meteringTests,
	} {
		for name, test := range group {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, open(t))
			})
		}
	}
	RunShared(t, func(t *testing.T) (a, b *store.Store) {
		s := open(t)
		return s, s
	})
}

// RunShared runs the tests of what concurrent transactions may do, with two stores of one database, empty and opened and
// closed as for Run: what several servers are to each other.
func RunShared(t *testing.T, open func(t *testing.T) (a, b *store.Store)) {
	for name, test := range sharedTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := open(t)
			test(t, a, b)
		})
	}
}
