package live

import (
	"context"
	"strconv"
	"time"

	"voordeur/internal/authz"
)

// Stream is one client that listens, as text in the form of server-sent events.
type Stream struct {
	hub    *Hub
	s      *stream
	done   <-chan struct{}
	beat   *time.Ticker
	unsent []byte
}

// Open begins to listen for the actor in ctx, and continues after lastEventID where that is known. need is what the
// surface asks of who may listen. The stream ends with ctx, with the session, when the client does not keep up, and when
// the server stops.
func (h *Hub) Open(ctx context.Context, need authz.Permission, lastEventID string) (*Stream, error) {
	h.init()
	who, err := authz.From(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &stream{who: who, changes: make(chan change, buffer), end: cancel, born: h.Now()}
	// Listening begins before the past is read: told twice is harmless, missed is not.
	if err := h.add(s); err != nil {
		cancel()
		return nil, err
	}
	after, err := strconv.ParseInt(lastEventID, 10, 64)
	if err != nil || after < 0 {
		after = 0
	}
	past, err := h.since(ctx, need, after)
	if err != nil {
		h.remove(s)
		cancel()
		return nil, err
	}
	return &Stream{hub: h, s: s, done: ctx.Done(), beat: time.NewTicker(heartbeat), unsent: first(past)}, nil
}

// Next waits for text to send; false is the end.
func (l *Stream) Next() ([]byte, bool) {
	if text := l.unsent; text != nil {
		l.unsent = nil
		return text, true
	}
	select {
	case <-l.done:
		return nil, false
	case c := <-l.s.changes:
		text := appendChange(nil, c)
		for {
			select {
			case c := <-l.s.changes:
				text = appendChange(text, c)
			default:
				return text, true
			}
		}
	case <-l.beat.C:
		return []byte(": still here\n\n"), true
	}
}

// Close stops listening.
func (l *Stream) Close() {
	l.beat.Stop()
	l.s.end()
	l.hub.remove(l.s)
}

// first is what a client reads at once: when to come back, where it stands, and what it missed.
func first(past missed) []byte {
	text := []byte("retry: 2000\n")
	if past.resync {
		text = append(text, "id: "...)
		text = strconv.AppendInt(text, past.last, 10)
		return appendChange(append(text, '\n'), change{resync: true})
	}
	for i, c := range past.changes {
		if i == 0 {
			text = append(text, '\n')
		}
		text = appendChange(text, c)
	}
	if len(past.changes) == 0 || past.changes[len(past.changes)-1].seq < past.last {
		text = append(text, "id: "...)
		text = strconv.AppendInt(text, past.last, 10)
		text = append(text, "\n\n"...)
	}
	return text
}
