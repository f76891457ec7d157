package office

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/member"
	"voordeur/internal/web"
)

// SentLink is one link that a login was ever sent (F10); never the link itself.
type SentLink struct {
	ID         uuid.UUID        `json:"id" format:"uuid" validate:"required"`
	Purpose    member.Purpose   `json:"purpose" validate:"required"`
	State      member.LinkState `json:"state" validate:"required"`
	Recipient  string           `json:"recipient" validate:"required"` // where its mail went
	AskedBy    member.Asker     `json:"askedBy" validate:"required"`   // who had it sent
	AskerName  string           `json:"askerName" validate:"required"` // of the employee or the program; empty: the customer
	CreatedAt  time.Time        `json:"createdAt" format:"date-time" validate:"required"`
	SentAt     *time.Time       `json:"sentAt,omitempty" format:"date-time"`
	OpenedAt   *time.Time       `json:"openedAt,omitempty" format:"date-time"`
	UsedAt     *time.Time       `json:"usedAt,omitempty" format:"date-time"`
	ExpiresAt  *time.Time       `json:"expiresAt,omitempty" format:"date-time"`
	ReplacedAt *time.Time       `json:"replacedAt,omitempty" format:"date-time"`
}

// MemberSplit is the body of splitPortalMember.
type MemberSplit struct {
	DossierID uuid.UUID `json:"dossierId" format:"uuid" validate:"required"`
	Username  string    `json:"username" validate:"required,max=254"`
}

// MemberJoin is the body of joinPortalMember.
type MemberJoin struct {
	IntoID uuid.UUID `json:"intoId" format:"uuid" validate:"required"`
}

type listPasswordLinksQuery struct {
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" validate:"min=1,max=200"`
}

// listPasswordLinks returns every link to choose a password that a login was sent, newest first: by whom, to where, and how far it came.
//
//	@Summary	List the links that a portal member was sent
//	@ID			listPasswordLinks
//	@Tags		portal-members
//	@Produce	json
//	@Security	Session
//	@Param		memberId	path		string	true	"Portal member"	format(uuid)
//	@Param		cursor		query		string	false	"nextCursor of the page before"
//	@Param		limit		query		int		false	"Page size"	minimum(1)	maximum(200)	default(50)
//	@Success	200			{object}	web.Page[SentLink]
//	@Failure	default		{object}	web.Problem
//	@Router		/portal-members/{memberId}/links [get]
func (h *Handler) listPasswordLinks(c echo.Context) error {
	id, err := web.ID(c, "memberId")
	if err != nil {
		return err
	}
	in := listPasswordLinksQuery{Limit: 50}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	var after member.Cursor
	if err := web.DecodeCursor(in.Cursor, &after); err != nil {
		return err
	}
	list, more, err := h.Members.Links(c.Request().Context(), id, after, in.Limit)
	if err != nil {
		return err
	}
	page := web.Page[SentLink]{Items: make([]SentLink, 0, len(list))}
	for _, l := range list {
		page.Items = append(page.Items, SentLink(l))
	}
	if more {
		page.NextCursor = web.EncodeCursor(list[len(list)-1].Cursor())
	}
	return c.JSON(http.StatusOK, page)
}

// splitPortalMember gives one dossier of a login that opens several a login of its own: the same person, with the same rights, under
// another username. The new login is invited by mail, unless the office does that by hand; the old one no longer opens the dossier.
//
//	@Summary	Give a dossier a login of its own
//	@ID			splitPortalMember
//	@Tags		portal-members
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		memberId		path		string		true	"Portal member"	format(uuid)
//	@Param		If-Match		header		string		true	"ETag of the version of the login that is split"
//	@Param		Idempotency-Key	header		string		false	"Makes a retry safe"
//	@Param		body			body		MemberSplit	true	"Which dossier, and the new username"
//	@Success	201				{object}	PortalMember
//	@Header		201				{string}	Location	"The new portal member"
//	@Header		201				{string}	ETag		"Its version, for If-Match"
//	@Failure	default			{object}	web.Problem
//	@Router		/portal-members/{memberId}/split [post]
func (h *Handler) splitPortalMember(c echo.Context) error {
	id, version, err := target(c, "memberId")
	if err != nil {
		return err
	}
	var in MemberSplit
	if err := web.Body(c, &in); err != nil {
		return err
	}
	m, err := h.Invitations.SplitMember(c.Request().Context(), id, version, in.DossierID, in.Username)
	if err != nil {
		return err
	}
	web.ETag(c, m.Version)
	return web.Created(c, web.Location("/portal-members", m.ID), newPortalMember(m))
}

// joinPortalMember lets another login of the same person open what this one opens, and archives this one.
//
//	@Summary	Join a login with another of the same person
//	@ID			joinPortalMember
//	@Tags		portal-members
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		memberId	path		string		true	"Portal member that is put away"	format(uuid)
//	@Param		If-Match	header		string		true	"ETag of its version"
//	@Param		body		body		MemberJoin	true	"The login that takes it over"
//	@Success	200			{object}	PortalMember
//	@Header		200			{string}	ETag	"Version of the login that took it over, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/portal-members/{memberId}/join [post]
func (h *Handler) joinPortalMember(c echo.Context) error {
	id, version, err := target(c, "memberId")
	if err != nil {
		return err
	}
	var in MemberJoin
	if err := web.Body(c, &in); err != nil {
		return err
	}
	m, err := h.Members.Join(c.Request().Context(), id, version, in.IntoID)
	if err != nil {
		return err
	}
	web.ETag(c, m.Version)
	return c.JSON(http.StatusOK, newPortalMember(m))
}
