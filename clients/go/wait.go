package foedus

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	waitMin = 100 * time.Millisecond
	waitMax = 5 * time.Second
)

// backoff grows with each attempt, and is never the same for all nodes.
func backoff(attempt int) time.Duration {
	longest := min(waitMax, waitMin<<min(attempt, 16))
	return time.Duration(float64(longest) * (0.5 + rand.Float64()/2))
}

// pause ends early, with an error, when one of the contexts does.
func pause(ctx context.Context, span time.Duration, others ...context.Context) error {
	waiting, cancel := context.WithTimeout(ctx, max(0, span))
	defer cancel()
	for _, other := range others {
		defer context.AfterFunc(other, cancel)()
	}
	<-waiting.Done()
	if errors.Is(waiting.Err(), context.DeadlineExceeded) && ctx.Err() == nil {
		return nil
	}
	return waiting.Err()
}
