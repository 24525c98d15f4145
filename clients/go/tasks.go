package foedus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"iter"

	"connectrpc.com/connect"
	taskv1 "foedus.local/go/gen/foedus/task/v1"
)

// Tasks are tasks as those see them who want them done. Calls wait while the hub is away, and each
// has one effect; contexts bound them.
type Tasks struct{ link *link }

// Tasks to be done by others.
func (n *Node) Tasks() *Tasks { return &Tasks{n.link} }

// Submit submits one task; the one that was there (Existed), if its unique key was taken.
func (t *Tasks) Submit(
	ctx context.Context, spec *taskv1.TaskSpec,
) (*taskv1.SubmitTaskResponse, error) {
	request := &taskv1.SubmitTaskRequest{RequestId: newUUID(), Spec: spec}
	return asked(ctx, t.link, func(ctx context.Context, on *line) (
		*connect.Response[taskv1.SubmitTaskResponse], error,
	) {
		return on.task.SubmitTask(ctx, connect.NewRequest(request))
	})
}

// SubmitMany submits up to 1,000, all or none; "#2" in DependsOn means the third of them.
func (t *Tasks) SubmitMany(
	ctx context.Context, specs []*taskv1.TaskSpec,
) ([]*taskv1.Submitted, error) {
	request := &taskv1.SubmitTasksRequest{RequestId: newUUID(), Specs: specs}
	answer, err := asked(ctx, t.link, func(ctx context.Context, on *line) (
		*connect.Response[taskv1.SubmitTasksResponse], error,
	) {
		return on.task.SubmitTasks(ctx, connect.NewRequest(request))
	})
	return answer.GetSubmitted(), err
}

// Get is one task as it stands.
func (t *Tasks) Get(ctx context.Context, id string) (*taskv1.Task, error) {
	answer, err := asked(ctx, t.link, func(ctx context.Context, on *line) (
		*connect.Response[taskv1.GetTaskResponse], error,
	) {
		return on.task.GetTask(ctx, connect.NewRequest(&taskv1.GetTaskRequest{TaskId: id}))
	})
	return answer.GetTask(), err
}

// Cancel calls a task off: at once if nobody holds it, else its worker is told.
func (t *Tasks) Cancel(ctx context.Context, id, reason string) (*taskv1.Task, error) {
	request := &taskv1.CancelTaskRequest{RequestId: newUUID(), TaskId: id, Reason: reason}
	answer, err := asked(ctx, t.link, func(ctx context.Context, on *line) (
		*connect.Response[taskv1.CancelTaskResponse], error,
	) {
		return on.task.CancelTask(ctx, connect.NewRequest(request))
	})
	return answer.GetTask(), err
}

// Retry takes a task out of the dead letters: it is ready again, with fresh attempts.
func (t *Tasks) Retry(ctx context.Context, id string) (*taskv1.Task, error) {
	request := &taskv1.RetryTaskRequest{RequestId: newUUID(), TaskId: id}
	answer, err := asked(ctx, t.link, func(ctx context.Context, on *line) (
		*connect.Response[taskv1.RetryTaskResponse], error,
	) {
		return on.task.RetryTask(ctx, connect.NewRequest(request))
	})
	return answer.GetTask(), err
}

// Watch gives the task now and at each change until it has ended, whatever the connection does.
func (t *Tasks) Watch(ctx context.Context, id string) iter.Seq2[*taskv1.Task, error] {
	return func(yield func(*taskv1.Task, error) bool) {
		watching := &watching{t.link, id, 0, 0, yield}
		for {
			err := watching.listen(ctx)
			if errors.Is(err, errEnough) {
				return
			}
			if err == nil {
				// Nothing comes to an end without a last word: what we know is of another log.
				watching.revision = 0
			} else if err = t.link.judge(ctx, err); err != nil {
				yield(nil, err)
				return
			}
			watching.attempt++
			if err := t.link.wait(ctx, backoff(watching.attempt)); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// Result waits for what a task comes to; its error is a *TaskFailed if it failed, or was called off.
// All who wait share one call, so wait for a thousand at once.
func (t *Tasks) Result(ctx context.Context, id string) (*taskv1.Payload, error) {
	last, err := t.link.ends.of(ctx, id)
	if err != nil {
		return nil, err
	}
	if last.GetState() == taskv1.TaskState_TASK_STATE_COMPLETED {
		return last.GetResult(), nil
	}
	if off := last.GetCancellation(); off != nil {
		told := fmt.Sprintf("%s was called off by %s", id, off.GetCaller())
		if off.GetReason() != "" {
			told += ": " + off.GetReason()
		}
		return nil, &TaskFailed{"CANCELED", told, true, 0}
	}
	failure := last.GetFailure()
	return nil, &TaskFailed{orElse(failure.GetReason(), "CANCELED"), failure.GetMessage(), true, 0}
}

type watching struct {
	link     *link
	id       string
	revision int64
	attempt  int
	yield    func(*taskv1.Task, error) bool
}

func (w *watching) listen(ctx context.Context) error {
	on, _ := w.link.current()
	calling, cancel := context.WithCancel(on.ctx)
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	stream, err := on.task.WatchTask(calling, connect.NewRequest(
		&taskv1.WatchTaskRequest{TaskId: w.id, Revision: w.revision}))
	if err != nil {
		return err
	}
	defer func() { _ = stream.Close() }()
	for stream.Receive() {
		task := stream.Msg().GetTask()
		w.revision, w.attempt = task.GetRevision(), 0
		if !w.yield(task, nil) || hasEnded(task) {
			return errEnough
		}
	}
	if errors.Is(stream.Err(), io.EOF) {
		return nil
	}
	return stream.Err()
}

func hasEnded(task *taskv1.Task) bool {
	switch task.GetState() {
	case taskv1.TaskState_TASK_STATE_COMPLETED, taskv1.TaskState_TASK_STATE_FAILED,
		taskv1.TaskState_TASK_STATE_CANCELED:
		return true
	}
	return false
}

// asked makes a call until the hub has answered.
func asked[Answer any](
	ctx context.Context, l *link,
	act func(ctx context.Context, on *line) (*connect.Response[Answer], error),
) (*Answer, error) {
	var answer *Answer
	err := l.call(ctx, func(ctx context.Context, on *line) error {
		response, err := act(ctx, on)
		if err == nil {
			answer = response.Msg
		}
		return err
	})
	return answer, err
}

// newUUID is an id of a request (RFC 9562, version 4).
func newUUID() string {
	var drawn [16]byte
	_, _ = rand.Read(drawn[:])
	drawn[6] = drawn[6]&0x0f | 0x40
	drawn[8] = drawn[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", drawn[:4], drawn[4:6], drawn[6:8], drawn[8:10], drawn[10:])
}
