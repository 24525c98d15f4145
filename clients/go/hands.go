package foedus

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	taskv1 "foedus.local/go/gen/foedus/task/v1"
)

// Handler does one task. What it returns is the result: bytes, nil, or anything else as JSON. Its
// context ends when it is to stop; the cause is a *TaskStopped.
type Handler func(ctx context.Context, job *Job) (any, error)

// turn is a lock that tells whoever waits of each change.
type turn struct {
	sync.Mutex
	changed chan struct{}
}

func newTurn() *turn { return &turn{changed: make(chan struct{})} }

// tell wakes everybody; under the lock.
func (t *turn) tell() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// until waits for something to hold, under the lock, which it lets go of meanwhile.
func (t *turn) until(ctx context.Context, holds func() bool) bool {
	for !holds() {
		changed := t.changed
		t.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
		}
		t.Lock()
		if ctx.Err() != nil {
			return holds()
		}
	}
	return true
}

// hands are the tasks a worker has, and the goroutines that do them. All but the handlers and the
// notices runs under the lock.
type hands struct {
	turn    *turn
	ctx     context.Context
	handler Handler
	// concurrency is how many it does at once.
	concurrency int
	notice      func(did string, job *Job)
	tasks       *Tasks
	// patience is how long it waits for others.
	patience patience
	holds    map[holdKey]*held
	// strays are handlers that still run though their hold is over: they take room.
	strays                  int
	completed, failed, lost int
}

func (h *hands) running() int {
	count := 0
	for _, one := range h.holds {
		if one.runs {
			count++
		}
	}
	return count
}

// take: a task came; what there is no place for goes back at once.
func (h *hands) take(assignment *taskv1.Assignment, draining bool) {
	job := newJob(h.ctx, assignment, h.wake, h.tasks)
	one := newHeld(assignment, job, h.patience)
	if h.holds[keyOf(one.hold)] != nil {
		job.stop(nil)
		return
	}
	full := h.running()+h.strays >= h.concurrency
	h.holds[keyOf(one.hold)] = one
	if draining || full {
		one.runs = false
		one.giveBack()
		return
	}
	go h.do(one)
}

// heard: the hub has answered a word about one of them; gives back what to notice.
func (h *hands) heard(receipt *taskv1.Receipt) (string, *Job) {
	one := h.holds[keyOf(receipt.GetHold())]
	if one == nil {
		return "", nil
	}
	switch receipt.GetVerdict() {
	case taskv1.Verdict_VERDICT_LOST, taskv1.Verdict_VERDICT_UNKNOWN:
		h.remove(one)
		if one.lapsed {
			return "", nil
		}
		h.lose(one, orElse(receipt.GetDetail(), "the hold is over"))
		return "lost", one.job
	}
	if !one.heard(receipt) {
		if receipt.GetCancelRequested() {
			one.callOff(orElse(receipt.GetCancelReason(), "it was called off"))
		}
		return "", nil
	}
	stopped := one.job.ctx.Err() != nil
	h.remove(one)
	one.job.stop(nil)
	if one.lapsed {
		return "", nil
	}
	switch one.last.GetSaid().(type) {
	case *taskv1.Report_Result:
		h.completed++
		return "done", one.job
	case *taskv1.Report_Failure:
		if !stopped {
			h.failed++
			return "failed", one.job
		}
	}
	return "stopped", one.job
}

func (h *hands) remove(one *held) {
	delete(h.holds, keyOf(one.hold))
	if one.runs {
		h.strays++
	}
}

// lose: somebody else has it, or will; its handler is told.
func (h *hands) lose(one *held, why string) {
	h.lost++
	one.job.stop(&TaskStopped{"lost", why})
}

// stopOne: the hub wants one to stop.
func (h *hands) stopOne(stop *taskv1.Stop) {
	if one := h.holds[keyOf(stop.GetHold())]; one != nil {
		one.callOff(stop.GetReason())
	}
}

// look ends what is over by our own clock; gives back what was lost, and when to look again.
func (h *hands) look(now, latest time.Time) ([]*Job, time.Time) {
	var lost []*Job
	for _, one := range h.holds {
		if one.runs && !now.Before(one.until) && one.lapse() {
			h.lose(one, "its lease is over")
			lost = append(lost, one.job)
		}
		if !one.late && one.job.because() == "time" {
			one.late, one.signAt = true, time.Time{}
		}
		one.giveUp(now)
		latest = one.wakes(now, latest)
	}
	return lost, latest
}

func (h *hands) words(now time.Time) []*taskv1.Report {
	var words []*taskv1.Report
	for _, one := range h.holds {
		if word := one.word(now); word != nil {
			words = append(words, word)
		}
	}
	return words
}

// stopAll tells all handlers to stop.
func (h *hands) stopAll(because, why string) {
	for _, one := range h.holds {
		if one.runs {
			one.job.stop(&TaskStopped{because, why})
		}
	}
}

var errQuit = errors.New("its goroutine ended")

// do runs the handler.
func (h *hands) do(one *held) {
	h.notice("took", one.job)
	var result *taskv1.Payload
	var failure *taskv1.Failure
	returned := false
	// Also when the handler ends its goroutine: its hold would be renewed for ever.
	defer func() {
		h.turn.Lock()
		defer h.turn.Unlock()
		if !returned {
			failure = failureOf(one.job.ctx, errQuit)
		}
		if h.holds[keyOf(one.hold)] == one {
			one.settle(result, failure)
		} else {
			h.strays--
		}
		h.turn.tell()
	}()
	result, failure = h.attempt(one.job)
	returned = true
}

func (h *hands) attempt(job *Job) (result *taskv1.Payload, failure *taskv1.Failure) {
	defer func() {
		if panicked := recover(); panicked != nil {
			result, failure = nil, failureOf(job.ctx, fmt.Errorf("it panicked: %v", panicked))
		}
	}()
	value, err := h.handler(job.ctx, job)
	if err == nil {
		result, err = resultOf(value)
	}
	if err != nil {
		return nil, failureOf(job.ctx, err)
	}
	return result, nil
}

func (h *hands) wake() {
	h.turn.Lock()
	defer h.turn.Unlock()
	h.turn.tell()
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
