// Package event describes what happened. Every write yields one event; audit
// log, timeline and live changes all feed on it.
package event

import (
	"maps"

	"github.com/google/uuid"
)

// Event is one fact, named resource.past_tense: "action_point.approved".
// Data holds what the timeline needs to tell it; never a secret.
type Event struct {
	Name    string
	Subject uuid.UUID
	Dossier uuid.UUID // uuid.Nil: it is about no dossier
	Data    map[string]any
}

// None is the event of a write that nobody needs to hear of, such as the last
// moment a session was seen. The zero Event is a programming error.
var None = Event{Name: "none"}

// Of returns the event name about subject.
func Of(name string, subject uuid.UUID) Event { return Event{Name: name, Subject: subject} }

// In says which dossier the event belongs to: its timeline shows it, and who
// may see that dossier hears it live.
func (e Event) In(dossier uuid.UUID) Event { e.Dossier = dossier; return e }

// With adds one value.
func (e Event) With(key string, value any) Event {
	data := maps.Clone(e.Data)
	if data == nil {
		data = map[string]any{}
	}
	data[key] = value
	e.Data = data
	return e
}
