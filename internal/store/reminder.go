package store

import (
	"database/sql"
	"strings"
	"time"
)

// Reminder is a time at which something may be worth telling of a resource.
type Reminder struct {
	ID       string
	Resource string
	Due      time.Time
}

// letterReminder is what the identifiers of reminders begin with that are about a letter: the connection's follows.
const letterReminder = "loa/"

// OfLetter reports whether a reminder is about the letter of a connection, its Resource.
func (r Reminder) OfLetter() bool { return strings.HasPrefix(r.ID, letterReminder) }

// remind sets the time of a reminder; zero takes it back.
func (tx *Tx) remind(id, resource string, at time.Time) error {
	if at.IsZero() {
		return tx.DropReminder(id)
	}
	_, err := tx.exec("INSERT INTO reminder (id, resource, due) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET due = excluded.due",
		id, resource, micros(at))
	return err
}

// DropReminder takes a reminder back, if there is one.
func (tx *Tx) DropReminder(id string) error {
	_, err := tx.exec("DELETE FROM reminder WHERE id = ?", id)
	return err
}

// ClaimDueReminders is ClaimDueConnections for reminders.
func (tx *Tx) ClaimDueReminders(now, lease time.Time, most int) ([]Reminder, error) {
	return claimDue(tx, "reminder", "id, resource, due", now, lease, most, func(r *sql.Rows) (m Reminder, err error) {
		var due int64
		err = r.Scan(&m.ID, &m.Resource, &due)
		m.Due = fromMicros(due)
		return m, err
	}, func(m Reminder) string { return m.ID })
}
