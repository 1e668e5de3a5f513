// Package remotetest is what tests of the wire need: a ledger in memory, and the contract that every ledger is held to.
package remotetest

import (
	"context"
	"maps"
	"slices"
	"sync"

	"onramp/internal/fabric/remote"
)

// Memory is a remote.Ledger without a database. Any name but "nowhere" is a router of the inventory.
type Memory struct {
	mu        sync.Mutex
	authority []byte
	agents    map[string]remote.Agent
}

var _ remote.Ledger = (*Memory)(nil)

// Authority keeps what fresh makes first.
func (m *Memory) Authority(_ context.Context, fresh func() ([]byte, error)) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.authority == nil {
		made, err := fresh()
		if err != nil {
			return nil, err
		}
		m.authority = made
	}
	return m.authority, nil
}

// Agent answers an agent.
func (m *Memory) Agent(_ context.Context, router string) (remote.Agent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.agents[router]
	if !ok {
		return a, remote.ErrNoAgent
	}
	return a, nil
}

// Agents answers all.
func (m *Memory) Agents(context.Context) ([]remote.Agent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := []remote.Agent{}
	for _, router := range slices.Sorted(maps.Keys(m.agents)) {
		all = append(all, m.agents[router])
	}
	return all, nil
}

// ChangeAgent changes an agent.
func (m *Memory) ChangeAgent(ctx context.Context, router string, change func(*remote.Agent) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if router == "nowhere" {
		return remote.ErrNoRouter
	}
	a, ok := m.agents[router]
	if !ok {
		a.Router = router
	}
	if err := change(&a); err != nil {
		return err
	}
	if m.agents == nil {
		m.agents = map[string]remote.Agent{}
	}
	m.agents[router] = a
	return nil
}
