// Command peer is a node that does what it is told on standard input: one JSON object a line, and
// as many back. tests/conformance runs it.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	foedus "foedus.local/go"
	eventv1 "foedus.local/go/gen/foedus/event/v1"
	nodev1 "foedus.local/go/gen/foedus/node/v1"
)

type words map[string]any

var said sync.Mutex

func say(what words) {
	said.Lock()
	defer said.Unlock()
	text, _ := json.Marshal(what)
	fmt.Println(string(text))
}

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		say(words{"did": "fail", "reason": reasonOf(err), "message": err.Error()})
	}
}

func run(ctx context.Context, folder, invitation, token string) error {
	joined, err := foedus.Join(ctx, foedus.JoinOptions{
		Folder: folder, Invitation: invitation, Token: token,
		Waiting: func(waitingFor, _, _ string) { say(words{"did": "wait", "waitingFor": waitingFor}) },
	})
	if err != nil {
		return err
	}
	node, err := foedus.Open(ctx, folder, foedus.OpenOptions{})
	if err != nil {
		return err
	}
	defer node.Close()
	profile := &nodev1.NodeProfile{Kind: nodev1.NodeKind_NODE_KIND_INSTANCE, Title: "Go"}
	if _, err := node.Register(ctx, profile); err != nil {
		return err
	}
	say(words{"did": "ready", "spiffeId": node.SpiffeID(), "already": joined.Already})
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var wish struct {
			Do     string
			Values []int64
			After  int64
		}
		if err := json.Unmarshal(lines.Bytes(), &wish); err != nil {
			return err
		}
		if wish.Do == "publish" {
			if err := publish(ctx, node, wish.Values); err != nil {
				return err
			}
		} else {
			go hear(ctx, node, wish.After)
		}
	}
	return nil
}

func publish(ctx context.Context, node *foedus.Node, values []int64) error {
	var under []*foedus.Told
	for _, value := range values {
		told, err := node.PublishSoon(&eventv1.TelemetrySync{EventsPublished: &value}, "", "peer")
		if err != nil {
			return err
		}
		under = append(under, told)
	}
	ids := []string{}
	for _, told := range under {
		id, err := told.Wait(ctx)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	say(words{"did": "publish", "ids": ids})
	return nil
}

func hear(ctx context.Context, node *foedus.Node, after int64) {
	wish := foedus.Wish{After: &after, Types: []string{"telemetry_sync"}}
	for heard, err := range node.Subscribe(ctx, wish) {
		telemetry := &eventv1.TelemetrySync{}
		switch {
		case err != nil:
			say(words{"did": "end", "reason": reasonOf(err)})
		case heard.Gap != nil:
			say(words{"heard": "gap"})
		case heard.Forgery != nil:
			say(words{"heard": "forgery"})
		case heard.Event == nil:
			say(words{"did": "head"})
		case foedus.Read(heard.Event, telemetry) == nil:
			say(words{
				"heard": "event", "cursor": heard.Cursor, "source": heard.Event.GetSource(),
				"value": telemetry.GetEventsPublished(),
			})
		}
	}
}

func reasonOf(err error) string {
	var told *foedus.Error
	if errors.As(err, &told) {
		return told.Reason
	}
	return ""
}
