package foedus

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"connectrpc.com/connect"
	"foedus.local/go/gen/foedus/event/v1/eventv1connect"
	identityv1 "foedus.local/go/gen/foedus/identity/v1"
	"foedus.local/go/gen/foedus/identity/v1/identityv1connect"
	"foedus.local/go/gen/foedus/node/v1/nodev1connect"
	"foedus.local/go/gen/foedus/task/v1/taskv1connect"
)

// over are reasons after which a node of this identity cannot come back.
var over = map[string]bool{
	"NODE_REVOKED": true, "NODE_RETIRED": true, "REENTRY_EXPIRED": true, "IDENTITY_PROOF_INVALID": true,
}

// line is the connection that goes with one certificate; the next one replaces it.
type line struct {
	ctx       context.Context
	end       context.CancelFunc
	transport *http.Transport
	http      *http.Client
	address   string
	identity  identityv1connect.IdentityServiceClient
	node      nodev1connect.NodeServiceClient
	event     eventv1connect.EventServiceClient
	task      taskv1connect.TaskServiceClient
	work      taskv1connect.WorkServiceClient
}

// link is a node's connection to its hub: authenticated both ways, renewed before it lapses.
type link struct {
	place  *folder
	ctx    context.Context
	end    context.CancelCauseFunc
	mutex  sync.Mutex
	member *membership
	now    *line
	ends   *ends
	done   chan struct{}
}

func openLink(ctx context.Context, place *folder, member *membership) (*link, error) {
	own, end := context.WithCancelCause(context.Background())
	l := &link{place: place, ctx: own, end: end, member: member, done: make(chan struct{})}
	l.ends = newEnds(l)
	if l.left() <= 0 {
		if err := reenter(ctx, place, member); err != nil {
			return nil, errorOf(err)
		}
	}
	if err := l.replace(); err != nil {
		return nil, err
	}
	go l.keepRenewing()
	return l, nil
}

// current is the line of now.
func (l *link) current() (*line, *membership) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.now, l.member
}

// call makes one call with a deadline, again and again as long as failures are of the passing kind.
func (l *link) call(ctx context.Context, act func(ctx context.Context, on *line) error) error {
	for attempt := 1; ; attempt++ {
		if err := l.requireOpen(ctx); err != nil {
			return err
		}
		if err := l.once(ctx, callTimeout, act); err == nil {
			return nil
		} else if err := l.judge(ctx, err); err != nil {
			return err
		}
		if err := l.wait(ctx, backoff(attempt)); err != nil {
			return err
		}
	}
}

// once makes one call, which ends with the caller's context, the line's and the deadline.
func (l *link) once(
	ctx context.Context, timeout time.Duration, act func(ctx context.Context, on *line) error,
) error {
	on, _ := l.current()
	calling, cancel := context.WithTimeout(on.ctx, timeout)
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	return act(calling, on)
}

// judge says what a failure means for the node; it gives back what would come again.
func (l *link) judge(ctx context.Context, failure error) error {
	if err := l.requireOpen(ctx); err != nil {
		return err
	}
	told := errorOf(failure)
	if over[told.Reason] {
		l.end(told)
	}
	if !told.Passing() {
		return told
	}
	if l.left() > 0 {
		return nil
	}
	if err := l.recover(); err != nil && !errorOf(err).Passing() {
		return errorOf(err)
	}
	return nil
}

func (l *link) requireOpen(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return context.Cause(l.ctx)
}

func (l *link) wait(ctx context.Context, span time.Duration) error {
	if err := pause(ctx, span, l.ctx); err != nil {
		return errors.Join(l.requireOpen(ctx))
	}
	return nil
}

func (l *link) close() {
	l.end(refusal("NODE_CLOSED", "the node was closed"))
	<-l.done
	on, _ := l.current()
	on.end()
	on.transport.CloseIdleConnections()
}

// left is how long the certificate still holds by the hub's clock.
func (l *link) left() time.Duration {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.member.own == nil {
		return 0
	}
	return l.member.own.Leaf.NotAfter.Sub(l.place.hubNow())
}

// replace opens a line with what the folder holds. Calls on the old one are made again.
func (l *link) replace() error {
	member, err := l.place.readMembership()
	if err != nil {
		return err
	}
	if member == nil || member.own == nil {
		return refusal("NODE_STATE_DAMAGED", l.place.path+" holds no certificate")
	}
	roots, err := parseAll(member.admission.GetBundle().GetRoots())
	if err != nil {
		return err
	}
	config := judgedBy(func(presented []*x509.Certificate) error {
		chain, err := followChain(presented, roots)
		if err != nil {
			return err
		}
		if chain.spiffeID != member.admission.GetHubSpiffeId() {
			return untrusted("it is " + chain.spiffeID)
		}
		if !chain.holdsAt(l.place.hubNow()) {
			return untrusted("its certificates do not hold now")
		}
		return nil
	})
	config.Certificates = []tls.Certificate{*member.own}
	ctx, end := context.WithCancel(l.ctx)
	transport := transportWith(config)
	client := &http.Client{Transport: transport}
	address := "https://" + member.admission.GetNodeAddress()
	l.mutex.Lock()
	before := l.now
	l.member = member
	l.now = &line{
		ctx, end, transport, client, address,
		identityv1connect.NewIdentityServiceClient(client, address),
		nodev1connect.NewNodeServiceClient(client, address),
		eventv1connect.NewEventServiceClient(client, address),
		taskv1connect.NewTaskServiceClient(client, address),
		taskv1connect.NewWorkServiceClient(client, address),
	}
	l.mutex.Unlock()
	if before != nil {
		before.end()
		before.transport.CloseIdleConnections()
	}
	return nil
}

// keepRenewing replaces a certificate at half of its life, a tenth sooner or later.
func (l *link) keepRenewing() {
	defer close(l.done)
	for attempt := 0; l.ctx.Err() == nil; {
		_, member := l.current()
		life := time.Duration(member.admission.GetCertificate().GetLifetimeMs()) * time.Millisecond
		half := time.Duration(float64(life) / 2 * (0.9 + 0.2*rand.Float64()))
		due := l.left() - half
		if attempt > 0 {
			due = backoff(attempt)
		}
		if pause(l.ctx, due) != nil {
			return
		}
		renew := l.renew
		if l.left() <= 0 {
			renew = l.recover
		}
		if err := renew(); err == nil {
			attempt = 0
		} else {
			attempt++
			if told := errorOf(err); over[told.Reason] {
				l.end(told)
			}
		}
	}
}

func (l *link) renew() error {
	tlsKey, csr, err := newTLSKey()
	if err != nil {
		return err
	}
	_, member := l.current()
	var admission *identityv1.Admission
	err = l.once(l.ctx, callTimeout, func(ctx context.Context, on *line) error {
		answer, err := on.identity.Renew(ctx, connect.NewRequest(&identityv1.RenewRequest{
			RequestId:     newRequestID(),
			Csr:           csr,
			IdentityProof: proofOver("renew", member.identity, csr, nil),
		}))
		if err == nil {
			admission = answer.Msg.GetAdmission()
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := l.place.writeAdmission(admission, member.invitation, tlsKey); err != nil {
		return err
	}
	return l.replace()
}

// recovering is held by whoever comes back; the others find a certificate that holds.
var recovering sync.Mutex

func (l *link) recover() error {
	recovering.Lock()
	defer recovering.Unlock()
	if l.left() > 0 {
		return nil
	}
	_, member := l.current()
	if err := reenter(l.ctx, l.place, member); err != nil {
		if told := errorOf(err); over[told.Reason] {
			l.end(told)
		}
		return err
	}
	return l.replace()
}
