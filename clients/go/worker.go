package foedus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	taskv1 "foedus.local/go/gen/foedus/task/v1"
)

const (
	// grace is for handlers that were told to stop, and answerWait for the hub's answers after that.
	grace      = time.Second
	answerWait = 5 * time.Second
)

// WorkerOptions say which tasks a worker does; all but the queue is optional.
type WorkerOptions struct {
	// Queue is the queue it serves.
	Queue string
	// Name is its name; two workers of a node at one queue need two.
	Name string
	// Concurrency is how many tasks it does at once, at most 1,000; one by default.
	Concurrency int
	// Kinds are those it does; empty for all.
	Kinds []string
	// Capabilities, Labels and Models are what tasks may ask for.
	Capabilities []string
	Labels       map[string]string
	Models       []string
	// Notice hears what becomes of tasks: "took", and then "done", "failed", "stopped" or "lost". The
	// worker waits for it, so it must not.
	Notice func(did string, job *Job)
	// AnswerWithin: a hub that has not answered a word by then is left for a new stream; 30 s by default.
	AnswerWithin time.Duration
	// HeedWithin: what is called off and has not stopped by then is reported without its handler; 10 s
	// by default.
	HeedWithin time.Duration
}

// WorkerStatus is how a worker is doing.
type WorkerStatus struct {
	// Connected tells whether it hears the hub.
	Connected bool
	// Running counts tasks whose handlers run; Unsaid those that have ended here, of which the hub
	// has not said that it knows.
	Running, Unsaid int
	// Completed, Failed and Lost count tasks, attempts and holds since it was opened.
	Completed, Failed, Lost int
	Draining                bool
}

// Worker works until it is drained or closed, or its node ends.
type Worker struct {
	link     *link
	who      *taskv1.Worker
	turn     *turn
	ctx      context.Context
	end      context.CancelCauseFunc
	hands    *hands
	shift    *shift
	draining bool
	over     chan struct{}
}

// errWorkerClosed is why a worker ends that was told to.
var errWorkerClosed = errors.New("the worker was closed")

// Work takes tasks off a queue and gives each to the handler, so many at once. The end of the context
// closes the worker.
func (n *Node) Work(ctx context.Context, options WorkerOptions, handler Handler) (*Worker, error) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	name, err := n.workerName(options)
	if err != nil {
		return nil, err
	}
	own, end := context.WithCancelCause(context.WithoutCancel(ctx))
	notice := options.Notice
	if notice == nil {
		notice = func(string, *Job) {}
	}
	who := &taskv1.Worker{
		Name: name, Queue: options.Queue, Kinds: options.Kinds,
		Capabilities: options.Capabilities, Labels: options.Labels, Models: options.Models,
		Concurrency: uint32(max(1, options.Concurrency)),
	}
	both := newTurn()
	w := &Worker{
		link: n.link, who: who, turn: both, ctx: own, end: end, over: make(chan struct{}),
		hands: &hands{
			turn: both, ctx: own, handler: handler, notice: notice, tasks: n.Tasks(),
			patience: patience{
				answer: cmp.Or(options.AnswerWithin, answerWithin),
				heed:   cmp.Or(options.HeedWithin, heedWithin),
			},
			holds:       map[holdKey]*held{},
			concurrency: int(who.GetConcurrency()),
		},
	}
	n.workers = append(slices.DeleteFunc(n.workers, (*Worker).hasEnded), w)
	go w.keep()
	go w.listen()
	unhook := context.AfterFunc(ctx, w.Close)
	context.AfterFunc(own, func() { unhook() })
	return w, nil
}

// workerName finds one that is free at the queue, or says that the wished one is not.
func (n *Node) workerName(options WorkerOptions) (string, error) {
	taken := map[string]bool{}
	for _, other := range n.workers {
		if !other.hasEnded() && other.who.GetQueue() == options.Queue {
			taken[other.who.GetName()] = true
		}
	}
	if taken[options.Name] {
		told := fmt.Sprintf("this node has a worker %s at %s already", options.Name, options.Queue)
		return "", refusal("INVALID_REQUEST", told)
	}
	name := options.Name
	for number := 1; name == "" || taken[name]; number++ {
		name = fmt.Sprintf("worker-%d", number)
	}
	return name, nil
}

// Name is its name among the node's workers.
func (w *Worker) Name() string { return w.who.GetName() }

// Done is closed when it has ended; Err says why, if it was not told to.
func (w *Worker) Done() <-chan struct{} { return w.ctx.Done() }

// Err is why it ended; nil while it works, and when it was told to end.
func (w *Worker) Err() error {
	if err := context.Cause(w.ctx); !errors.Is(err, errWorkerClosed) {
		return err
	}
	return nil
}

// Status is how it is doing now.
func (w *Worker) Status() WorkerStatus {
	w.turn.Lock()
	defer w.turn.Unlock()
	running := w.hands.running()
	return WorkerStatus{
		Connected: w.shift != nil && w.shift.heard,
		Running:   running,
		Unsaid:    len(w.hands.holds) - running,
		Completed: w.hands.completed,
		Failed:    w.hands.failed,
		Lost:      w.hands.lost,
		Draining:  w.draining,
	}
}

// Drain takes nothing new, finishes what it has, and ends. When the context ends, what is left is
// told to stop and given back undone. Whether everything was finished.
func (w *Worker) Drain(ctx context.Context) bool {
	w.turn.Lock()
	w.draining = true
	w.turn.tell()
	whole := w.turn.until(ctx, w.idle)
	if !whole {
		w.hands.stopAll("draining", "the worker stops")
		w.untilWithin(grace, func() bool { return w.ctx.Err() != nil || w.hands.running() == 0 })
		for _, one := range w.hands.holds {
			one.giveBack()
		}
		w.turn.tell()
		if w.shift != nil && w.shift.heard {
			w.untilWithin(answerWait, w.idle)
		}
	}
	w.turn.Unlock()
	w.finish(errWorkerClosed)
	<-w.over
	return whole && w.Err() == nil
}

// Close ends it at once: what it has is told to stop and given back undone.
func (w *Worker) Close() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w.Drain(ctx)
}

func (w *Worker) hasEnded() bool { return w.ctx.Err() != nil }

func (w *Worker) idle() bool { return w.ctx.Err() != nil || len(w.hands.holds) == 0 }

func (w *Worker) untilWithin(span time.Duration, holds func() bool) {
	ctx, cancel := context.WithTimeout(context.Background(), span)
	defer cancel()
	w.turn.until(ctx, holds)
}

func (w *Worker) finish(err error) {
	w.turn.Lock()
	defer w.turn.Unlock()
	if w.ctx.Err() == nil {
		w.hands.stopAll("lost", err.Error())
		clear(w.hands.holds)
		w.end(err)
		w.turn.tell()
	}
}
