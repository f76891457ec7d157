package office

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/member"
	"voordeur/internal/web"
)

func (h *Handler) memberRoutes(r web.Router) {
	r.GET("/portal-members", web.Op{ID: "listPortalMembers", Need: authz.MemberRead}, h.listPortalMembers)
	r.POST("/portal-members", web.Op{ID: "createPortalMember", Need: authz.MemberWrite, Idempotency: web.IdempotencyAccepted}, h.createPortalMember)
	r.GET("/portal-rights", web.Op{ID: "getPortalRights", Need: authz.MemberRead}, h.getPortalRights)
	r.GET("/portal-members/username-check", web.Op{ID: "checkUsername", Need: authz.MemberRead}, h.checkUsername)
	r.GET("/portal-members/:memberId", web.Op{ID: "getPortalMember", Need: authz.MemberRead}, h.getPortalMember)
	r.PATCH("/portal-members/:memberId", web.Op{ID: "updatePortalMember", Need: authz.MemberWrite, IfMatch: true, MayStepUp: true}, h.updatePortalMember)
	r.POST("/portal-members/:memberId/invitation", web.Op{ID: "inviteMember", Need: authz.MemberWrite, Idempotency: web.IdempotencyAccepted}, h.inviteMember)
	r.GET("/portal-members/:memberId/links", web.Op{ID: "listPasswordLinks", Need: authz.MemberRead}, h.listPasswordLinks)
	r.POST("/portal-members/:memberId/split", web.Op{ID: "splitPortalMember", Need: authz.MemberWrite, IfMatch: true, Idempotency: web.IdempotencyAccepted}, h.splitPortalMember)
	r.POST("/portal-members/:memberId/join", web.Op{ID: "joinPortalMember", Need: authz.MemberWrite, IfMatch: true}, h.joinPortalMember)
	r.POST("/portal-members/:memberId/username-mail", web.Op{ID: "mailUsername", Need: authz.MemberWrite, Idempotency: web.IdempotencyAccepted}, h.mailUsername)
	r.POST("/dossiers/:dossierId/invitation", web.Op{ID: "inviteDossier", Need: authz.MemberWrite, Idempotency: web.IdempotencyAccepted}, h.inviteDossier)
}

// PortalMember is a login of a client's contact. Its password is nobody's but the customer's (A9).
type PortalMember struct {
	ID        uuid.UUID `json:"id" format:"uuid" validate:"required"`
	ClientID  uuid.UUID `json:"clientId" format:"uuid" validate:"required"`
	ContactID uuid.UUID `json:"contactId" format:"uuid" validate:"required"`
	FirstName string    `json:"firstName" validate:"required"`
	LastName  string    `json:"lastName" validate:"required"`
	Email     string    `json:"email" validate:"required"`
	Function  string    `json:"function" validate:"required"`
	Username  string    `json:"username" validate:"required"`
	// Permissions: see getPortalRights. Notifications: the mails that the member chose to get (E10).
	Permissions         []string              `json:"permissions" validate:"required"`
	Preset              authz.Preset          `json:"preset" validate:"required"`
	Notifications       []member.Notification `json:"notifications" validate:"required"`
	State               member.State          `json:"state" validate:"required"`
	Invitation          *Invitation           `json:"invitation,omitempty"`
	DossierIDs          []uuid.UUID           `json:"dossierIds" format:"uuid" validate:"required"`
	LastLoginAt         *time.Time            `json:"lastLoginAt,omitempty" format:"date-time"`
	SecondFactor        bool                  `json:"secondFactor" validate:"required"`                 // logging in takes a second step (B3)
	Passkeys            int                   `json:"passkeys" validate:"required"`                     // with as many the customer can log in (F7)
	SecondFactorResetAt *time.Time            `json:"secondFactorResetAt,omitempty" format:"date-time"` // from then on that step is taken away
	Version             int64                 `json:"version" validate:"required"`
}

// Invitation is how far the newest link to set a password has come (F10); never the link itself.
type Invitation struct {
	State     member.LinkState `json:"state" validate:"required"`
	SentAt    *time.Time       `json:"sentAt,omitempty" format:"date-time"`
	OpenedAt  *time.Time       `json:"openedAt,omitempty" format:"date-time"`
	ExpiresAt *time.Time       `json:"expiresAt,omitempty" format:"date-time"`
}

func newPortalMember(m member.View) PortalMember {
	out := PortalMember{
		ID: m.ID, ClientID: m.ClientID, ContactID: m.ContactID, FirstName: m.FirstName, LastName: m.LastName, Email: m.Email,
		Function: m.Function, Username: m.Username, Permissions: m.Permissions, Preset: m.Preset, Notifications: m.Notifications, State: m.State,
		DossierIDs: m.DossierIDs, LastLoginAt: m.LastLoginAt, Version: m.Version,
		SecondFactor: m.SecondFactor, Passkeys: m.Passkeys, SecondFactorResetAt: m.ResetDueAt,
	}
	if m.Invitation != nil {
		out.Invitation = &Invitation{State: m.Invitation.State, SentAt: m.Invitation.SentAt, OpenedAt: m.Invitation.OpenedAt, ExpiresAt: m.Invitation.ExpiresAt}
	}
	return out
}

// NewPortalMember is the body of createPortalMember: a contact that exists, or the names of a new one.
type NewPortalMember struct {
	ClientID   uuid.UUID   `json:"clientId" format:"uuid" validate:"required"`
	ContactID  *uuid.UUID  `json:"contactId,omitempty" format:"uuid"`
	FirstName  string      `json:"firstName,omitempty" validate:"required_without=ContactID,max=80"`
	LastName   string      `json:"lastName,omitempty" validate:"required_without=ContactID,max=120"`
	Email      string      `json:"email,omitempty" validate:"max=254"`
	Function   string      `json:"function,omitempty" validate:"max=80"`
	Username   string      `json:"username" validate:"required,max=254"`
	DossierIDs []uuid.UUID `json:"dossierIds,omitempty" format:"uuid" validate:"max=50"`
	// Preset fills the rights; Permissions are those that were ticked. Without either the member is an applicant.
	Preset        *authz.Preset          `json:"preset,omitempty" validate:"omitempty,oneof=applicant partner client_employee read_only custom"`
	Permissions   *[]string              `json:"permissions,omitempty" validate:"omitempty,max=40"`
	Notifications *[]member.Notification `json:"notifications,omitempty" validate:"omitempty,max=10,dive,oneof=new_quotes new_invoices completed_jobs"`
}

// PortalMemberChange is the body of updatePortalMember; what is absent stays.
type PortalMemberChange struct {
	FirstName *string `json:"firstName,omitempty" validate:"omitempty,min=1,max=80"`
	LastName  *string `json:"lastName,omitempty" validate:"omitempty,min=1,max=120"`
	Email     *string `json:"email,omitempty" validate:"omitempty,max=254"`
	Username  *string `json:"username,omitempty" validate:"omitempty,min=1,max=254"`
	Function  *string `json:"function,omitempty" validate:"omitempty,max=80"`
	// Blocked and Archived end every session at once.
	Blocked       *bool                  `json:"blocked,omitempty"`
	Archived      *bool                  `json:"archived,omitempty"`
	Preset        *authz.Preset          `json:"preset,omitempty" validate:"omitempty,oneof=applicant partner client_employee read_only custom"`
	Permissions   *[]string              `json:"permissions,omitempty" validate:"omitempty,max=40"`
	Notifications *[]member.Notification `json:"notifications,omitempty" validate:"omitempty,max=10,dive,oneof=new_quotes new_invoices completed_jobs"`
}

// UsernameCheck answers checkUsername.
type UsernameCheck struct {
	Available bool                  `json:"available" validate:"required"`
	Reason    member.UsernameReason `json:"reason,omitempty"`
}

type listPortalMembersQuery struct {
	ClientID  uuid.UUID `query:"clientId"`
	DossierID uuid.UUID `query:"dossierId"`
	Q         string    `query:"q" validate:"max=100"`
	Archived  bool      `query:"archived"`
	Cursor    string    `query:"cursor"`
	Limit     int       `query:"limit" validate:"min=1,max=200"`
}

// listPortalMembers returns the logins of the office's customers, newest first.
//
//	@Summary	List portal members
//	@ID			listPortalMembers
//	@Tags		portal-members
//	@Produce	json
//	@Security	Session
//	@Param		clientId	query		string	false	"Only of this client"				format(uuid)
//	@Param		dossierId	query		string	false	"Only those who open this dossier"	format(uuid)
//	@Param		q			query		string	false	"Part of a name, username or e-mail address"
//	@Param		archived	query		bool	false	"Archived ones too"
//	@Param		cursor		query		string	false	"nextCursor of the page before"
//	@Param		limit		query		int		false	"Page size"	minimum(1)	maximum(200)	default(50)
//	@Success	200			{object}	web.Page[PortalMember]
//	@Failure	default		{object}	web.Problem
//	@Router		/portal-members [get]
func (h *Handler) listPortalMembers(c echo.Context) error {
	in := listPortalMembersQuery{Limit: 50}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	var after member.Cursor
	if err := web.DecodeCursor(in.Cursor, &after); err != nil {
		return err
	}
	list, more, err := h.Members.List(c.Request().Context(), member.Filter{ClientID: in.ClientID, DossierID: in.DossierID, Q: in.Q, Archived: in.Archived, After: after, Limit: in.Limit})
	if err != nil {
		return err
	}
	page := web.Page[PortalMember]{Items: make([]PortalMember, 0, len(list))}
	for _, m := range list {
		page.Items = append(page.Items, newPortalMember(m))
	}
	if more {
		page.NextCursor = web.EncodeCursor(list[len(list)-1].Cursor())
	}
	return c.JSON(http.StatusOK, page)
}

// createPortalMember gives a contact of a client a login, and invites by mail (E1) unless the office does that by hand.
//
//	@Summary	Create a portal member and send the invitation
//	@ID			createPortalMember
//	@Tags		portal-members
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		Idempotency-Key	header		string			false	"Makes a retry safe"
//	@Param		body			body		NewPortalMember	true	"The login"
//	@Success	201				{object}	PortalMember
//	@Header		201				{string}	Location	"The portal member"
//	@Failure	default			{object}	web.Problem
//	@Router		/portal-members [post]
func (h *Handler) createPortalMember(c echo.Context) error {
	var in NewPortalMember
	if err := web.Body(c, &in); err != nil {
		return err
	}
	m, err := h.Invitations.CreateMember(c.Request().Context(), member.Draft{
		ClientID: in.ClientID, ContactID: in.ContactID, FirstName: in.FirstName, LastName: in.LastName, Email: in.Email,
		Function: in.Function, Username: in.Username, DossierIDs: in.DossierIDs,
		Rights: member.Rights{Preset: in.Preset, Permissions: in.Permissions, Notifications: in.Notifications},
	})
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/api/v1/portal-members/"+m.ID.String())
	web.ETag(c, m.Version)
	return c.JSON(http.StatusCreated, newPortalMember(m))
}

// getPortalMember returns one login.
//
//	@Summary	Get a portal member
//	@ID			getPortalMember
//	@Tags		portal-members
//	@Produce	json
//	@Security	Session
//	@Param		memberId	path		string	true	"Portal member"	format(uuid)
//	@Success	200			{object}	PortalMember
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/portal-members/{memberId} [get]
func (h *Handler) getPortalMember(c echo.Context) error {
	id, err := web.ID(c, "memberId")
	if err != nil {
		return err
	}
	m, err := h.Members.Get(c.Request().Context(), id)
	if err != nil {
		return err
	}
	web.ETag(c, m.Version)
	return c.JSON(http.StatusOK, newPortalMember(m))
}

// updatePortalMember changes who it is, the username, rights and notifications, or blocks and archives. What a member may do is looked
// at with every request, so a change works from the next one on. Another e-mail address takes a password or code of a moment ago (step-up-required), and
// is not for programs (person-only).
//
//	@Summary	Change a portal member
//	@ID			updatePortalMember
//	@Tags		portal-members
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		memberId	path		string				true	"Portal member"	format(uuid)
//	@Param		If-Match	header		string				true	"ETag of the version that is changed"
//	@Param		body		body		PortalMemberChange	true	"What changes"
//	@Success	200			{object}	PortalMember
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/portal-members/{memberId} [patch]
func (h *Handler) updatePortalMember(c echo.Context) error {
	id, err := web.ID(c, "memberId")
	if err != nil {
		return err
	}
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	var in PortalMemberChange
	if err := web.Body(c, &in); err != nil {
		return err
	}
	m, err := h.Members.Update(c.Request().Context(), id, version, member.Change(in))
	if err != nil {
		return err
	}
	web.ETag(c, m.Version)
	return c.JSON(http.StatusOK, newPortalMember(m))
}

// inviteMember sends a link to set a password: the office can send one, never see or choose the password (A9).
//
//	@Summary	Send a member a link to set a password
//	@ID			inviteMember
//	@Tags		portal-members
//	@Produce	json
//	@Security	Session
//	@Param		memberId		path		string	true	"Portal member"	format(uuid)
//	@Param		Idempotency-Key	header		string	false	"Makes a retry safe"
//	@Success	202				{object}	PortalMember
//	@Failure	default			{object}	web.Problem
//	@Router		/portal-members/{memberId}/invitation [post]
func (h *Handler) inviteMember(c echo.Context) error {
	id, err := web.ID(c, "memberId")
	if err != nil {
		return err
	}
	m, err := h.Invitations.InviteMember(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, newPortalMember(m))
}

// mailUsername tells a member the username after it was changed (A2). Who has no password yet gets it with a fresh link to choose one.
//
//	@Summary	Mail a member the username
//	@ID			mailUsername
//	@Tags		portal-members
//	@Produce	json
//	@Security	Session
//	@Param		memberId		path		string	true	"Portal member"	format(uuid)
//	@Param		Idempotency-Key	header		string	false	"Makes a retry safe"
//	@Success	202				{object}	PortalMember
//	@Failure	default			{object}	web.Problem
//	@Router		/portal-members/{memberId}/username-mail [post]
func (h *Handler) mailUsername(c echo.Context) error {
	id, err := web.ID(c, "memberId")
	if err != nil {
		return err
	}
	m, err := h.Invitations.MailUsername(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, newPortalMember(m))
}

// InvitationResult answers inviteDossier: which mails leave, and whose logins stand in each.
type InvitationResult struct {
	Mails []InvitationMail `json:"mails" validate:"required"`
}

// InvitationMail is one mail; an applicant without an address stands in the first applicant's.
type InvitationMail struct {
	Recipient string   `json:"recipient" validate:"required"`
	Members   []string `json:"members" validate:"required"`
}

// inviteDossier sends the invitation to everyone on a dossier who has not chosen a password yet (A5).
//
//	@Summary	Send the invitation of a dossier
//	@ID			inviteDossier
//	@Tags		portal-members
//	@Produce	json
//	@Security	Session
//	@Param		dossierId		path		string	true	"Dossier"	format(uuid)
//	@Param		Idempotency-Key	header		string	false	"Makes a retry safe"
//	@Success	202				{object}	InvitationResult
//	@Failure	default			{object}	web.Problem
//	@Router		/dossiers/{dossierId}/invitation [post]
func (h *Handler) inviteDossier(c echo.Context) error {
	id, err := web.ID(c, "dossierId")
	if err != nil {
		return err
	}
	mails, err := h.Invitations.InviteDossier(c.Request().Context(), id)
	if err != nil {
		return err
	}
	out := InvitationResult{Mails: make([]InvitationMail, 0, len(mails))}
	for _, m := range mails {
		out.Mails = append(out.Mails, InvitationMail(m))
	}
	return c.JSON(http.StatusAccepted, out)
}

type checkUsernameQuery struct {
	Username     string    `query:"username" validate:"required,max=254"`
	ContactEmail string    `query:"contactEmail" validate:"max=254"`
	MemberID     uuid.UUID `query:"memberId"`
}

// checkUsername tells whether a username may be used, before the form is sent.
//
//	@Summary	Check a username
//	@ID			checkUsername
//	@Tags		portal-members
//	@Produce	json
//	@Security	Session
//	@Param		username		query		string	true	"The username"
//	@Param		contactEmail	query		string	false	"E-mail address of the contact it is for"
//	@Param		memberId		query		string	false	"The member who has it now"	format(uuid)
//	@Success	200				{object}	UsernameCheck
//	@Failure	default			{object}	web.Problem
//	@Router		/portal-members/username-check [get]
func (h *Handler) checkUsername(c echo.Context) error {
	var in checkUsernameQuery
	if err := web.Query(c, &in); err != nil {
		return err
	}
	reason, err := h.Members.CheckUsername(c.Request().Context(), in.Username, in.ContactEmail, in.MemberID)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, UsernameCheck{Available: reason == "", Reason: reason})
}

// PortalRights is what portal members can be allowed, for the office to tick.
type PortalRights struct {
	Rights  []PortalRight  `json:"rights" validate:"required"`
	Presets []PortalPreset `json:"presets" validate:"required"`
}

// PortalRight is one tick box. What is not available yet cannot be given.
type PortalRight struct {
	Permission string `json:"permission" validate:"required" example:"portal.document:read"`
	Available  bool   `json:"available" validate:"required"`
}

// PortalPreset is a set of rights with a name.
type PortalPreset struct {
	Preset      authz.Preset `json:"preset" validate:"required"`
	Permissions []string     `json:"permissions" validate:"required"`
}

// getPortalRights returns the rights that a portal member can have (E3), and the presets that fill them.
//
//	@Summary	List the rights of portal members
//	@ID			getPortalRights
//	@Tags		portal-members
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	PortalRights
//	@Failure	default	{object}	web.Problem
//	@Router		/portal-rights [get]
func (h *Handler) getPortalRights(c echo.Context) error {
	var out PortalRights
	for _, r := range authz.Rights {
		out.Rights = append(out.Rights, PortalRight{string(r.Permission), r.Available})
	}
	for _, p := range authz.Presets {
		preset := PortalPreset{Preset: p, Permissions: []string{}}
		for _, what := range p.Permissions() {
			preset.Permissions = append(preset.Permissions, string(what))
		}
		out.Presets = append(out.Presets, preset)
	}
	return c.JSON(http.StatusOK, out)
}
