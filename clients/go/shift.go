package foedus

import (
	"context"
	"errors"
	"io"
	"time"

	"connectrpc.com/connect"
	taskv1 "foedus.local/go/gen/foedus/task/v1"
	"google.golang.org/protobuf/proto"
)

const (
	// beatEvery holds until the hub has said how often it wants a sign of life.
	beatEvery    = 10 * time.Second
	beatEveryMin = 50 * time.Millisecond
	// spacing: words that come closer together go together, as hubs count messages.
	spacing = 15 * time.Millisecond
	// wordsMax are messages that wait for a hub that does not read.
	wordsMax = 256
)

// shift is one stream between a worker and its hub; when it breaks, the next one takes its place.
// Its worker's lock guards all but listen.
type shift struct {
	ctx  context.Context
	end  context.CancelFunc
	who  *taskv1.Worker
	said chan *taskv1.WorkRequest
	// carried are holds of the stream before: the hub is to know of them before it sends new ones.
	carried     []*held
	concurrency uint32
	room        int
	beatEvery   time.Duration
	beatAt      time.Time
	// speaksAt: nothing is said before.
	speaksAt time.Time
	// heard tells whether the hub has said something.
	heard bool
}

func newShift(ctx context.Context, who *taskv1.Worker, holds map[holdKey]*held) *shift {
	own, end := context.WithCancel(ctx)
	s := &shift{
		ctx: own, end: end, who: who, said: make(chan *taskv1.WorkRequest, wordsMax),
		concurrency: who.GetConcurrency(), room: -1,
		beatEvery: beatEvery, beatAt: time.Now().Add(beatEvery),
	}
	for _, one := range holds {
		one.reconnect()
		s.carried = append(s.carried, one)
	}
	s.say(&taskv1.WorkRequest{Said: &taskv1.WorkRequest_Worker{Worker: who}})
	return s
}

// listen gives what the hub says to take, until the stream ends.
func (s *shift) listen(on *line, take func(*taskv1.WorkResponse) error) error {
	defer context.AfterFunc(on.ctx, s.end)()
	stream := on.work.Work(s.ctx)
	defer func() { _ = stream.CloseResponse() }()
	go s.speak(stream)
	for {
		answer, err := stream.Receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := take(answer); err != nil {
			return err
		}
	}
}

func (s *shift) speak(stream *connect.BidiStreamForClient[taskv1.WorkRequest, taskv1.WorkResponse]) {
	defer func() { _ = stream.CloseRequest() }()
	for {
		select {
		case <-s.ctx.Done():
			return
		case word := <-s.said:
			// Why it broke is what the hub says last.
			if stream.Send(word) != nil {
				return
			}
		}
	}
}

// say ends a stream whose hub does not read: words about holds are said again on the next one.
func (s *shift) say(word *taskv1.WorkRequest) {
	select {
	case s.said <- word:
	default:
		s.end()
	}
}

func (s *shift) beatsEvery(every time.Duration) {
	s.beatEvery = max(beatEveryMin, every)
	if at := time.Now().Add(s.beatEvery); at.Before(s.beatAt) {
		s.beatAt = at
	}
}

// speakUp says what there is to say of the holds, and that the worker lives; when there is more.
func (s *shift) speakUp(now time.Time, h *hands, most int) time.Time {
	if now.Before(s.speaksAt) {
		return s.speaksAt
	}
	if !now.Before(s.beatAt) {
		s.beatAt = now.Add(s.beatEvery)
		if len(h.holds) == 0 {
			s.say(&taskv1.WorkRequest{Said: &taskv1.WorkRequest_Beat{Beat: true}})
		}
		for _, one := range h.holds {
			one.signAt = time.Time{}
		}
	}
	for bundle := range bundles(h.words(now)) {
		reports := &taskv1.ReportTasksRequest{Reports: bundle}
		s.say(&taskv1.WorkRequest{Said: &taskv1.WorkRequest_Reports{Reports: reports}})
		s.speaksAt = now.Add(spacing)
	}
	for _, one := range h.holds {
		if one.unheard(now) {
			s.end()
		}
	}
	s.makeRoom(max(0, most), h)
	return s.beatAt
}

// makeRoom: so many tasks at once in all; 0 for none.
func (s *shift) makeRoom(most int, h *hands) {
	for len(s.carried) > 0 {
		first := s.carried[0]
		if !first.known && h.holds[keyOf(first.hold)] == first {
			return
		}
		s.carried = s.carried[1:]
	}
	if most == s.room {
		return
	}
	if most != 0 && uint32(most) != s.concurrency {
		who := proto.CloneOf(s.who)
		who.Concurrency = uint32(most)
		s.concurrency = who.Concurrency
		s.say(&taskv1.WorkRequest{Said: &taskv1.WorkRequest_Worker{Worker: who}})
	}
	s.room = most
	// The hub takes off what we hold, and never goes beyond our concurrency.
	s.say(&taskv1.WorkRequest{Said: &taskv1.WorkRequest_Room{Room: uint32(most)}})
}
