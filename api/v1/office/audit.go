package office

import (
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/audit"
	"voordeur/internal/authz"
	"voordeur/internal/web"
)

func (h *Handler) auditRoutes(r web.Router) {
	r.GET("/audit-events", web.Op{ID: "listAuditEvents", Need: authz.AuditRead, InBatch: true}, h.listAuditEvents)
	r.POST("/audit-events/exports", web.Op{ID: "exportAuditEvents", Need: authz.AuditRead, StepUp: true}, h.exportAuditEvents)
}

// AuditEvent is one entry of the office's log.
type AuditEvent struct {
	Number           int64          `json:"number" validate:"required" example:"4711"`
	Name             string         `json:"name" validate:"required" example:"action_point.approved"`
	Actor            EventActor     `json:"actor" validate:"required"`
	Subject          uuid.UUID      `json:"subject" format:"uuid" validate:"required"`
	SubjectName      string         `json:"subjectName,omitempty"`
	ClientID         *uuid.UUID     `json:"clientId,omitempty" format:"uuid"`
	DossierID        *uuid.UUID     `json:"dossierId,omitempty" format:"uuid"`
	DossierName      string         `json:"dossierName,omitempty"`
	DossierReference string         `json:"dossierReference,omitempty"`
	Data             map[string]any `json:"data" validate:"required"`
	Erased           bool           `json:"erased" validate:"required"`
	At               time.Time      `json:"at" format:"date-time" validate:"required"`
	Hash             string         `json:"hash" validate:"required" example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
}

// AuditExport is the log, or the part that was asked for, newest first.
type AuditExport struct {
	Events []AuditEvent `json:"events" validate:"required"`
}

func newAuditEvent(l audit.Line) AuditEvent {
	e := AuditEvent{
		Number: l.Seq, Name: l.Name, Actor: EventActor{Kind: l.ActorKind, ID: l.ActorID, FirstName: l.ActorFirstName, LastName: l.ActorLastName},
		Subject: l.Subject, SubjectName: l.SubjectName, DossierName: l.DossierName, DossierReference: l.DossierReference,
		Data: l.Data, Erased: l.Erased, At: l.At, Hash: hex.EncodeToString(l.Hash),
	}
	if l.ClientID != uuid.Nil {
		e.ClientID = &l.ClientID
	}
	if l.DossierID != uuid.Nil {
		e.DossierID = &l.DossierID
	}
	return e
}

type listAuditEventsQuery struct {
	ActorID   *uuid.UUID `query:"actorId"`
	ActorKind string     `query:"actorKind" validate:"omitempty,oneof=employee member visitor system api_client"`
	Resource  string     `query:"resource" validate:"max=40"`
	DossierID *uuid.UUID `query:"dossierId"`
	ClientID  *uuid.UUID `query:"clientId"`
	From      *time.Time `query:"from"`
	To        *time.Time `query:"to"`
	Cursor    string     `query:"cursor" validate:"max=1000"`
	Limit     int        `query:"limit" validate:"min=1,max=200"`
}

// AuditSelection is the body of exportAuditEvents: the parts of the log that are wanted; what is absent narrows nothing.
type AuditSelection struct {
	Format    string     `json:"format" validate:"required,oneof=csv json"`
	ActorID   *uuid.UUID `json:"actorId,omitempty" format:"uuid"`
	ActorKind string     `json:"actorKind,omitempty" validate:"omitempty,oneof=employee member visitor system api_client"`
	Resource  string     `json:"resource,omitempty" validate:"max=40"`
	DossierID *uuid.UUID `json:"dossierId,omitempty" format:"uuid"`
	ClientID  *uuid.UUID `json:"clientId,omitempty" format:"uuid"`
	From      *time.Time `json:"from,omitempty" format:"date-time"`
	To        *time.Time `json:"to,omitempty" format:"date-time"`
}

func (s AuditSelection) filter() audit.Filter {
	f := audit.Filter{ActorKind: authz.Kind(s.ActorKind), Resource: s.Resource}
	for into, id := range map[*uuid.UUID]*uuid.UUID{&f.Actor: s.ActorID, &f.Dossier: s.DossierID, &f.Client: s.ClientID} {
		if id != nil {
			*into = *id
		}
	}
	for into, at := range map[*time.Time]*time.Time{&f.From: s.From, &f.To: s.To} {
		if at != nil {
			*into = *at
		}
	}
	return f
}

// listAuditEvents returns what happened in the office, newest first. Each event carries the hash that chains it to the one
// before it; erased says that the personal part of what it told is gone for good.
//
//	@Summary	Log of the office
//	@ID			listAuditEvents
//	@Tags		events
//	@Produce	json
//	@Security	Session
//	@Param		actorId		query		string	false	"Who did it"												format(uuid)
//	@Param		actorKind	query		string	false	"What kind of actor did it"									Enums(employee, member, visitor, system, api_client)
//	@Param		resource	query		string	false	"What it is about: the part of the name before the point"	example(action_point)
//	@Param		dossierId	query		string	false	"Dossier"													format(uuid)
//	@Param		clientId	query		string	false	"Client, with its people, dossiers and logins"				format(uuid)
//	@Param		from		query		string	false	"From this moment on"										format(date-time)
//	@Param		to			query		string	false	"Before this moment"										format(date-time)
//	@Param		cursor		query		string	false	"nextCursor of the previous page"
//	@Param		limit		query		int		false	"Page size"	minimum(1)	maximum(200)	default(50)
//	@Success	200			{object}	web.Page[AuditEvent]
//	@Failure	default		{object}	web.Problem
//	@Router		/audit-events [get]
func (h *Handler) listAuditEvents(c echo.Context) error {
	in := listAuditEventsQuery{Limit: 50}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	f := AuditSelection{
		ActorID: in.ActorID, ActorKind: in.ActorKind, Resource: in.Resource, DossierID: in.DossierID, ClientID: in.ClientID, From: in.From, To: in.To,
	}.filter()
	if err := web.DecodeCursor(in.Cursor, &f.Before); err != nil {
		return err
	}
	f.Limit = in.Limit + 1
	ls, err := h.Trail.List(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, web.NewPage(ls, in.Limit, newAuditEvent, func(l audit.Line) any { return l.Seq }))
}

// exportAuditEvents sends the log as a file, newest first. The export is an event of the log itself.
//
//	@Summary	Export the log
//	@ID			exportAuditEvents
//	@Tags		events
//	@Accept		json
//	@Produce	json,text/csv
//	@Security	Session
//	@Param		body	body		AuditSelection	true	"What, and how"
//	@Success	200		{object}	AuditExport
//	@Failure	default	{object}	web.Problem
//	@Router		/audit-events/exports [post]
func (h *Handler) exportAuditEvents(c echo.Context) error {
	var in AuditSelection
	if err := web.Body(c, &in); err != nil {
		return err
	}
	media, write := "application/json", writeAuditJSON
	if in.Format == "csv" {
		media, write = "text/csv; charset=utf-8", writeAuditCSV
	}
	return web.SendFile(c, "logboek."+in.Format, media, func(begin func() io.Writer) error {
		page, end := write(begin)
		if err := h.Trail.Export(c.Request().Context(), in.filter(), in.Format, page); err != nil {
			return err
		}
		return end()
	})
}

// writeAuditJSON returns what writes a page of events, and what comes after the last one.
func writeAuditJSON(begin func() io.Writer) (func([]audit.Line) error, func() error) {
	first := true
	page := func(ls []audit.Line) error {
		w := begin()
		for _, l := range ls {
			raw, err := json.Marshal(newAuditEvent(l))
			if err != nil {
				return err
			}
			lead := ",\n"
			if first {
				lead, first = `{"events":[`+"\n", false
			}
			if _, err := io.WriteString(w, lead+string(raw)); err != nil {
				return err
			}
		}
		return nil
	}
	return page, func() error { // the export itself is an event: there is always one, unless the filter leaves it out
		end := "\n]}\n"
		if first {
			end = `{"events":[]}` + "\n"
		}
		_, err := io.WriteString(begin(), end)
		return err
	}
}

// writeAuditCSV is the same for a spreadsheet: the separator and the mark at the beginning are those that a Dutch one opens.
func writeAuditCSV(begin func() io.Writer) (func([]audit.Line) error, func() error) {
	var out *csv.Writer
	start := func() error {
		if out != nil {
			return nil
		}
		w := begin()
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
		out = csv.NewWriter(w)
		out.Comma, out.UseCRLF = ';', true
		return out.Write([]string{"number", "at", "name", "actorKind", "actorName", "actorId", "dossierReference", "dossierName", "subjectName", "subject", "data", "erased", "hash"})
	}
	page := func(ls []audit.Line) error {
		if err := start(); err != nil {
			return err
		}
		for _, l := range ls {
			e := newAuditEvent(l)
			data, err := json.Marshal(e.Data)
			if err != nil {
				return err
			}
			err = out.Write([]string{
				strconv.FormatInt(e.Number, 10), e.At.UTC().Format(time.RFC3339Nano), e.Name, string(e.Actor.Kind), plainCell(e.Actor.FirstName + " " + e.Actor.LastName), e.Actor.ID.String(),
				plainCell(e.DossierReference), plainCell(e.DossierName), plainCell(e.SubjectName), e.Subject.String(), string(data), strconv.FormatBool(e.Erased), e.Hash,
			})
			if err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	}
	return page, func() error { return page(nil) }
}

// plainCell keeps a spreadsheet from taking somebody's name for a formula.
func plainCell(s string) string {
	s = strings.TrimSpace(s)
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
