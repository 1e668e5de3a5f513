package store

import (
	"database/sql"
	"encoding/base64"
	"time"

	"onramp/internal/directconnect"
)

const crossConnectColumns = "connection, account, location, port, version, body"

// CrossConnect answers what is kept of the cross connect of a connection.
func (tx *Tx) CrossConnect(connection string) (directconnect.CrossConnect, error) {
	return row(tx, "SELECT "+crossConnectColumns+" FROM cross_connect WHERE connection = ?", connection, scanCrossConnect)
}

// CrossConnectQuery chooses cross connects. What is empty does not restrict.
type CrossConnectQuery struct {
	Account, Location string

	After string // behind that of this connection
	Limit int    // 0: all
}

// CrossConnects answers what q chooses, ordered by connection.
func (tx *Tx) CrossConnects(q CrossConnectQuery) ([]directconnect.CrossConnect, error) {
	f := &filter{}
	f.equal("account", q.Account)
	f.equal("location", q.Location)
	if q.After != "" {
		f.add("connection > ?", q.After)
	}
	return rows(tx, "SELECT "+crossConnectColumns+" FROM cross_connect"+f.String()+" ORDER BY connection"+limit(q.Limit), f.args, scanCrossConnect)
}

func scanCrossConnect(r *sql.Rows) (x directconnect.CrossConnect, err error) {
	var body string
	if err = r.Scan(&x.ConnectionID, &x.Account, &x.Location, &x.PortID, &x.Version, &body); err == nil {
		err = decodeBody(body, &x)
	}
	return x, err
}

// PutCrossConnect inserts x when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict).
func (tx *Tx) PutCrossConnect(x *directconnect.CrossConnect) error {
	body, err := encodeBody(x)
	if err != nil {
		return err
	}
	if x.Version == 0 {
		_, err := tx.exec("INSERT INTO cross_connect (connection, account, location, port, version, body) VALUES (?, ?, ?, ?, 1, ?)",
			x.ConnectionID, x.Account, x.Location, x.PortID, body)
		if err == nil {
			x.Version = 1
		}
		return err
	}
	return tx.swap(&x.Version, "UPDATE cross_connect SET account = ?, location = ?, port = ?, version = version + 1, body = ? "+
		"WHERE connection = ? AND version = ?", x.Account, x.Location, x.PortID, body, x.ConnectionID, x.Version)
}

const attachmentColumns = "connection, name, media, size, added"

// Attachments answers the files of a cross connect, without what is in them, ordered by name.
func (tx *Tx) Attachments(connection string) ([]directconnect.Attachment, error) {
	return rows(tx, "SELECT "+attachmentColumns+" FROM cross_connect_attachment WHERE connection = ? ORDER BY name", []any{connection},
		func(r *sql.Rows) (a directconnect.Attachment, err error) {
			var added int64
			err = r.Scan(&a.ConnectionID, &a.Name, &a.MediaType, &a.Size, &added)
			a.Added = fromMicros(added)
			return a, err
		})
}

// Attachment answers a file of a cross connect.
func (tx *Tx) Attachment(connection, name string) (a directconnect.Attachment, content []byte, err error) {
	var added int64
	var text string
	err = tx.one("SELECT "+attachmentColumns+", content FROM cross_connect_attachment WHERE connection = ? AND name = ?", []any{connection, name},
		&a.ConnectionID, &a.Name, &a.MediaType, &a.Size, &added, &text)
	if err != nil {
		return a, nil, err
	}
	a.Added = fromMicros(added)
	content, err = base64.StdEncoding.DecodeString(text)
	return a, content, err
}

// PutAttachment keeps a file, in place of one of its name.
func (tx *Tx) PutAttachment(a directconnect.Attachment, content []byte) error {
	_, err := tx.exec("INSERT INTO cross_connect_attachment ("+attachmentColumns+", content) VALUES (?, ?, ?, ?, ?, ?) "+
		"ON CONFLICT (connection, name) DO UPDATE SET media = excluded.media, size = excluded.size, added = excluded.added, content = excluded.content",
		a.ConnectionID, a.Name, a.MediaType, a.Size, micros(a.Added), base64.StdEncoding.EncodeToString(content))
	return err
}

// DeleteAttachment removes a file of a cross connect.
func (tx *Tx) DeleteAttachment(connection, name string) error {
	return tx.remove("DELETE FROM cross_connect_attachment WHERE connection = ? AND name = ?", connection, name)
}

const portEventColumns = "port, time, id, connection, body"

// PutPortEvent records what has happened to a port. Its ID sets it apart from what happened at the same time.
func (tx *Tx) PutPortEvent(e directconnect.PortEvent) error {
	body, err := encodeBody(&e)
	if err != nil {
		return err
	}
	_, err = tx.exec("INSERT INTO port_event ("+portEventColumns+") VALUES (?, ?, ?, ?, ?)", e.PortID, micros(e.Time), e.ID, e.ConnectionID, body)
	return err
}

// PortEventQuery chooses what has happened: to a port, or to the ports of a connection.
type PortEventQuery struct {
	PortID, ConnectionID string // one of them is set

	Before time.Time // only what happened earlier; zero: all
	Limit  int       // 0: all
}

// PortEvents answers what q chooses, the newest first.
func (tx *Tx) PortEvents(q PortEventQuery) ([]directconnect.PortEvent, error) {
	f := &filter{}
	f.equal("port", q.PortID)
	f.equal("connection", q.ConnectionID)
	if len(f.terms) == 0 {
		return nil, errWideQuery
	}
	if !q.Before.IsZero() {
		f.add("time < ?", micros(q.Before))
	}
	return rows(tx, "SELECT "+portEventColumns+" FROM port_event"+f.String()+" ORDER BY time DESC, id DESC"+limit(q.Limit), f.args,
		func(r *sql.Rows) (e directconnect.PortEvent, err error) {
			var at int64
			var body string
			if err = r.Scan(&e.PortID, &at, &e.ID, &e.ConnectionID, &body); err == nil {
				err = decodeBody(body, &e)
			}
			e.Time = fromMicros(at)
			return e, err
		})
}
