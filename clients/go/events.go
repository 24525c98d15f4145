package foedus

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"connectrpc.com/connect"
	eventv1 "foedus.local/go/gen/foedus/event/v1"
	identityv1 "foedus.local/go/gen/foedus/identity/v1"
	optionsv1 "foedus.local/go/gen/foedus/options/v1"
	pagev1 "foedus.local/go/gen/foedus/page/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

const pageSize = 1_000

// Heard is one thing a subscription tells: exactly one of Event, Gap and Forgery is set, or none
// when everything told so far was heard.
type Heard struct {
	// Cursor goes on behind this one, given as Wish.After.
	Cursor int64
	// Event is what a source said.
	Event *eventv1.Event
	// Gap is what the hub no longer keeps.
	Gap *eventv1.SubscribeResponse_Gap
	// Forgery is an event whose signature or proof does not hold.
	Forgery *eventv1.StoredEvent
}

// Wish says what to hear, and from where on.
type Wish struct {
	// After is the last cursor seen: 0 is all that is kept, nil only what comes from now on.
	After *int64
	// Types, Sources and Subjects are filters; empty for all.
	Types, Sources, Subjects []string
	// Unverified leaves signatures and proofs unread.
	Unverified bool
}

// Read gives the payload of an event as a message of its family.
func Read(event *eventv1.Event, into proto.Message) error {
	kind, err := typeOf(into)
	if err != nil {
		return err
	}
	if kind != event.GetType() {
		return refusal("NOT_A_FAMILY", "a "+event.GetType()+" is no "+kind)
	}
	return proto.Unmarshal(event.GetPayload(), into)
}

// typeOf is the family of a payload, e.g. "telemetry_sync".
func typeOf(message proto.Message) (string, error) {
	described := message.ProtoReflect().Descriptor()
	family, _ := proto.GetExtension(described.Options(), optionsv1.E_Family).(*optionsv1.Family)
	if family.GetType() == "" {
		return "", refusal("NOT_A_FAMILY", string(described.FullName())+" has no family option")
	}
	return family.GetType(), nil
}

// sanitised is a copy without the fields that the schema marks sensitive: they never leave a node.
func sanitised(message proto.Message) proto.Message {
	clean := proto.Clone(message)
	clearSensitive(clean.ProtoReflect())
	return clean
}

func clearSensitive(message protoreflect.Message) {
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		sensitive, _ := proto.GetExtension(field.Options(), optionsv1.E_Sensitive).(bool)
		switch {
		case sensitive:
			message.Clear(field)
		case field.IsMap():
			if field.MapValue().Message() != nil {
				value.Map().Range(func(_ protoreflect.MapKey, one protoreflect.Value) bool {
					clearSensitive(one.Message())
					return true
				})
			}
		case field.Message() == nil:
		case field.IsList():
			for at := range value.List().Len() {
				clearSensitive(value.List().Get(at).Message())
			}
		default:
			clearSensitive(value.Message())
		}
		return true
	})
}

// Subscribe tells events in the order of the log, each once, whatever happens to the connection. It
// ends with the context, or when the node ends: then its last word is the error.
func (n *Node) Subscribe(ctx context.Context, wish Wish) iter.Seq2[Heard, error] {
	return func(yield func(Heard, error) bool) {
		h := &hearing{n.link, wish, wish.After, map[string][][]byte{}, yield, 0}
		for {
			err := h.listen(ctx)
			switch {
			case errors.Is(err, errEnough) || ctx.Err() != nil:
				return
			case err != nil:
				if err = n.link.judge(ctx, err); err != nil {
					yield(Heard{}, err)
					return
				}
			}
			h.attempt++
			if err := n.link.wait(ctx, backoff(h.attempt)); err != nil {
				if ctx.Err() == nil {
					yield(Heard{}, err)
				}
				return
			}
		}
	}
}

var errEnough = errors.New("the listener has heard enough")

type hearing struct {
	link    *link
	wish    Wish
	cursor  *int64
	keys    map[string][][]byte
	yield   func(Heard, error) bool
	attempt int
}

func (h *hearing) listen(ctx context.Context) error {
	on, _ := h.link.current()
	calling, cancel := context.WithCancel(on.ctx)
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	stream, err := on.event.Subscribe(calling, connect.NewRequest(&eventv1.SubscribeRequest{
		AfterCursor: h.cursor,
		Types:       h.wish.Types,
		Sources:     h.wish.Sources,
		Subjects:    h.wish.Subjects,
		WithProofs:  !h.wish.Unverified,
	}))
	if err != nil {
		return err
	}
	defer func() { _ = stream.Close() }()
	for stream.Receive() {
		h.attempt = 0
		if err := h.take(ctx, stream.Msg()); err != nil {
			return err
		}
		if reconnect := stream.Msg().GetReconnect(); reconnect != nil {
			return h.link.wait(ctx, time.Duration(reconnect.GetAfterMs())*time.Millisecond)
		}
	}
	if errors.Is(stream.Err(), io.EOF) {
		return nil
	}
	return stream.Err()
}

func (h *hearing) take(ctx context.Context, answer *eventv1.SubscribeResponse) error {
	switch item := answer.GetItem().(type) {
	case *eventv1.SubscribeResponse_Delivery_:
		for _, stored := range item.Delivery.GetEvents() {
			if h.cursor != nil && stored.GetCursor() <= *h.cursor {
				continue
			}
			heard, err := h.heardOf(ctx, stored)
			if err != nil {
				return err
			}
			if err := h.tell(heard); err != nil {
				return err
			}
		}
		h.cursor = &item.Delivery.Cursor
	case *eventv1.SubscribeResponse_Gap_:
		next := item.Gap.GetToCursor()
		// A log that ends before our cursor is an older one: what follows it is new to us.
		if h.cursor != nil && item.Gap.GetFromCursor() <= *h.cursor {
			next = item.Gap.GetFromCursor() - 1
		}
		return h.tell(Heard{Cursor: next, Gap: item.Gap})
	case *eventv1.SubscribeResponse_Head_:
		return h.tell(Heard{Cursor: item.Head.GetCursor()})
	}
	return nil
}

func (h *hearing) tell(heard Heard) error {
	h.cursor = &heard.Cursor
	if !h.yield(heard, nil) {
		return errEnough
	}
	return nil
}

func (h *hearing) heardOf(ctx context.Context, stored *eventv1.StoredEvent) (Heard, error) {
	event := &eventv1.Event{}
	if err := proto.Unmarshal(stored.GetEvent(), event); err != nil {
		return Heard{Cursor: stored.GetCursor(), Forgery: stored}, nil
	}
	if !h.wish.Unverified {
		proved, err := h.proves(ctx, stored, event.GetSource())
		if err != nil {
			return Heard{}, err
		}
		if !proved {
			return Heard{Cursor: stored.GetCursor(), Forgery: stored}, nil
		}
	}
	return Heard{Cursor: stored.GetCursor(), Event: event}, nil
}

// proves fetches keys once, and again for a source that is unknown.
func (h *hearing) proves(ctx context.Context, stored *eventv1.StoredEvent, source string) (bool, error) {
	if _, known := h.keys[source]; !known {
		if err := h.fetch(ctx, stored, source); err != nil {
			return false, err
		}
	}
	for _, key := range h.keys[source] {
		if isProved(stored, key) {
			return true, nil
		}
	}
	return false, nil
}

func (h *hearing) fetch(ctx context.Context, stored *eventv1.StoredEvent, source string) error {
	_, member := h.link.current()
	if source == member.admission.GetHubSpiffeId() {
		return h.link.call(ctx, func(ctx context.Context, on *line) error {
			answer, err := on.event.GetEvent(ctx, connect.NewRequest(
				&eventv1.GetEventRequest{Cursor: stored.GetCursor()}))
			if err == nil {
				h.keys[source] = [][]byte{answer.Msg.GetPublicKey()}
			}
			return err
		})
	}
	found := map[string][][]byte{}
	for token, more := "", true; more; more = token != "" {
		err := h.link.call(ctx, func(ctx context.Context, on *line) error {
			page := &pagev1.Page{Size: pageSize, Token: token}
			answer, err := on.identity.ListIdentities(ctx, connect.NewRequest(
				&identityv1.ListIdentitiesRequest{Page: page}))
			if err != nil {
				return err
			}
			for _, one := range answer.Msg.GetIdentities() {
				found[one.GetSpiffeId()] = append(found[one.GetSpiffeId()], one.GetIdentityKey())
			}
			token = answer.Msg.GetNextPageToken()
			return nil
		})
		if err != nil {
			return err
		}
	}
	for source, keys := range found {
		h.keys[source] = keys
	}
	return nil
}
