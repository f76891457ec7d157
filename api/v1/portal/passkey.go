package portal

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/passkey"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

func (h *Handler) passkeyRoutes(r web.Router) {
	r.POST("/portal/auth/passkey/options", web.Op{ID: "startPasskeyLogin", Need: authz.SignIn, Access: web.Anyone}, h.startPasskeyLogin)
	r.POST("/portal/auth/passkey", web.Op{ID: "finishPasskeyLogin", Need: authz.SignIn, Also: []authz.Permission{authz.PortalMe}, Access: web.Anyone, Rate: web.RateSignIn}, h.finishPasskeyLogin)
	r.POST("/portal/auth/step-up/passkey/options", web.Op{ID: "startPasskeyStepUp", Need: authz.SignIn, Access: web.AnyRole, Rate: web.RateSignIn}, h.startPasskeyStepUp)
	r.POST("/portal/me/passkeys/options", web.Op{ID: "startPasskey", Need: authz.SignIn, Access: web.AnySession, StepUp: true, Rate: web.RateSignIn}, h.startPasskey)
	r.POST("/portal/me/passkeys", web.Op{ID: "addPasskey", Need: authz.SignIn, Access: web.AnySession, Rate: web.RateSignIn}, h.addPasskey)
	r.GET("/portal/me/passkeys", web.Op{ID: "listMyPasskeys", Need: authz.PortalMe}, h.listMyPasskeys)
	r.PATCH("/portal/me/passkeys/:passkeyId", web.Op{ID: "renamePasskey", Need: authz.PortalMe, IfMatch: true}, h.renamePasskey)
	r.DELETE("/portal/me/passkeys/:passkeyId", web.Op{ID: "removePasskey", Need: authz.PortalMe, Also: []authz.Permission{authz.SignIn}, StepUp: true}, h.removePasskey)
}

// PasskeyStart is the body of startPasskeyLogin.
type PasskeyStart struct {
	Office string `json:"office" validate:"required,max=40" example:"brugwachter"`
}

// Passkey is one of the customer. Only the device that made it can log in with it.
type Passkey struct {
	ID   uuid.UUID `json:"id" format:"uuid" validate:"required"`
	Name string    `json:"name" validate:"required"`
	// It is on every device of its owner, by the maker of the device.
	Synced     bool       `json:"synced" validate:"required"`
	CreatedAt  time.Time  `json:"createdAt" format:"date-time" validate:"required"`
	LastUsedAt *time.Time `json:"lastUsedAt,omitempty" format:"date-time"`
	// There may be a copy of it: it opens nothing any more.
	SuspectAt *time.Time `json:"suspectAt,omitempty" format:"date-time"`
	Version   int64      `json:"version" validate:"required"`
}

// AddedPasskey answers addPasskey.
type AddedPasskey struct {
	Passkey Passkey `json:"passkey" validate:"required"`
}

func newPasskey(p signin.Passkey) Passkey {
	return Passkey{ID: p.ID, Name: p.Name, Synced: p.BackedUp, CreatedAt: p.CreatedAt, LastUsedAt: p.LastUsedAt, SuspectAt: p.SuspectAt, Version: p.Version}
}

// askForPasskey gives the browser a request, and what it must show with the answer.
func askForPasskey(c echo.Context, r passkey.Request, kept string) error {
	web.SetTrip(c, web.PortalChallengeCookie, kept, passkey.Life)
	return c.JSON(http.StatusOK, web.PasskeyRequest{Challenge: r.Challenge, Domain: r.RPID, Allow: web.PasskeyHints(r.Allow)})
}

// startPasskeyLogin asks the browser for any passkey of this portal. It may take five minutes.
//
//	@Summary	Log in with a passkey: begin
//	@ID			startPasskeyLogin
//	@Tags		auth
//	@Accept		json
//	@Produce	json
//	@Param		body	body		PasskeyStart	true	"Which office"
//	@Success	200		{object}	web.PasskeyRequest
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/passkey/options [post]
func (h *Handler) startPasskeyLogin(c echo.Context) error {
	var in PasskeyStart
	if err := web.Body(c, &in); err != nil {
		return err
	}
	r, kept, err := h.SignIn.StartMemberPasskey(c.Request().Context(), in.Office)
	if err != nil {
		return err
	}
	return askForPasskey(c, r, kept)
}

// finishPasskeyLogin opens a session for whose passkey it is: nothing else is asked. The challenge is good for one answer, in the
// browser that asked for it.
//
//	@Summary	Log in with a passkey
//	@ID			finishPasskeyLogin
//	@Tags		auth
//	@Accept		json
//	@Produce	json
//	@Param		body	body		web.PasskeyAnswer	true	"What the browser signed"
//	@Success	200		{object}	Me
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/passkey [post]
func (h *Handler) finishPasskeyLogin(c echo.Context) error {
	var in web.PasskeyAnswer
	if err := web.Body(c, &in); err != nil {
		return err
	}
	answer := signin.Answer{Kept: web.Trip(c, web.PortalChallengeCookie), Signed: passkey.Signed(in)}
	s, err := h.SignIn.MemberPasskey(c.Request().Context(), answer, caller(c))
	if err != nil {
		return err
	}
	h.setSession(c, s)
	web.SetTrip(c, web.PortalChallengeCookie, "", 0)
	me, err := h.SignIn.MemberMe(s.Context(c.Request().Context()))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, newMe(me))
}

// startPasskeyStepUp asks the browser for one of the own passkeys, for stepUp.
//
//	@Summary	Give a passkey again: begin
//	@ID			startPasskeyStepUp
//	@Tags		auth
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	web.PasskeyRequest
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/step-up/passkey/options [post]
func (h *Handler) startPasskeyStepUp(c echo.Context) error {
	r, kept, err := h.SignIn.StartPasskeyStepUp(c.Request().Context())
	if err != nil {
		return err
	}
	return askForPasskey(c, r, kept)
}

// startPasskey asks the browser for a new passkey. Half-way, when the office wants a second step and there is
// none yet, it is that step.
//
//	@Summary	Add a passkey: begin
//	@ID			startPasskey
//	@Tags		me
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	web.PasskeyCreation
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/passkeys/options [post]
func (h *Handler) startPasskey(c echo.Context) error {
	m, kept, err := h.SignIn.StartPasskey(c.Request().Context())
	if err != nil {
		return err
	}
	web.SetTrip(c, web.PortalChallengeCookie, kept, passkey.Life)
	return c.JSON(http.StatusOK, web.PasskeyCreation{
		Challenge: m.Challenge, Domain: m.RPID, Service: m.RPName, UserHandle: m.UserHandle, UserName: m.UserName, DisplayName: m.UserDisplayName,
		Algorithms: m.Algorithms, Exclude: web.PasskeyHints(m.Exclude),
	})
}

// addPasskey keeps the passkey that the browser made, and tells its owner by mail. Who was half-way is in from then on.
//
//	@Summary	Add a passkey
//	@ID			addPasskey
//	@Tags		me
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		body	body		web.NewPasskey	true	"What the browser made"
//	@Success	201		{object}	AddedPasskey
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/passkeys [post]
func (h *Handler) addPasskey(c echo.Context) error {
	var in web.NewPasskey
	if err := web.Body(c, &in); err != nil {
		return err
	}
	out, err := h.SignIn.AddPasskey(c.Request().Context(), signin.NewPasskey{
		Kept: web.Trip(c, web.PortalChallengeCookie), Name: in.Name, Browser: caller(c),
		Made: passkey.Created{Credential: in.Credential, ClientData: in.ClientData, Attestation: in.Attestation, Transports: in.Transports},
	})
	if err != nil {
		return err
	}
	if out.Session != nil {
		h.setSession(c, *out.Session)
	}
	web.SetTrip(c, web.PortalChallengeCookie, "", 0)
	return c.JSON(http.StatusCreated, AddedPasskey{Passkey: newPasskey(out.Passkey)})
}

// listMyPasskeys returns the own passkeys, the oldest first.
//
//	@Summary	List my passkeys
//	@ID			listMyPasskeys
//	@Tags		me
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	web.Page[Passkey]
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/passkeys [get]
func (h *Handler) listMyPasskeys(c echo.Context) error {
	all, err := h.SignIn.Passkeys(c.Request().Context())
	if err != nil {
		return err
	}
	out := make([]Passkey, len(all))
	for i, p := range all {
		out[i] = newPasskey(p)
	}
	return c.JSON(http.StatusOK, web.Page[Passkey]{Items: out})
}

// renamePasskey gives one of the own passkeys another name.
//
//	@Summary	Rename a passkey
//	@ID			renamePasskey
//	@Tags		me
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		passkeyId	path		string			true	"Passkey"	format(uuid)
//	@Param		If-Match	header		string			true	"ETag of the version that is changed"
//	@Param		body		body		web.PasskeyName	true	"The name"
//	@Success	200			{object}	Passkey
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/portal/me/passkeys/{passkeyId} [patch]
func (h *Handler) renamePasskey(c echo.Context) error {
	id, err := web.ID(c, "passkeyId")
	if err != nil {
		return err
	}
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	var in web.PasskeyName
	if err := web.Body(c, &in); err != nil {
		return err
	}
	p, err := h.SignIn.RenamePasskey(c.Request().Context(), id, version, in.Name)
	if err != nil {
		return err
	}
	web.ETag(c, p.Version)
	return c.JSON(http.StatusOK, newPasskey(p))
}

// removePasskey takes one of the own passkeys away, and signs out everywhere else. Where logging in takes a second step, the last one
// stays.
//
//	@Summary	Remove a passkey
//	@ID			removePasskey
//	@Tags		me
//	@Security	Session
//	@Param		passkeyId	path	string	true	"Passkey"	format(uuid)
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/passkeys/{passkeyId} [delete]
func (h *Handler) removePasskey(c echo.Context) error {
	id, err := web.ID(c, "passkeyId")
	if err != nil {
		return err
	}
	if err := h.SignIn.RemovePasskey(c.Request().Context(), id, caller(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
