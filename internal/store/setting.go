package store

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
