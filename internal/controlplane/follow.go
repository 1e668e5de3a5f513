package controlplane

import (
	"context"
	"log/slog"
	"time"
)

// followFor is how long an answer waits for the routers.
const followFor = time.Second

// Follow lets the routers follow an operator's move, so that the answer tells what came of it. They go on by themselves when
// that takes longer. settle waits until what is due has been done; nil: nobody here does it.
func Follow(ctx context.Context, settle func(context.Context) error, log *slog.Logger) {
	if settle == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, followFor)
	defer cancel()
	if err := settle(ctx); err != nil && ctx.Err() == nil {
		log.Warn("the routers did not follow a move at once", "error", err)
	}
}
