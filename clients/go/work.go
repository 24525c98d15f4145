package foedus

import (
	"math/rand/v2"
	"strings"
	"time"

	"connectrpc.com/connect"
	taskv1 "foedus.local/go/gen/foedus/task/v1"
)

const (
	lookAtMost = time.Minute
	// steadyAfter: a stream that ends sooner counts as a failed attempt.
	steadyAfter = 2 * time.Second
	// hopelessWait is for where trying again is of little use until somebody acts.
	hopelessWait = 15 * time.Second
)

// listen opens one stream after the other, each taking along what the worker holds.
func (w *Worker) listen() {
	defer close(w.over)
	for attempt := 1; w.ctx.Err() == nil; attempt++ {
		began := time.Now()
		before, _ := w.link.current()
		err := w.listenOnce(before)
		if now, _ := w.link.current(); now != before || time.Since(began) > steadyAfter {
			attempt = 1
		}
		waiting := backoff(attempt)
		if err != nil && w.ctx.Err() == nil {
			err = w.link.judge(w.ctx, err)
			isOver := w.link.ctx.Err() != nil || w.ctx.Err() != nil
			if err != nil && !isOver && !refusesWorker(errorOf(err)) {
				// Who is not let in now may be later.
				waiting, err = hopelessWait, nil
			}
		}
		if err == nil {
			err = w.link.wait(w.ctx, waiting)
		}
		if err != nil {
			w.finish(err)
		}
	}
}

// refusesWorker: what is refused of one task is no reason to leave all others.
func refusesWorker(err *Error) bool {
	return err.Code == connect.CodeInvalidArgument && strings.HasPrefix(err.Facts["field"], "worker")
}

func (w *Worker) listenOnce(on *line) error {
	w.turn.Lock()
	s := newShift(w.ctx, w.who, w.hands.holds)
	w.shift = s
	w.turn.tell()
	w.turn.Unlock()
	err := s.listen(on, func(answer *taskv1.WorkResponse) error { return w.hear(s, answer) })
	w.turn.Lock()
	defer w.turn.Unlock()
	w.shift = nil
	s.end()
	return err
}

func (w *Worker) hear(s *shift, answer *taskv1.WorkResponse) error {
	w.turn.Lock()
	did, job := "", (*Job)(nil)
	s.heard = true
	switch said := answer.GetSaid().(type) {
	case *taskv1.WorkResponse_BeatEvery:
		s.beatsEvery(said.BeatEvery.AsDuration())
	case *taskv1.WorkResponse_Assignment:
		if w.ctx.Err() == nil {
			w.hands.take(said.Assignment, w.draining)
		}
	case *taskv1.WorkResponse_Receipt:
		did, job = w.hands.heard(said.Receipt)
	case *taskv1.WorkResponse_Stop:
		w.hands.stopOne(said.Stop)
	}
	w.turn.tell()
	w.turn.Unlock()
	if job != nil {
		w.hands.notice(did, job)
	}
	if reconnect := answer.GetReconnect(); reconnect != nil {
		s.end()
		// Not all who were sent away come back at once.
		away := float64(reconnect.AsDuration()) * (1 + rand.Float64()/2)
		return w.link.wait(w.ctx, time.Duration(away))
	}
	return nil
}

// keep watches the clock, and says what there is to say.
func (w *Worker) keep() {
	for w.ctx.Err() == nil {
		w.turn.Lock()
		now := time.Now()
		lost, wakes := w.hands.look(now, now.Add(lookAtMost))
		if w.shift != nil {
			most := int(w.who.GetConcurrency()) - w.hands.strays
			if w.draining {
				most = 0
			}
			if at := w.shift.speakUp(now, w.hands, most); at.Before(wakes) {
				wakes = at
			}
		}
		if len(lost) > 0 {
			w.turn.tell()
		}
		changed := w.turn.changed
		w.turn.Unlock()
		for _, job := range lost {
			w.hands.notice("lost", job)
		}
		timer := time.NewTimer(time.Until(wakes))
		select {
		case <-changed:
		case <-timer.C:
		case <-w.ctx.Done():
		}
		timer.Stop()
	}
}
