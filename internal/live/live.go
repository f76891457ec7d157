// Package live tells open screens what has just happened, so that customer and office see each other's changes without
// reloading. It carries ids and names only; what they mean is read through the API, with the rights that hold then.
package live

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/fault"
)

const (
	heartbeat  = 20 * time.Second
	buffer     = 32 // events that a slow client may be behind before it is dropped
	perSession = 8  // streams of one session; the oldest makes way
	backlog    = 1024
)

// ErrStopping is returned to who asks for a stream while the server stops.
var ErrStopping = fault.New(fault.Unavailable, "unavailable", "The server is stopping.")

// Hub hands events to streams. Run must be running.
type Hub struct {
	DB  *db.DB
	Log *slog.Logger
	Now func() time.Time // nil: the door's clock

	mu      sync.Mutex
	streams map[uuid.UUID]map[*stream]struct{} // by organisation
	stopped bool
	once    sync.Once
	notices chan db.Notice
	check   chan struct{} // a session may have ended
	lost    chan struct{} // notices may have been missed
}

// change is one event as a client reads it; resync says that it must read everything again.
type change struct {
	seq     int64
	name    string
	dossier uuid.UUID
	subject uuid.UUID
	resync  bool
}

// stream is one open screen.
type stream struct {
	who     authz.Actor
	changes chan change
	end     context.CancelFunc
	born    time.Time
}

func (h *Hub) init() {
	h.once.Do(func() {
		if h.Now == nil {
			h.Now = h.DB.Now
		}
		h.streams = map[uuid.UUID]map[*stream]struct{}{}
		h.notices = make(chan db.Notice, backlog)
		h.check = make(chan struct{}, 1)
		h.lost = make(chan struct{}, 1)
	})
}

// Run listens until ctx ends, and then ends every stream. One connection serves the whole process; when it breaks it is
// made again, and clients are told that they may have missed something.
func (h *Hub) Run(ctx context.Context) {
	h.init()
	defer h.Close()
	var wg sync.WaitGroup
	wg.Go(func() { h.distribute(ctx) })
	defer wg.Wait()
	wait := 100 * time.Millisecond
	for first := true; ctx.Err() == nil; first = false {
		err := db.Listen(ctx, h.DB, func() {
			wait = 100 * time.Millisecond
			if !first {
				poke(h.lost)
			}
		}, h.hear)
		if ctx.Err() != nil {
			return
		}
		h.Log.WarnContext(ctx, "live events: listening again", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, 5*time.Second)
	}
}

// Close ends every stream and refuses new ones, so that the server can stop.
func (h *Hub) Close() {
	h.init()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stopped = true
	for _, set := range h.streams {
		for s := range set {
			s.end()
		}
	}
}

// Streams tells how many screens are open.
func (h *Hub) Streams() int {
	h.init()
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, set := range h.streams {
		n += len(set)
	}
	return n
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// hear must not wait: it runs on the listening connection.
func (h *Hub) hear(n db.Notice) {
	select {
	case h.notices <- n:
	default:
		poke(h.lost)
	}
}

// distribute does what needs the database, away from the listening connection.
func (h *Hub) distribute(ctx context.Context) {
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			h.endFinishedSessions(ctx)
		case <-h.check:
			h.endFinishedSessions(ctx)
		case <-h.lost:
			h.resync()
		case n := <-h.notices:
			h.deliver(ctx, h.drain(n))
		}
	}
}

// drain takes what is waiting, so that a burst costs one query per office and not one per event.
func (h *Hub) drain(first db.Notice) []db.Notice {
	all := []db.Notice{first}
	for len(all) < 256 {
		select {
		case n := <-h.notices:
			all = append(all, n)
		default:
			return all
		}
	}
	return all
}

func (h *Hub) deliver(ctx context.Context, notices []db.Notice) {
	byOffice := map[uuid.UUID][]db.Notice{}
	for _, n := range notices {
		if endsSessions(n.Name) {
			poke(h.check)
		}
		byOffice[n.Organisation] = append(byOffice[n.Organisation], n)
	}
	for office, ns := range byOffice {
		streams := h.streamsOf(office)
		if len(streams) == 0 {
			continue
		}
		var members audience
		if dossiers := dossiersOf(ns); len(dossiers) > 0 && anyMember(streams) {
			var err error
			if members, err = h.audience(ctx, office, dossiers, documentsOf(ns)); err != nil {
				h.Log.ErrorContext(ctx, "live events: who may hear", "err", err)
				for _, s := range streams {
					h.send(s, change{resync: true})
				}
				continue
			}
		}
		for _, n := range ns {
			for _, s := range streams {
				// What changes about a login is its holder's to hear: the screens follow rights that were given or taken away.
				mine := s.who.Kind == authz.Member && resourceOf(n.Name) != looks && (n.Subject == s.who.ID || n.Dossier != uuid.Nil && members.mayHear(s.who.ID, n))
				if mine || s.who.Kind == authz.Employee {
					h.send(s, change{seq: n.Seq, name: n.Name, dossier: n.Dossier, subject: n.Subject})
				}
			}
		}
	}
}

// endsSessions reports whether an event of this name may have ended a session.
func endsSessions(name string) bool {
	switch resourceOf(name) {
	case "session", "portal_member", "employee", "password_link", "second_factor", "member", "portal_view", "role":
		return true
	}
	return false
}

func resourceOf(name string) string {
	for i := range len(name) {
		if name[i] == '.' {
			return name[:i]
		}
	}
	return name
}

func dossiersOf(ns []db.Notice) []uuid.UUID {
	seen := map[uuid.UUID]bool{uuid.Nil: true}
	var ids []uuid.UUID
	for _, n := range ns {
		if !seen[n.Dossier] {
			seen[n.Dossier] = true
			ids = append(ids, n.Dossier)
		}
	}
	return ids
}

func documentsOf(ns []db.Notice) []uuid.UUID {
	var ids []uuid.UUID
	for _, n := range ns {
		if resourceOf(n.Name) == "document" {
			ids = append(ids, n.Subject)
		}
	}
	return ids
}

func anyMember(streams []*stream) bool {
	for _, s := range streams {
		if s.who.Kind == authz.Member {
			return true
		}
	}
	return false
}

func (h *Hub) streamsOf(office uuid.UUID) []*stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]*stream, 0, len(h.streams[office]))
	for s := range h.streams[office] {
		all = append(all, s)
	}
	return all
}

// send drops a client that does not keep up: it comes back with Last-Event-ID and misses nothing.
func (h *Hub) send(s *stream, c change) {
	select {
	case s.changes <- c:
	default:
		s.end()
	}
}

func (h *Hub) resync() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, set := range h.streams {
		for s := range set {
			h.send(s, change{resync: true})
		}
	}
}

func (h *Hub) add(s *stream) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopped {
		return ErrStopping
	}
	set := h.streams[s.who.Organisation]
	if set == nil {
		set = map[*stream]struct{}{}
		h.streams[s.who.Organisation] = set
	}
	if s.who.Session != uuid.Nil {
		var oldest *stream
		n := 0
		for other := range set {
			if other.who.Session == s.who.Session {
				n++
				if oldest == nil || other.born.Before(oldest.born) {
					oldest = other
				}
			}
		}
		if n >= perSession {
			oldest.end()
			delete(set, oldest)
		}
	}
	set[s] = struct{}{}
	return nil
}

func (h *Hub) remove(s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	set := h.streams[s.who.Organisation]
	delete(set, s)
	if len(set) == 0 {
		delete(h.streams, s.who.Organisation)
	}
}

// endFinishedSessions ends the streams of sessions that have ended: one query per office, however many screens are open.
func (h *Hub) endFinishedSessions(ctx context.Context) {
	h.mu.Lock()
	offices := make(map[uuid.UUID][]*stream, len(h.streams))
	for office, set := range h.streams {
		for s := range set {
			if s.who.Session != uuid.Nil {
				offices[office] = append(offices[office], s)
			}
		}
	}
	h.mu.Unlock()
	for office, streams := range offices {
		ids := make([]uuid.UUID, 0, len(streams))
		for _, s := range streams {
			ids = append(ids, s.who.Session)
		}
		living, err := h.living(ctx, office, ids)
		if err != nil {
			if ctx.Err() == nil {
				h.Log.ErrorContext(ctx, "live events: which sessions go on", "err", err)
			}
			continue
		}
		for _, s := range streams {
			if !living[s.who.Session] {
				s.end()
			}
		}
	}
}

func appendChange(to []byte, c change) []byte {
	if c.resync {
		return append(to, "event: resync\ndata: {}\n\n"...)
	}
	id := strconv.FormatInt(c.seq, 10)
	to = append(to, "id: "...)
	to = append(to, id...)
	to = append(to, "\nevent: change\ndata: {\"id\":\""...)
	to = append(to, id...)
	to = append(to, "\",\"name\":\""...)
	to = append(to, c.name...) // a constant of ours: letters, underscores and a dot
	to = append(to, '"')
	if c.dossier != uuid.Nil {
		to = append(to, ",\"dossierId\":\""...)
		to = append(to, c.dossier.String()...)
		to = append(to, '"')
	}
	to = append(to, ",\"subject\":\""...)
	to = append(to, c.subject.String()...)
	return append(to, "\"}\n\n"...)
}
