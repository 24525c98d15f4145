// Command example is a node in Go: go run ./example FOLDER INVITATION TOKEN
//
// It joins, registers, tells one event, and prints what everybody tells from then on.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"

	foedus "foedus.local/go"
	eventv1 "foedus.local/go/gen/foedus/event/v1"
	nodev1 "foedus.local/go/gen/foedus/node/v1"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1], os.Args[2], os.Args[3]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, folder, invitation, token string) error {
	options := foedus.JoinOptions{Folder: folder, Invitation: invitation, Token: token}
	joined, err := foedus.Join(ctx, options)
	if err != nil {
		return err
	}
	fmt.Println(joined.Name, "is", joined.SpiffeID)
	node, err := foedus.Open(ctx, folder, foedus.OpenOptions{})
	if err != nil {
		return err
	}
	defer node.Close()
	profile := &nodev1.NodeProfile{Kind: nodev1.NodeKind_NODE_KIND_INSTANCE, Title: "Go"}
	if _, err := node.Register(ctx, profile); err != nil {
		return err
	}
	id, err := node.Publish(ctx, &eventv1.TelemetrySync{EventsPublished: new(int64(1))})
	if err != nil {
		return err
	}
	fmt.Println("told", id)
	fromTheBeginning := int64(0)
	for heard, err := range node.Subscribe(ctx, foedus.Wish{After: &fromTheBeginning}) {
		if err != nil {
			return err
		}
		if heard.Event != nil {
			fmt.Println(heard.Cursor, heard.Event.GetType(), heard.Event.GetSource())
		}
	}
	return nil
}
