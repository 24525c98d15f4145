package foedus

import (
	"iter"
	"time"

	taskv1 "foedus.local/go/gen/foedus/task/v1"
	"google.golang.org/protobuf/proto"
)

const (
	// progressEvery: progress of one task is told no more often.
	progressEvery = 200 * time.Millisecond
	// signsInLease is so that two may be lost.
	signsInLease = 3
	// lateSignEvery: whose time is over asks as often whether the hub has seen it, too.
	lateSignEvery = time.Second
	// A hold is let go of a tenth of its lease before it lapses, at most marginMax.
	marginShare = 10
	marginMax   = time.Second
	// answerWithin and heedWithin hold unless a worker's options say otherwise.
	answerWithin = 30 * time.Second
	heedWithin   = 10 * time.Second
	// reportsMax and reportsBytesMax bound the words that go together.
	reportsMax      = 256
	reportsBytesMax = 524_288
)

type holdKey struct {
	task  string
	fence int64
}

func keyOf(hold *taskv1.Hold) holdKey { return holdKey{hold.GetTaskId(), hold.GetFence()} }

// patience is how long a worker waits for others: for the hub's answer to a word, before the stream
// is worth nothing, and for what was called off to stop, before it is reported without its handler.
type patience struct{ answer, heed time.Duration }

// held is one hold: its lease by our own clock, one word on its way at most, and the last word. Its
// worker's lock guards it.
type held struct {
	job      *Job
	patience patience
	hold     *taskv1.Hold
	// span is how long a sign of life is good for, until how long it holds for certain.
	span  time.Duration
	until time.Time
	// runs tells whether a handler is at it.
	runs bool
	// last is the result, the failure, or that it is given back: said until the hub answers.
	last *taskv1.Report
	// lapsed tells whether its lease was over by our own clock, before somebody else said so.
	lapsed bool
	// late tells whether its time is over.
	late bool
	// known tells whether the stream of now has answered a word about it, or brought it.
	known bool
	// asked is when the word was sent that is on its way; zero for none.
	asked     time.Time
	saysLast  bool
	signAt    time.Time
	notBefore time.Time
	heedAt    time.Time
}

func newHeld(assignment *taskv1.Assignment, job *Job, patience patience) *held {
	now := time.Now()
	one := &held{
		job: job, patience: patience, hold: assignment.GetHold(), runs: true, known: true,
	}
	one.signAt = now.Add(assignment.GetLease().AsDuration() / signsInLease)
	one.renew(now, assignment.GetLease().AsDuration())
	return one
}

func (h *held) renew(from time.Time, span time.Duration) {
	h.span = span
	if until := from.Add(span - min(marginMax, span/marginShare)); until.After(h.until) {
		h.until = until
	}
}

// lapse: its lease is over; it goes back, if the hub still hears that. False when it has.
func (h *held) lapse() bool {
	if h.lapsed || h.last != nil {
		return false
	}
	h.lapsed = true
	h.giveBack()
	return true
}

// callOff: the hub wants it to stop; who does not heed that is given up in a while.
func (h *held) callOff(reason string) {
	if h.job.ctx.Err() == nil {
		h.heedAt = time.Now().Add(h.patience.heed)
	}
	h.job.stop(&TaskStopped{"canceled", reason})
}

// giveUp: called off, and its handler goes on all the same.
func (h *held) giveUp(now time.Time) {
	if h.runs && h.last == nil && !h.heedAt.IsZero() && !now.Before(h.heedAt) {
		failure := &taskv1.Failure{
			Reason: "STOPPED", Message: "called off, and it goes on", IsFinal: true,
		}
		said := &taskv1.Report_Failure{Failure: failure}
		h.last = &taskv1.Report{Hold: h.hold, Said: said, Spent: h.job.cost()}
	}
}

// unheard tells whether the hub has not answered for too long.
func (h *held) unheard(now time.Time) bool {
	return !h.asked.IsZero() && now.Sub(h.asked) > h.patience.answer
}

// settle: the handler ended; a nil failure without a result gives the task back undone.
func (h *held) settle(result *taskv1.Payload, failure *taskv1.Failure) {
	h.runs = false
	if h.job.because() == "time" {
		// The hub sees that its time is over, too, and has the right words for it.
		h.signAt = time.Time{}
		return
	}
	if h.last != nil {
		return
	}
	last := &taskv1.Report{Hold: h.hold, Spent: h.job.cost()}
	switch {
	case result != nil:
		last.Said = &taskv1.Report_Result{Result: result}
	case failure != nil:
		last.Said = &taskv1.Report_Failure{Failure: failure}
	default:
		last.Said = &taskv1.Report_Returned{Returned: true}
	}
	h.last = last
}

// giveBack: undone, whatever its handler still does.
func (h *held) giveBack() {
	if h.last == nil {
		returned := &taskv1.Report_Returned{Returned: true}
		h.last = &taskv1.Report{Hold: h.hold, Said: returned, Spent: h.job.cost()}
	}
}

// reconnect: what was on its way may be lost with its stream, and the new one is to know of it.
func (h *held) reconnect() {
	h.known = false
	h.asked, h.signAt, h.notBefore = time.Time{}, time.Time{}, time.Time{}
}

// word is what there is to say now, if anything: one word at a time, and the last one last.
func (h *held) word(now time.Time) *taskv1.Report {
	if !h.asked.IsZero() {
		return nil
	}
	if h.last != nil {
		h.asked, h.saysLast = now, true
		return h.last
	}
	var progress *taskv1.Progress
	if !now.Before(h.notBefore) {
		progress = h.job.takeProgress()
	}
	if progress == nil && now.Before(h.signAt) {
		return nil
	}
	often := h.span / signsInLease
	if h.late {
		often = min(often, lateSignEvery)
	}
	h.asked, h.saysLast, h.signAt = now, false, now.Add(often)
	word := &taskv1.Report{Hold: h.hold}
	if progress != nil {
		h.notBefore = now.Add(progressEvery)
		word.Said = &taskv1.Report_Progress{Progress: progress}
	}
	return word
}

// heard takes an answer that the hold stands, and tells whether it was the one to the last word.
func (h *held) heard(receipt *taskv1.Receipt) bool {
	asked := h.asked
	h.asked, h.known = time.Time{}, true
	if h.saysLast {
		return true
	}
	if lease := receipt.GetLease(); lease != nil && !asked.IsZero() {
		// It lasts from when the hub stored it, which was after we asked.
		h.renew(asked, lease.AsDuration())
	}
	return false
}

// wakes is when there is something to do about it next, if nothing happens before.
func (h *held) wakes(now, latest time.Time) time.Time {
	times := []time.Time{h.signAt, h.notBefore}
	if !h.asked.IsZero() {
		times = []time.Time{h.asked.Add(h.patience.answer)}
	}
	if h.runs {
		deadline, _ := h.job.ctx.Deadline()
		times = append(times, h.until, h.heedAt, deadline)
	}
	for _, at := range times {
		if at.After(now) && at.Before(latest) {
			latest = at
		}
	}
	return latest
}

// bundles are words that go together: few messages, and none too large for the hub.
func bundles(words []*taskv1.Report) iter.Seq[[]*taskv1.Report] {
	return func(yield func([]*taskv1.Report) bool) {
		from, size := 0, 0
		for at, word := range words {
			own := proto.Size(word)
			if at > from && (at-from >= reportsMax || size+own > reportsBytesMax) {
				if !yield(words[from:at]) {
					return
				}
				from, size = at, 0
			}
			size += own
		}
		if from < len(words) {
			yield(words[from:])
		}
	}
}
