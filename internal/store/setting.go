package store

import "database/sql"

// Setting answers a value that belongs to the whole installation; ErrNotFound when it was never put.
func (tx *Tx) Setting(name string) (string, error) {
	value := ""
	err := tx.one("SELECT value FROM setting WHERE name = ?", []any{name}, &value)
	return value, err
}

// PutSetting keeps a value under a name, in place of an earlier one.
func (tx *Tx) PutSetting(name, value string) error {
	_, err := tx.exec("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		name, value)
	return err
}

// Settings answers the values whose names begin with prefix, which is not empty, by name.
func (tx *Tx) Settings(prefix string) (map[string]string, error) {
	values := map[string]string{}
	// The last possible character stands behind every name of the prefix: a range, so that the index is used.
	err := tx.each("SELECT name, value FROM setting WHERE name >= ? AND name < ?", []any{prefix, prefix + "\U0010FFFF"}, func(r *sql.Rows) error {
		var name, value string
		err := r.Scan(&name, &value)
		values[name] = value
		return err
	})
	return values, err
}
