package foedus

import (
	"context"
	"sync"
	"time"

	"connectrpc.com/connect"
	taskv1 "foedus.local/go/gen/foedus/task/v1"
	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	// waitSpan is how long one call waits; a hub that allows less answers sooner.
	waitSpan = 50 * time.Second
	// turnSpan: of more tasks than a call carries, each has its turn so often.
	turnSpan = time.Second
	// silence: a hub that says nothing for so much longer is gone.
	silence     = 15 * time.Second
	waitIDsMax  = 1_000
	idLengthMax = 64
	// So many calls come at once, and then one after another.
	waitBurst = 32
	waitEvery = 250 * time.Millisecond
)

// wanted is a task whose end is waited for.
type wanted struct {
	over    chan struct{}
	waiters int
	task    *taskv1.Task
	err     error
}

// ends are the ends of tasks, however many are waited for, by one call for all: who comes later is
// asked for together with all others.
type ends struct {
	link   *link
	mutex  sync.Mutex
	wanted map[string]*wanted
	asking bool
	due    time.Time
	// again ends the call under way: the next one asks for what is wanted by then.
	again context.CancelFunc
}

func newEnds(l *link) *ends {
	return &ends{link: l, wanted: map[string]*wanted{}, again: func() {}}
}

// of is a task once it has ended.
func (e *ends) of(ctx context.Context, id string) (*taskv1.Task, error) {
	if len(id) > idLengthMax {
		// It would spoil the call of all others.
		return nil, refusal("INVALID_REQUEST", "task_id: it is too long")
	}
	if err := e.link.requireOpen(ctx); err != nil {
		return nil, err
	}
	one := e.want(id)
	defer e.leave(id, one)
	select {
	case <-one.over:
		return one.task, one.err
	case <-ctx.Done():
	case <-e.link.ctx.Done():
	}
	return nil, e.link.requireOpen(ctx)
}

func (e *ends) want(id string) *wanted {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	one := e.wanted[id]
	if one == nil {
		one = &wanted{over: make(chan struct{})}
		e.wanted[id] = one
		e.again()
	}
	one.waiters++
	if !e.asking {
		e.asking = true
		go e.ask()
	}
	return one
}

func (e *ends) leave(id string, one *wanted) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	one.waiters--
	if one.waiters == 0 && e.wanted[id] == one {
		delete(e.wanted, id)
		if len(e.wanted) == 0 {
			e.again()
		}
	}
}

// ask goes on as long as anybody waits.
func (e *ends) ask() {
	ctx := context.Background()
	for attempt := 0; e.pace(ctx); {
		calling, cancel := context.WithCancel(ctx)
		answer, err := e.call(calling, cancel)
		isAgain := calling.Err() != nil
		cancel()
		if err == nil {
			attempt = 0
			e.settle(answer)
			continue
		}
		if isAgain && e.link.ctx.Err() == nil {
			continue
		}
		attempt++
		if err = e.link.judge(ctx, err); err == nil {
			err = e.link.wait(ctx, backoff(attempt))
		}
		if err != nil {
			e.fail(err)
		}
	}
}

// pace waits until it may ask; false when nobody wants anything any more.
func (e *ends) pace(ctx context.Context) bool {
	now := time.Now()
	_ = pause(ctx, e.due.Add(-waitBurst*waitEvery).Sub(now), e.link.ctx)
	if e.due.Before(now) {
		e.due = now
	}
	e.due = e.due.Add(waitEvery)
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.asking = len(e.wanted) > 0
	return e.asking
}

func (e *ends) call(
	ctx context.Context, again context.CancelFunc,
) (*taskv1.WaitTasksResponse, error) {
	ids, span := e.next(again)
	if len(ids) == 0 {
		return nil, nil
	}
	request := &taskv1.WaitTasksRequest{TaskIds: ids, Wait: durationpb.New(span)}
	var answer *taskv1.WaitTasksResponse
	err := e.link.once(ctx, span+silence, func(ctx context.Context, on *line) error {
		response, err := on.task.WaitTasks(ctx, connect.NewRequest(request))
		if err == nil {
			answer = response.Msg
		}
		return err
	})
	return answer, err
}

// next is what to ask for: of more than a call carries some, in no order, so everyone has a turn.
func (e *ends) next(again context.CancelFunc) ([]string, time.Duration) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.again = again
	var ids []string
	for id := range e.wanted {
		if len(ids) == waitIDsMax {
			return ids, turnSpan
		}
		ids = append(ids, id)
	}
	return ids, waitSpan
}

func (e *ends) settle(answer *taskv1.WaitTasksResponse) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	for _, task := range answer.GetTasks() {
		e.end(task.GetId(), task, nil)
	}
	for _, id := range answer.GetUnknownIds() {
		e.end(id, nil, refusal("NOT_FOUND", "there is no task "+id+" here"))
	}
}

func (e *ends) fail(err error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	for id := range e.wanted {
		e.end(id, nil, err)
	}
}

func (e *ends) end(id string, task *taskv1.Task, err error) {
	if one := e.wanted[id]; one != nil {
		delete(e.wanted, id)
		one.task, one.err = task, err
		close(one.over)
	}
}
