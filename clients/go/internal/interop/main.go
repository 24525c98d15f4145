// Command interop is connect-go as it is, without our client: one call of each kind in each
// protocol. What it says is `protocol: kind ok`.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"connectrpc.com/connect"
	eventv1 "foedus.local/go/gen/foedus/event/v1"
	"foedus.local/go/gen/foedus/event/v1/eventv1connect"
	nodev1 "foedus.local/go/gen/foedus/node/v1"
	"foedus.local/go/gen/foedus/node/v1/nodev1connect"
	"google.golang.org/protobuf/proto"
)

func main() {
	address, key, chain, roots, batch := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	own, err := tls.LoadX509KeyPair(chain, key)
	check(err)
	text, err := os.ReadFile(roots)
	check(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	config := &tls.Config{Certificates: []tls.Certificate{own}, RootCAs: pool}
	client := &http.Client{
		Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true},
	}
	for _, protocol := range []struct {
		name    string
		options []connect.ClientOption
	}{
		{"Connect", nil},
		{"gRPC", []connect.ClientOption{connect.WithGRPC()}},
		{"gRPC-Web", []connect.ClientOption{connect.WithGRPCWeb()}},
	} {
		say := func(kind string) { fmt.Printf("%s: %s ok\n", protocol.name, kind) }
		speak(client, "https://"+address, batch, protocol.options, say)
	}
}

func speak(
	client *http.Client, hub, batch string, options []connect.ClientOption, say func(kind string),
) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	nodes := nodev1connect.NewNodeServiceClient(client, hub, options...)
	_, err := nodes.ListNodes(ctx, connect.NewRequest(&nodev1.ListNodesRequest{}))
	check(err)
	say("unary")
	events := eventv1connect.NewEventServiceClient(client, hub, options...)
	request := &eventv1.PublishStreamRequest{}
	text, err := os.ReadFile(batch)
	check(err)
	check(proto.Unmarshal(text, request))
	publishing := events.PublishStream(ctx)
	check(publishing.Send(request))
	check(publishing.Send(request))
	stored, err := publishing.CloseAndReceive()
	check(err)
	if stored.Msg.GetAccepted()+stored.Msg.GetDuplicates() != 2 {
		log.Fatal("it counted otherwise: ", stored.Msg)
	}
	say("client stream")
	wish := &eventv1.SubscribeRequest{AfterCursor: new(int64), UntilHead: true}
	stream, err := events.Subscribe(ctx, connect.NewRequest(wish))
	check(err)
	delivered := false
	for stream.Receive() {
		delivered = delivered || stream.Msg().GetDelivery() != nil
	}
	check(stream.Err())
	if !delivered {
		log.Fatal("nothing was delivered")
	}
	say("server stream")
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
