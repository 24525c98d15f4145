// Command worker is a worker in Go: go run ./example/worker FOLDER QUEUE [--name N] [--concurrency N]
//
// It opens the folder of a node that joined (the example above does), counts words and takes SHA-256
// sums, and prints a line of JSON about each task. SIGTERM drains it.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	foedus "foedus.local/go"
	nodev1 "foedus.local/go/gen/foedus/node/v1"
	taskv1 "foedus.local/go/gen/foedus/task/v1"
)

const (
	drainTimeout = 10 * time.Second
	steps        = 10
)

func main() {
	name := flag.String("name", "go", "what the worker is called")
	concurrency := flag.Int("concurrency", 4, "tasks at once")
	// Flags may come after the words.
	var places []string
	for rest := os.Args[1:]; ; rest = rest[1:] {
		_ = flag.CommandLine.Parse(rest)
		if rest = flag.Args(); len(rest) == 0 {
			break
		}
		places = append(places, rest[0])
	}
	if len(places) != 2 {
		log.Fatal("usage: worker FOLDER QUEUE [--name NAME] [--concurrency N]")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, places[0], places[1], *name, *concurrency); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, folder, queue, name string, concurrency int) error {
	node, err := foedus.Open(ctx, folder, foedus.OpenOptions{})
	if err != nil {
		return err
	}
	defer node.Close()
	profile := &nodev1.NodeProfile{Kind: nodev1.NodeKind_NODE_KIND_INSTANCE, Title: name}
	if _, err := node.Register(ctx, profile); err != nil {
		return err
	}
	tell := func(did string, job *foedus.Job) {
		text, _ := json.Marshal(map[string]any{
			"at": time.Now().UnixMilli(), "worker": name,
			"task": job.ID(), "fence": job.Fence, "did": did,
		})
		fmt.Println(string(text))
	}
	worker, err := node.Work(context.Background(), foedus.WorkerOptions{
		Queue: queue, Name: name, Concurrency: concurrency,
		Kinds: []string{"count-words", "sha256"}, Notice: tell,
	}, work)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-worker.Done():
	}
	draining, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	worker.Drain(draining)
	return worker.Err()
}

// work takes text as {"text": …, "ms": how long to take over it}.
func work(ctx context.Context, job *foedus.Job) (any, error) {
	var wish struct {
		Text *string
		MS   float64
	}
	if err := job.JSON(&wish); err != nil {
		return nil, err
	}
	if wish.Text == nil {
		const told = `it needs {"text": …}`
		return nil, &foedus.TaskFailed{Reason: "PAYLOAD_INVALID", Message: told, Final: true}
	}
	for step := range steps {
		if wish.MS <= 0 {
			break
		}
		done := float64(step) / steps
		message := fmt.Sprintf("step %d of %d", step+1, steps)
		job.Progress(&taskv1.Progress{Fraction: &done, Message: message})
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Duration(wish.MS / steps * float64(time.Millisecond))):
		}
	}
	switch job.Kind() {
	case "count-words":
		return map[string]any{"words": len(strings.Fields(*wish.Text))}, nil
	case "sha256":
		return map[string]any{"sha256": fmt.Sprintf("%x", sha256.Sum256([]byte(*wish.Text)))}, nil
	}
	told := "nobody here can do " + job.Kind()
	return nil, &foedus.TaskFailed{Reason: "KIND_UNKNOWN", Message: told, Final: true}
}
