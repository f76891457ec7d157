// Package portal is the HTTP surface for portal members.
package portal

import (
	"voordeur/internal/actionpoint"
	"voordeur/internal/apiclient"
	"voordeur/internal/document"
	"voordeur/internal/live"
	"voordeur/internal/member"
	"voordeur/internal/organisation"
	"voordeur/internal/overview"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

//	@title			Voordeur API for portal members
//	@version		1.0
//	@description	What a customer sees and hands in. It never carries a field that is only for the office.
//	@contact.name	Voordeur
//	@contact.url	https://voordeur.example/support
//	@license.name	EUPL-1.2
//	@license.url	https://eupl.eu/1.2/en/
//	@BasePath		/api/v1
//
//	@tag.name			site
//	@tag.description	The office a portal belongs to: before signing in
//	@tag.name			auth
//	@tag.description	Signing in and out, and password links
//	@tag.name			me
//	@tag.description	The signed-in customer
//	@tag.name			dossiers
//	@tag.description	The overview of a dossier
//	@tag.name			action-points
//	@tag.description	What the office asks, and handing it in
//	@tag.name			documents
//	@tag.description	Documents the customer may see
//	@tag.name			uploads
//	@tag.description	Resumable uploads (tus 1.0)
//	@tag.name			apps
//	@tag.description	Apps that the customer lets in
//	@tag.name			events
//	@tag.description	Live changes
//
//	@securityDefinitions.apikey	Session
//	@in							cookie
//	@name						__Host-voordeur-portal

// Handler serves the portal surface. Each file with handlers has its service here.
type Handler struct {
	Organisations *organisation.Service
	SignIn        *signin.Service
	Members       *member.Service
	Documents     *document.Service
	ActionPoints  *actionpoint.Service
	Overviews     *overview.Service
	Live          *live.Hub
	ApiClients    *apiclient.Service
}

// Routes registers every portal route.
func (h *Handler) Routes(r web.Router) {
	h.siteRoutes(r)
	h.authRoutes(r)
	h.meRoutes(r)
	h.factorRoutes(r)
	h.sessionRoutes(r)
	h.viewRoutes(r)
	h.passkeyRoutes(r)
	h.dossierRoutes(r)
	h.actionPointRoutes(r)
	h.documentRoutes(r)
	h.uploadRoutes(r)
	h.eventRoutes(r)
	h.appRoutes(r)
}
