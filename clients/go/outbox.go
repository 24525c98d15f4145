package foedus

import (
	"context"
	"fmt"
	"sync"
	"time"

	"connectrpc.com/connect"
	eventv1 "foedus.local/go/gen/foedus/event/v1"
	"google.golang.org/protobuf/proto"
)

const (
	linger        = 5 * time.Millisecond
	triesMax      = 3
	eventsMax     = 4_096
	drainTimeout  = 5 * time.Second
	defaultStream = "main"
)

// Told is an event on its way: Wait for the hub to have stored it.
type Told struct {
	done chan struct{}
	id   string
	err  error
}

// Wait gives the event's id, `<stream>/<epoch>/<sequence>`, once the hub has stored it.
func (t *Told) Wait(ctx context.Context) (string, error) {
	select {
	case <-t.done:
		return t.id, t.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

type draft struct {
	kind, subject string
	payload       []byte
	timeMs        int64
	told          *Told
	alone         bool
	tries         int
}

func (d *draft) settle(id string, err error) {
	d.told.id, d.told.err = id, err
	close(d.told.done)
}

// outbox is one stream of a node: one batch is under way at a time, so that the hub sees its order.
type outbox struct {
	link     *link
	stream   string
	mutex    sync.Mutex
	waiting  []*draft
	running  bool
	idle     *sync.Cond
	epoch    int64
	sequence int64
}

func openOutbox(l *link, stream string) *outbox {
	o := &outbox{link: l, stream: stream}
	o.idle = sync.NewCond(&o.mutex)
	return o
}

func (o *outbox) add(payload proto.Message, subject string) (*Told, error) {
	kind, err := typeOf(payload)
	if err != nil {
		return nil, err
	}
	encoded, err := proto.MarshalOptions{Deterministic: true}.Marshal(sanitised(payload))
	if err != nil {
		return nil, err
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if err := context.Cause(o.link.ctx); err != nil {
		return nil, err
	}
	if len(o.waiting) >= eventsMax {
		return nil, refusal("OUTBOX_FULL", fmt.Sprintf("%d events wait already", eventsMax))
	}
	told := &Told{done: make(chan struct{})}
	now := o.link.place.hubNow().UnixMilli()
	o.waiting = append(o.waiting, &draft{kind, subject, encoded, now, told, false, 0})
	if !o.running {
		o.running = true
		go o.run()
	}
	return told, nil
}

// drain waits a moment for what is on its way.
func (o *outbox) drain() {
	late := time.AfterFunc(drainTimeout, func() { o.link.end(refusal("NODE_CLOSED", "closed")) })
	defer late.Stop()
	o.mutex.Lock()
	defer o.mutex.Unlock()
	for o.running {
		o.idle.Wait()
	}
}

func (o *outbox) run() {
	for {
		_ = pause(o.link.ctx, linger)
		batch := o.take()
		if len(batch) == 0 {
			return
		}
		o.send(batch)
	}
}

func (o *outbox) take() []*draft {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	count, size := 0, 0
	for _, one := range o.waiting {
		size += len(one.payload)
		full := size > batchBytesMax || count == batchEventsMax
		if count > 0 && (one.alone || full) {
			break
		}
		count++
		if one.alone {
			break
		}
	}
	taken := o.waiting[:count:count]
	o.waiting = o.waiting[count:]
	if count == 0 {
		o.running = false
		o.idle.Broadcast()
	}
	return taken
}

func (o *outbox) send(drafts []*draft) {
	batch, ids, err := o.seal(drafts)
	if err == nil {
		err = o.link.call(o.link.ctx, func(ctx context.Context, on *line) error {
			request := connect.NewRequest(&eventv1.PublishRequest{Batch: batch})
			_, err := on.event.Publish(ctx, request)
			return err
		})
	}
	if err == nil {
		for at, one := range drafts {
			one.settle(ids[at], nil)
		}
		return
	}
	// What was sealed did not become part of the log: the next epoch counts anew.
	o.epoch = 0
	if o.again(errorOf(err), drafts) {
		return
	}
	for _, one := range drafts {
		one.settle("", err)
	}
}

// again: a batch is refused for one of its events; each then goes in a batch of its own.
func (o *outbox) again(failure *Error, drafts []*draft) bool {
	outdated := failure.Reason == "EVENT_EPOCH_OLD" || failure.Reason == "EVENT_SEQUENCE_OLD"
	tired, lonely := false, true
	for _, one := range drafts {
		one.tries++
		tired = tired || one.tries > triesMax
		lonely = lonely && one.alone
	}
	if tired || (lonely && !outdated) || o.link.ctx.Err() != nil {
		return false
	}
	for _, one := range drafts {
		one.alone = one.alone || !outdated
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.waiting = append(drafts, o.waiting...)
	return true
}

func (o *outbox) seal(drafts []*draft) (*eventv1.Batch, []string, error) {
	_, member := o.link.current()
	if o.epoch == 0 {
		epoch, err := o.link.place.nextEpoch(0)
		if err != nil {
			return nil, nil, err
		}
		o.epoch, o.sequence = epoch, 0
	}
	events, ids := make([][]byte, len(drafts)), make([]string, len(drafts))
	for at, one := range drafts {
		o.sequence++
		encoded, err := proto.MarshalOptions{Deterministic: true}.Marshal(&eventv1.Event{
			Type:     one.kind,
			Source:   member.admission.GetSpiffeId(),
			Subject:  one.subject,
			TimeMs:   one.timeMs,
			Stream:   o.stream,
			Epoch:    o.epoch,
			Sequence: o.sequence,
			Payload:  one.payload,
		})
		if err != nil {
			return nil, nil, err
		}
		events[at] = encoded
		ids[at] = fmt.Sprintf("%s/%d/%d", o.stream, o.epoch, o.sequence)
	}
	return signBatch(member.identity, events), ids, nil
}
