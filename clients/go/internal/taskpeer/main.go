// Command taskpeer is a worker and submitter that does what it is told on standard input, as peer
// does. tests/conformance runs it.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"sync"
	"time"

	foedus "foedus.local/go"
	taskv1 "foedus.local/go/gen/foedus/task/v1"
)

type words map[string]any

var (
	said     sync.Mutex
	released = make(chan struct{})
)

func say(what words) {
	said.Lock()
	defer said.Unlock()
	text, _ := json.Marshal(what)
	fmt.Println(string(text))
}

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		reason := ""
		if told := (*foedus.Error)(nil); errors.As(err, &told) {
			reason = told.Reason
		}
		say(words{"did": "fail", "reason": reason, "message": err.Error()})
	}
}

func run(ctx context.Context, folder, invitation, token string) error {
	options := foedus.JoinOptions{Folder: folder, Invitation: invitation, Token: token}
	if _, err := foedus.Join(ctx, options); err != nil {
		return err
	}
	node, err := foedus.Open(ctx, folder, foedus.OpenOptions{})
	if err != nil {
		return err
	}
	defer node.Close()
	say(words{"did": "ready", "spiffeId": node.SpiffeID()})
	told := &told{node: node}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var wish wish
		if err := json.Unmarshal(lines.Bytes(), &wish); err != nil {
			return err
		}
		if err := told.do(ctx, wish); err != nil {
			return err
		}
	}
	return nil
}

type wish struct {
	Do, Queue, Kind, Task, Name string
	Concurrency                 int
	Attempts                    uint32
	Kinds, Capabilities         []string
	Seconds                     float64
	Payloads                    []any
	Patience                    struct{ Answer, Heed float64 }
}

func span(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }

type told struct {
	node   *foedus.Node
	worker *foedus.Worker
}

func (t *told) do(ctx context.Context, wish wish) error {
	tasks := t.node.Tasks()
	switch wish.Do {
	case "work":
		options := foedus.WorkerOptions{
			Queue: wish.Queue, Name: wish.Name, Concurrency: wish.Concurrency,
			Kinds: wish.Kinds, Capabilities: wish.Capabilities,
			AnswerWithin: span(wish.Patience.Answer), HeedWithin: span(wish.Patience.Heed),
			Notice: func(did string, job *foedus.Job) {
				say(words{"did": did, "task": job.ID(), "fence": job.Fence})
			},
		}
		worker, err := t.node.Work(ctx, options, handle)
		if err == nil {
			t.worker = worker
			go wait(worker)
		}
		return err
	case "release":
		close(released)
	case "drain":
		go drain(ctx, t.worker, wish.Seconds)
	case "submit":
		return submit(ctx, tasks, wish)
	case "result":
		go result(ctx, tasks, wish.Task)
	case "cancel":
		task, err := tasks.Cancel(ctx, wish.Task, "no more")
		say(words{"did": "cancel", "state": task.GetState()})
		return err
	case "retry":
		task, err := tasks.Retry(ctx, wish.Task)
		say(words{"did": "retry", "state": task.GetState()})
		return err
	case "get":
		task, err := tasks.Get(ctx, wish.Task)
		message := task.GetAttempt().GetProgress().GetMessage()
		say(words{"did": "get", "message": message, "state": task.GetState()})
		return err
	case "status":
		status := t.worker.Status()
		say(words{
			"did": "status", "lost": status.Lost, "completed": status.Completed,
			"connected": status.Connected,
		})
	}
	return nil
}

func wait(worker *foedus.Worker) {
	<-worker.Done()
	if told := (*foedus.Error)(nil); errors.As(worker.Err(), &told) {
		say(words{"did": "ended", "reason": told.Reason, "field": told.Facts["field"]})
	}
}

func drain(ctx context.Context, worker *foedus.Worker, seconds float64) {
	timed, cancel := context.WithTimeout(ctx, span(seconds))
	defer cancel()
	say(words{"did": "drained", "whole": worker.Drain(timed)})
}

func handle(ctx context.Context, job *foedus.Job) (any, error) {
	switch job.Kind() {
	case "echo":
		var payload any
		err := job.JSON(&payload)
		return payload, err
	case "fail-once":
		if job.Attempt() == 1 {
			return nil, &foedus.TaskFailed{
				Reason: "RATE_LIMITED", Message: "slow down", RetryAfter: 50 * time.Millisecond,
			}
		}
		return words{"attempt": job.Attempt()}, nil
	case "final":
		return nil, &foedus.TaskFailed{Reason: "BROKEN", Message: "beyond repair", Final: true}
	case "odd":
		job.Progress(&taskv1.Progress{Fraction: new(math.NaN()), Spent: 1 << 60})
		return nil, &foedus.TaskFailed{Message: "5\x00", Final: true, RetryAfter: 1<<63 - 1}
	case "raise":
		panic("a bug")
	case "quit":
		runtime.Goexit()
	case "complain", "complain-by-name":
		var complaint string
		err := job.JSON(&complaint)
		if job.Kind() == "complain-by-name" {
			err = &foedus.TaskFailed{Reason: "COMPLAINT", Message: complaint}
		} else if err == nil {
			err = errors.New(complaint)
		}
		return nil, err
	case "largest":
		return make([]byte, foedus.PayloadBytesMax), nil
	case "too-large":
		return make([]byte, foedus.PayloadBytesMax+1), nil
	case "parent":
		spec, err := foedus.NewTask(job.Task.GetSpec().GetQueue(), "echo", "of a child")
		if err != nil {
			return nil, err
		}
		answer, err := job.Submit(ctx, spec)
		return words{"child": answer.GetTask().GetId()}, err
	}
	job.Progress(&taskv1.Progress{Fraction: new(0.5), Message: "half way", Spent: 3})
	if job.Kind() == "stubborn" {
		<-released
		return words{"stubborn": true}, nil
	}
	select {
	case <-released:
		return words{"attempt": job.Attempt()}, nil
	case <-ctx.Done():
		var stopped *foedus.TaskStopped
		errors.As(context.Cause(ctx), &stopped)
		why, cause := stopped.Message, stopped.Because
		say(words{"did": "told", "task": job.ID(), "reason": why, "cause": cause})
		return nil, ctx.Err()
	}
}

func submit(ctx context.Context, tasks *foedus.Tasks, wish wish) error {
	specs, ids := []*taskv1.TaskSpec{}, []string{}
	for _, payload := range wish.Payloads {
		spec, err := foedus.NewTask(wish.Queue, wish.Kind, payload)
		if err != nil {
			return err
		}
		spec.Retry = &taskv1.RetryPolicy{MaximumAttempts: wish.Attempts}
		specs = append(specs, spec)
	}
	if len(specs) == 1 {
		answer, err := tasks.Submit(ctx, specs[0])
		say(words{"did": "submitted", "ids": []string{answer.GetTask().GetId()}})
		return err
	}
	submitted, err := tasks.SubmitMany(ctx, specs)
	for _, one := range submitted {
		ids = append(ids, one.GetTaskId())
	}
	say(words{"did": "submitted", "ids": ids})
	return err
}

func result(ctx context.Context, tasks *foedus.Tasks, id string) {
	payload, err := tasks.Result(ctx, id)
	if failed := (*foedus.TaskFailed)(nil); errors.As(err, &failed) {
		say(words{"did": "result", "task": id, "reason": failed.Reason, "message": failed.Message})
		return
	}
	var value any
	_ = json.Unmarshal(payload.GetBody(), &value)
	say(words{"did": "result", "task": id, "value": value})
}
