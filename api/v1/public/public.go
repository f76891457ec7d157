// Package public is the HTTP surface that needs no session: what problems mean, what is running, how programs get access.
package public

import (
	"voordeur/internal/apiclient"
	"voordeur/internal/web"
)

//	@title			Voordeur public API
//	@version		1.0
//	@description	What needs no session: the problem documents of the API, the version that runs, and how programs get access.
//	@contact.name	Voordeur
//	@contact.url	https://voordeur.example/support
//	@license.name	EUPL-1.2
//	@license.url	https://eupl.eu/1.2/en/
//	@BasePath		/api/v1
//
//	@tag.name			problems
//	@tag.description	The problem documents this API can answer with
//	@tag.name			oauth
//	@tag.description	How programs get access (OAuth 2): its answers are those of the standard
//	@tag.name			version
//	@tag.description	What is running

// Handler serves the public surface.
type Handler struct {
	Version    web.Version
	ApiClients *apiclient.Service
}

// Routes registers every public route.
func (h *Handler) Routes(r web.Router) {
	r.GET("/public/problems", web.Op{ID: "listProblems", Access: web.Anyone}, h.listProblems)
	r.GET("/public/problems/:code", web.Op{ID: "getProblem", Access: web.Anyone}, h.getProblem)
	r.GET("/public/version", web.Op{ID: "getVersion", Access: web.Anyone}, h.getVersion)
	h.oauthRoutes(r)
}
