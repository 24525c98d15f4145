package foedus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	taskv1 "foedus.local/go/gen/foedus/task/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
)

// PayloadBytesMax is what a payload holds at most; what is larger belongs into a file.
const PayloadBytesMax = 262_144

const (
	reasonMax          = 64
	messageMax         = 2_000
	progressMessageMax = 500
	typeMax            = 120
	// retryAfterMax is a year: whoever says more means never.
	retryAfterMax = 365 * 24 * time.Hour
	// spentMax is as far as the hub counts; it refuses more.
	spentMax = 1<<53 - 1
)

// TaskFailed is how a handler fails an attempt, for a reason that a retry policy can name; any other
// error is UNCAUGHT. Tasks.Result returns it for a task that failed for good, or was called off.
type TaskFailed struct {
	// Reason is a word to decide by, e.g. "RATE_LIMITED"; "CANCELED" for what was called off.
	Reason  string
	Message string
	// Final says that another attempt is of no use.
	Final bool
	// RetryAfter says not to try sooner; 0 leaves it to the retry policy.
	RetryAfter time.Duration
}

func (f *TaskFailed) Error() string { return f.Message + " (" + f.Reason + ")" }

// TaskStopped is the cause of a handler's context when it is to stop.
type TaskStopped struct {
	// Because is "canceled", "lost", "time" or "draining".
	Because string
	Message string
}

func (s *TaskStopped) Error() string { return s.Message }

// PayloadOf has bytes as they are, nil as nothing, and everything else as JSON.
func PayloadOf(value any) (*taskv1.Payload, error) {
	switch found := value.(type) {
	case nil:
		return &taskv1.Payload{}, nil
	case *taskv1.Payload:
		return found, nil
	case []byte:
		return &taskv1.Payload{ContentType: "application/octet-stream", Body: found}, nil
	}
	body, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return &taskv1.Payload{ContentType: "application/json", Body: body}, nil
}

// NewTask is what somebody wants done, with its payload as PayloadOf reads it.
func NewTask(queue, kind string, payload any) (*taskv1.TaskSpec, error) {
	found, err := PayloadOf(payload)
	return &taskv1.TaskSpec{Queue: queue, Kind: kind, Payload: found}, err
}

// resultOf: what no payload can hold fails the attempt for good.
func resultOf(value any) (*taskv1.Payload, error) {
	found, err := PayloadOf(value)
	if err != nil {
		return nil, &TaskFailed{"RESULT_INVALID", "the result is no JSON: " + err.Error(), true, 0}
	}
	if found == nil {
		// A result of the type *Payload that is nil is an empty one.
		return &taskv1.Payload{}, nil
	}
	kind := found.GetContentType()
	if utf8.RuneCountInString(kind) > typeMax || !utf8.ValidString(kind) || strings.Contains(kind, "\x00") {
		told := fmt.Sprintf("the result is a Payload without a type of at most %d letters", typeMax)
		return nil, &TaskFailed{"RESULT_INVALID", told, true, 0}
	}
	if size := len(found.GetBody()); size > PayloadBytesMax {
		return nil, &TaskFailed{"RESULT_TOO_LARGE", fmt.Sprintf("the result has %d bytes, the limit is"+
			" %d: put it into a file and return its place", size, PayloadBytesMax), true, 0}
	}
	return found, nil
}

// failureOf is what the hub is told of an error; nil gives the task back undone.
func failureOf(ctx context.Context, err error) *taskv1.Failure {
	var failed *TaskFailed
	if errors.As(err, &failed) {
		failure := &taskv1.Failure{
			Reason:  clipped(failed.Reason, reasonMax),
			Message: told(failed.Message),
			IsFinal: failed.Final,
		}
		if failure.Reason == "" {
			failure.Reason = "UNCAUGHT"
		}
		if failed.RetryAfter > 0 {
			failure.RetryAfter = durationpb.New(min(retryAfterMax, failed.RetryAfter))
		}
		return failure
	}
	var stopped *TaskStopped
	if errors.As(context.Cause(ctx), &stopped) {
		if stopped.Because == "draining" {
			return nil
		}
		final := stopped.Because == "canceled"
		return &taskv1.Failure{Reason: "STOPPED", Message: told(stopped.Message), IsFinal: final}
	}
	return &taskv1.Failure{Reason: "UNCAUGHT", Message: told(err.Error())}
}

// told is what may leave of a message that nobody wrote for others: without addresses and secrets.
func told(message string) string { return clipped(redacted(message), messageMax) }

// clipped is as much of a text as the hub takes, in letters, and no NUL.
func clipped(text string, most int) string {
	letters := []rune(strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", ""))
	return string(letters[:min(len(letters), most)])
}

// Job is a task that this worker holds.
type Job struct {
	// Task is all that was asked for.
	Task *taskv1.Task
	// Fence grows with each holder: show it wherever an older holder must not write any more.
	Fence int64

	ctx      context.Context
	stop     context.CancelCauseFunc
	tell     func()
	tasks    *Tasks
	mutex    sync.Mutex
	spent    int64
	progress *taskv1.Progress
}

// newJob's context ends with the worker's, at the task's nearest deadline, and when it is told to.
func newJob(
	ctx context.Context, assignment *taskv1.Assignment, tell func(), tasks *Tasks,
) *Job {
	own, stop := context.WithCancelCause(ctx)
	if left := assignment.GetTimeLeft(); left != nil {
		timed, cancel := context.WithTimeoutCause(
			own, left.AsDuration(), &TaskStopped{"time", "its time is over"})
		context.AfterFunc(own, cancel)
		own = timed
	}
	fence := assignment.GetHold().GetFence()
	return &Job{Task: assignment.GetTask(), Fence: fence, ctx: own, stop: stop, tell: tell, tasks: tasks}
}

// ID is the task's.
func (j *Job) ID() string { return j.Task.GetId() }

// Kind is what is to be done.
func (j *Job) Kind() string { return j.Task.GetSpec().GetKind() }

// Payload is what it is to be done with.
func (j *Job) Payload() []byte { return j.Task.GetSpec().GetPayload().GetBody() }

// Attempt counts from 1.
func (j *Job) Attempt() int { return int(j.Task.GetAttempt().GetNumber()) }

// JSON reads the payload, nothing where it is empty; its error fails the attempt for good.
func (j *Job) JSON(into any) error {
	if len(j.Payload()) == 0 {
		return nil
	}
	if err := json.Unmarshal(j.Payload(), into); err != nil {
		return &TaskFailed{"PAYLOAD_INVALID", "no JSON: " + err.Error(), true, 0}
	}
	return nil
}

// TimeLeft is how long until nobody needs it any more; false for no limit.
func (j *Job) TimeLeft() (time.Duration, bool) {
	deadline, limited := j.ctx.Deadline()
	return max(0, time.Until(deadline)), limited
}

// Progress says how far it has come; the newest word is sent soon, and renews the lease. What it
// says of the cost so far goes with the result or the failure, too.
func (j *Job) Progress(progress *taskv1.Progress) {
	word := proto.CloneOf(progress)
	word.Message = clipped(word.GetMessage(), progressMessageMax)
	if part := word.GetFraction(); part != part {
		// No number: nothing is said of it.
		word.Fraction = nil
	} else if word.Fraction != nil {
		word.Fraction = new(min(1, max(0, part)))
	}
	j.mutex.Lock()
	j.spent = min(spentMax, max(j.spent, word.GetSpent()))
	word.Spent = j.spent
	j.progress = word
	j.mutex.Unlock()
	j.tell()
}

// Submit submits a part of this task: within its deadline, its budget and its hop limit.
func (j *Job) Submit(
	ctx context.Context, spec *taskv1.TaskSpec,
) (*taskv1.SubmitTaskResponse, error) {
	child := proto.CloneOf(spec)
	child.ParentId = j.ID()
	return j.tasks.Submit(ctx, child)
}

// because says why it is to stop; empty while it is not.
func (j *Job) because() string {
	var stopped *TaskStopped
	if errors.As(context.Cause(j.ctx), &stopped) {
		return stopped.Because
	}
	return ""
}

func (j *Job) takeProgress() *taskv1.Progress {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	newest := j.progress
	j.progress = nil
	return newest
}

func (j *Job) cost() int64 {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.spent
}
