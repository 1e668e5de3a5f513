package controlplane

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onramp/internal/audit"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// MaintenanceReport is planned work, what it hits, and which redundant pairs it takes down.
type MaintenanceReport struct {
	Maintenance directconnect.Maintenance
	Hits        []directconnect.WorkHit
	Conflicts   []directconnect.WorkConflict // of work that has ended: none
}

// MaintenanceFilter chooses planned work. What is empty does not restrict.
type MaintenanceFilter struct {
	Account, Resource string // that it hits
	Status            directconnect.MaintenanceStatus
	Ended             bool   // what is completed or cancelled, too
	After             string // the ID of the last one of the page before
	Limit             int    // 0: all
}

// PlanMaintenance plans work, unless it takes redundant pairs down and nobody has said why that must be. Dry, it only tells
// what it would hit.
func (s *Service) PlanMaintenance(ctx context.Context, p directconnect.WorkPlan, dry bool) (r MaintenanceReport, err error) {
	m, err := directconnect.NewMaintenance("", p, s.Now())
	if err != nil {
		return r, invalid(err)
	}
	if dry {
		err = s.Store.View(ctx, func(tx *store.Tx) (err error) {
			r, err = s.surveyMaintenance(tx, m)
			return err
		})
		return r, err
	}
	err = s.update(ctx, func(tx *store.Tx) (err error) {
		m.ID, m.Version = newID(directconnect.MaintenancePrefix), 0
		madeByMove(ctx, "", m.ID)
		if err := aboutWork(ctx, tx, m); err != nil {
			return err
		}
		if r, err = s.surveyMaintenance(tx, m); err != nil {
			return err
		}
		if err := permitted(r); err != nil {
			return err
		}
		if err := tx.PutMaintenance(&r.Maintenance); err != nil {
			return err
		}
		if err := tx.PutWorkHits(m.ID, r.Hits); err != nil {
			return err
		}
		return s.tellMaintenance(tx, directconnect.Maintenance{}, r)
	})
	return r, err
}

// MaintenanceChange is what is to be changed of planned work; nil leaves a value alone.
type MaintenanceChange struct {
	Targets       []directconnect.WorkTarget
	From, To      *time.Time
	Impact        *directconnect.Impact
	Reason, Force *string
	Drain         *bool
}

func (c MaintenanceChange) apply(p directconnect.WorkPlan) directconnect.WorkPlan {
	if c.Targets != nil {
		p.Targets = c.Targets
	}
	set(&p.From, c.From)
	set(&p.To, c.To)
	set(&p.Impact, c.Impact)
	set(&p.Reason, c.Reason)
	set(&p.Force, c.Force)
	set(&p.Drain, c.Drain)
	return p
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// ChangeMaintenance changes planned work. What was forced stays forced.
func (s *Service) ChangeMaintenance(ctx context.Context, id string, c MaintenanceChange) (MaintenanceReport, error) {
	return s.moveMaintenance(ctx, id, func(m directconnect.Maintenance, now time.Time) (directconnect.Maintenance, error) {
		return m.Replan(c.apply(m.Plan()), now)
	})
}

// StartMaintenance begins work, unless what is up at the moment does not permit it and nobody says why it must be. If it was
// so planned the BGP sessions over what goes down are shut.
func (s *Service) StartMaintenance(ctx context.Context, id, force string) (MaintenanceReport, error) {
	return s.moveMaintenance(ctx, id, func(m directconnect.Maintenance, now time.Time) (directconnect.Maintenance, error) {
		if force != "" {
			p := m.Plan()
			p.Force = force
			if m.To.After(now) { // otherwise it is started late, and its times are no longer asked
				var err error
				if m, err = m.Replan(p, now); err != nil {
					return m, err
				}
				m.Sequence--
			} else {
				m.Forced = force
			}
		}
		return m.Start(now)
	})
}

// EndMaintenance completes work; sessions that it has shut come back.
func (s *Service) EndMaintenance(ctx context.Context, id string) (MaintenanceReport, error) {
	return s.moveMaintenance(ctx, id, directconnect.Maintenance.End)
}

// CancelMaintenance gives up work that has not begun.
func (s *Service) CancelMaintenance(ctx context.Context, id string) (MaintenanceReport, error) {
	return s.moveMaintenance(ctx, id, directconnect.Maintenance.Cancel)
}

func (s *Service) moveMaintenance(ctx context.Context, id string,
	move func(directconnect.Maintenance, time.Time) (directconnect.Maintenance, error),
) (r MaintenanceReport, err error) {
	if !directconnect.IsMaintenanceID(id) {
		return r, notMaintenance(id)
	}
	err = s.update(ctx, func(tx *store.Tx) error {
		was, err := tx.Maintenance(id)
		if err != nil {
			return missing(err, "There is no maintenance %s.", id)
		}
		if err := aboutWork(ctx, tx, was); err != nil {
			return err
		}
		m, err := move(was, s.Now())
		if err != nil {
			return conflicting(err)
		}
		if m.Open() {
			if r, err = s.surveyMaintenance(tx, m); err != nil {
				return err
			}
			if err = permitted(r); err != nil {
				return err
			}
			err = tx.PutWorkHits(id, r.Hits)
		} else {
			r = MaintenanceReport{Maintenance: m}
			r.Hits, err = tx.WorkHits(id, "") // as they were told last
		}
		if err != nil {
			return err
		}
		if err := s.drain(tx, was, r); err != nil {
			return err
		}
		if err := tx.PutMaintenance(&r.Maintenance); err != nil {
			return err
		}
		return s.tellMaintenance(tx, was, r)
	})
	return r, err
}

func notMaintenance(id string) error {
	return refuse(Invalid, "%q is not the ID of a maintenance, such as mnt-ffabc123.", id)
}

// drain shuts the sessions over what goes down when work begins, and lets them come back when it ends.
func (s *Service) drain(tx *store.Tx, was directconnect.Maintenance, r MaintenanceReport) error {
	m := r.Maintenance
	if !m.Drain || was.Status == m.Status {
		return nil
	}
	seen, begins := map[string]bool{}, m.Status == directconnect.MaintenanceInProgress
	for _, h := range r.Hits {
		if h.Kind != directconnect.HitInterface || seen[h.ID] || begins && h.Impact != m.Impact {
			continue
		}
		seen[h.ID] = true
		v, err := tx.Interface(h.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		next, changed := v.DrainFor(m.ID, begins, s.Now())
		if !changed {
			continue
		}
		if err := putInterface(tx, &next); err != nil {
			return err
		}
	}
	return nil
}

// permitted refuses work that takes redundant pairs down, unless it says why.
func permitted(r MaintenanceReport) error {
	if len(r.Conflicts) == 0 || r.Maintenance.Forced != "" {
		return nil
	}
	const named = 5
	var texts []string
	for i, c := range r.Conflicts {
		if i == named {
			texts = append(texts, fmt.Sprintf("%d more", len(r.Conflicts)-named))
			break
		}
		texts = append(texts, c.String())
	}
	return refuse(Conflict, "The work takes down all of what stands in for each other: %s. Plan it in parts, at another time, or say why it must be (force).",
		strings.Join(texts, "; "))
}

// surveyMaintenance finds what work hits, and which redundant pairs it takes down: by itself, and with other work at any one
// time of it.
func (s *Service) surveyMaintenance(tx *store.Tx, m directconnect.Maintenance) (r MaintenanceReport, err error) {
	y, now := newWorkSurvey(tx), s.Now()
	present := m.Status == directconnect.MaintenanceInProgress
	own := directconnect.Work{ID: m.ID, Fine: m.Fine()}
	r.Maintenance = m
	for _, t := range m.Targets {
		hit, mine, err := y.target(t)
		if err != nil {
			return r, err
		}
		own.Hit = append(own.Hit, hit...)
		for _, h := range mine {
			h.Impact = m.Impact
			r.Hits = append(r.Hits, h)
		}
	}
	others, err := s.otherWork(tx, m, y)
	if err != nil {
		return r, err
	}
	scene, err := y.finish(present)
	if err != nil {
		return r, err
	}
	r.Hits = append(r.Hits, scene.Hits(m.Impact, own.Hit)...)
	slices.SortFunc(r.Hits, compareHits)
	r.Hits = slices.CompactFunc(r.Hits, func(a, b directconnect.WorkHit) bool { return a.Account == b.Account && a.ID == b.ID })
	if m.Impact == directconnect.NoImpact {
		return r, nil
	}
	seen := map[string]bool{}
	for _, at := range instants(m, others, now) {
		for _, c := range scene.Conflicts(own, at) {
			if key := c.Kind + " " + c.ID + " " + strings.Join(c.Accounts, " "); !seen[key] {
				seen[key] = true
				r.Conflicts = append(r.Conflicts, c)
			}
		}
	}
	return r, nil
}

func compareHits(a, b directconnect.WorkHit) int {
	if c := strings.Compare(a.Account, b.Account); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// plannedWork is other work with the times at which it is.
type plannedWork struct {
	directconnect.Work
	from, to time.Time
}

// otherWork is what else is planned with an impact in the time of m, or in progress at the moment if m is.
func (s *Service) otherWork(tx *store.Tx, m directconnect.Maintenance, y *workSurvey) ([]plannedWork, error) {
	open, err := tx.Maintenances(store.MaintenanceQuery{OpenOnly: true})
	if err != nil {
		return nil, err
	}
	now := s.Now()
	begin, end := m.Span(now)
	var others []plannedWork
	for _, o := range open {
		from, to := o.Span(now)
		if o.ID == m.ID || o.Impact == directconnect.NoImpact || !from.Before(end) || !to.After(begin) {
			continue
		}
		if m.Status == directconnect.MaintenanceInProgress && o.Status != directconnect.MaintenanceInProgress {
			continue
		}
		w := plannedWork{directconnect.Work{ID: o.ID, Fine: o.Fine()}, from, to}
		for _, t := range o.Targets {
			hit, _, err := y.target(t)
			if _, gone := errors.AsType[*Refusal](err); gone {
				continue // what it was planned on is no longer there
			}
			if err != nil {
				return nil, err
			}
			w.Hit = append(w.Hit, hit...)
		}
		others = append(others, w)
	}
	return others, nil
}

// instants are the sets of other work that goes on at the same time as m: as many as there can be begin when one of them does.
func instants(m directconnect.Maintenance, others []plannedWork, now time.Time) [][]directconnect.Work {
	begin, _ := m.Span(now)
	times := []time.Time{begin}
	for _, o := range others {
		if o.from.After(begin) {
			times = append(times, o.from)
		}
	}
	sets := make([][]directconnect.Work, 0, len(times))
	for _, at := range times {
		var set []directconnect.Work
		for _, o := range others {
			if !o.from.After(at) && o.to.After(at) {
				set = append(set, o.Work)
			}
		}
		sets = append(sets, set)
	}
	return sets
}

// maintenanceChanged is the record of a change of status.
func maintenanceChanged(was, is directconnect.Maintenance) audit.Change {
	return audit.Change{
		Name: "MaintenanceStateChange", Kind: audit.Other, ID: is.ID, From: string(was.Status), To: string(is.Status), Reason: is.Reason,
	}
}
