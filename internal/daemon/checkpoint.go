package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"onramp/internal/audit"
	"onramp/internal/wholefile"
)

// CheckpointFile is where a server keeps the newest checkpoint of the audit trail that it has seen, in its data folder:
// NUMBER:DIGEST and the time, on one line.
func CheckpointFile(data string) string { return filepath.Join(data, "audit-checkpoint") }

// checkpointFile is a controlplane.CheckpointMemory: the path of such a file.
type checkpointFile string

func (f checkpointFile) String() string { return string(f) }

// maxCheckpoint bounds what is read of the file; a line has about 110 bytes.
const maxCheckpoint = 1024

// Read answers what the file holds; a zero Mark if there is none.
func (f checkpointFile) Read() (audit.Mark, error) {
	file, err := os.Open(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return audit.Mark{}, nil
	}
	if err != nil {
		return audit.Mark{}, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxCheckpoint))
	if err != nil {
		return audit.Mark{}, err
	}
	mark, at, _ := strings.Cut(strings.TrimSuffix(string(text), "\n"), " ")
	m, err := audit.ParseMark(mark)
	if err != nil {
		return audit.Mark{}, err
	}
	sealed, err := time.Parse(time.RFC3339Nano, at)
	m.Time = sealed.UnixMicro()
	return m, err
}

// Keep makes a checkpoint what the file holds.
func (f checkpointFile) Keep(m audit.Mark) error {
	return wholefile.Replace(string(f), fmt.Appendf(nil, "%s %s\n", m, time.UnixMicro(m.Time).UTC().Format(time.RFC3339Nano)))
}

// remember holds the audit trail against the newest checkpoint that is kept in the data folder, and keeps the newest there. A
// trail that is behind is told once of each state that it is in, and the server goes on.
func (d *Daemon) remember(ctx context.Context) {
	behind, err := d.core.service.RememberAudit(ctx)
	switch {
	case err != nil && ctx.Err() == nil:
		d.config.Log.Warn("keeping the newest audit checkpoint failed, and will be tried again", "file", CheckpointFile(d.config.Data), "error", err)
	case err == nil && behind != "" && behind != d.behind:
		d.config.Log.Error("the audit trail is not the one that this server has seen: its end was cut off, or another database put in its place; "+
			"if you did that, as by restoring a backup, remove the file that holds the checkpoint", "problem", behind, "file", CheckpointFile(d.config.Data))
	}
	if err == nil {
		d.behind = behind
	}
}
