// Package foedus is a node of a Foedus hub: join once, then stay, tell and hear.
package foedus

import (
	"context"
	"net/http"
	"sync"
	"time"

	"connectrpc.com/connect"
	nodev1 "foedus.local/go/gen/foedus/node/v1"
	"google.golang.org/protobuf/proto"
)

const (
	answerMin   = 2 * time.Second
	soon        = 200 * time.Millisecond
	reasonsMax  = 8
	reasonBytes = 200
)

// Node is an open node. It keeps its certificate, its lease and its outbox by itself.
type Node struct {
	place   *folder
	link    *link
	healthy func() []string
	mutex   sync.Mutex
	boxes   map[string]*outbox
	profile *nodev1.NodeProfile
	beating chan struct{}
	workers []*Worker
}

// OpenOptions are all optional.
type OpenOptions struct {
	// Healthy gives the reasons why the node is not healthy, if any.
	Healthy func() []string
}

// Open opens a node that joined before.
func Open(ctx context.Context, path string, options OpenOptions) (*Node, error) {
	place, err := holdFolder(path)
	if err != nil {
		return nil, err
	}
	member, err := place.readMembership()
	if err == nil && member == nil {
		err = refusal("NOT_JOINED", "no node joined from "+path)
	}
	if err != nil {
		place.release()
		return nil, err
	}
	opened, err := openLink(ctx, place, member)
	if err != nil {
		place.release()
		return nil, err
	}
	healthy := options.Healthy
	if healthy == nil {
		healthy = func() []string { return nil }
	}
	return &Node{place: place, link: opened, healthy: healthy, boxes: map[string]*outbox{}}, nil
}

// ID is the node's id.
func (n *Node) ID() string { _, member := n.link.current(); return member.admission.GetNodeId() }

// Name is its name in the tenant.
func (n *Node) Name() string { _, member := n.link.current(); return member.admission.GetName() }

// SpiffeID is who it is to everybody else.
func (n *Node) SpiffeID() string {
	_, member := n.link.current()
	return member.admission.GetSpiffeId()
}

// Done is closed when the node was closed, revoked or retired; Err says which.
func (n *Node) Done() <-chan struct{} { return n.link.ctx.Done() }

// Err is why the node ended; nil while it is open.
func (n *Node) Err() error { return context.Cause(n.link.ctx) }

// HTTP is the authenticated connection of now, for services that this package does not wrap.
func (n *Node) HTTP() (*http.Client, string) {
	on, _ := n.link.current()
	return on.http, on.address
}

// Register tells the hub what the node is; heartbeats begin.
func (n *Node) Register(ctx context.Context, profile *nodev1.NodeProfile) (*nodev1.Node, error) {
	request := &nodev1.RegisterNodeRequest{RequestId: newRequestID(), Profile: profile}
	var answer *nodev1.RegisterNodeResponse
	err := n.link.call(ctx, func(ctx context.Context, on *line) error {
		response, err := on.node.RegisterNode(ctx, connect.NewRequest(request))
		if err == nil {
			answer = response.Msg
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.profile = profile
	if n.beating == nil {
		n.beating = make(chan struct{})
		go n.beat(time.Duration(answer.GetHeartbeatMs()) * time.Millisecond)
	}
	return answer.GetNode(), nil
}

// Publish tells one event of the stream "main"; it returns its id once the hub has stored it.
func (n *Node) Publish(ctx context.Context, payload proto.Message) (string, error) {
	told, err := n.PublishSoon(payload, "", defaultStream)
	if err != nil {
		return "", err
	}
	return told.Wait(ctx)
}

// PublishSoon does not wait: events that are told together are signed together.
func (n *Node) PublishSoon(payload proto.Message, subject, stream string) (*Told, error) {
	n.mutex.Lock()
	box, ok := n.boxes[stream]
	if !ok {
		box = openOutbox(n.link, stream)
		n.boxes[stream] = box
	}
	n.mutex.Unlock()
	return box.add(payload, subject)
}

// Close stops its workers, waits a moment for events on their way, and lets go of the folder.
func (n *Node) Close() {
	n.mutex.Lock()
	boxes, beating, workers := n.boxes, n.beating, n.workers
	n.mutex.Unlock()
	for _, worker := range workers {
		worker.Close()
	}
	for _, box := range boxes {
		box.drain()
	}
	n.link.close()
	if beating != nil {
		<-beating
	}
	n.place.release()
}

// beat sends heartbeats, each once, until the node ends.
func (n *Node) beat(interval time.Duration) {
	defer close(n.beating)
	epoch, _ := n.place.nextEpoch(0)
	var trip *int64
	for sequence := int64(1); n.link.ctx.Err() == nil; sequence++ {
		asked := time.Now()
		answer, err := n.beatOnce(epoch, sequence, trip, max(answerMin, interval))
		if err == nil {
			first := trip == nil
			micros := time.Since(asked).Microseconds()
			trip = &micros
			interval = time.Duration(answer.GetNextMs()) * time.Millisecond
			pausing := interval
			if first {
				// The second one tells the round trip of the first.
				pausing = soon
			}
			_ = pause(n.link.ctx, pausing)
			continue
		}
		told := errorOf(err)
		switch {
		case n.link.ctx.Err() != nil:
			return
		case over[told.Reason]:
			n.link.end(told)
			return
		case told.Reason == "NODE_NOT_REGISTERED":
			// The hub lost us, e.g. with a restored backup.
			_, _ = n.Register(n.link.ctx, n.profile)
		case told.Reason == "HEARTBEAT_EPOCH_OLD":
			epoch, _ = n.place.nextEpoch(told.number("known"))
			sequence = 0
		}
		_ = pause(n.link.ctx, min(interval, answerMin))
	}
}

func (n *Node) beatOnce(
	epoch, sequence int64, trip *int64, timeout time.Duration,
) (*nodev1.HeartbeatResponse, error) {
	request := &nodev1.HeartbeatRequest{
		Epoch:       epoch,
		Sequence:    sequence,
		SentMs:      time.Now().UnixMilli(),
		RoundTripUs: trip,
		Health:      nodev1.HealthStatus_HEALTH_STATUS_HEALTHY,
	}
	for at, reason := range n.healthy() {
		if at < reasonsMax {
			request.Health = nodev1.HealthStatus_HEALTH_STATUS_DEGRADED
			request.Reasons = append(request.Reasons, reason[:min(len(reason), reasonBytes)])
		}
	}
	var answer *nodev1.HeartbeatResponse
	err := n.link.once(n.link.ctx, timeout, func(ctx context.Context, on *line) error {
		response, err := on.node.Heartbeat(ctx, connect.NewRequest(request))
		if err == nil {
			answer = response.Msg
		}
		return err
	})
	return answer, err
}
