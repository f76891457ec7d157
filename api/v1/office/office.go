// Package office is the HTTP surface for employees and integrators.
package office

import (
	"voordeur/internal/actionpoint"
	"voordeur/internal/apiclient"
	"voordeur/internal/audit"
	"voordeur/internal/client"
	"voordeur/internal/document"
	"voordeur/internal/dossier"
	"voordeur/internal/employee"
	"voordeur/internal/invitation"
	"voordeur/internal/live"
	"voordeur/internal/member"
	"voordeur/internal/organisation"
	"voordeur/internal/overview"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

//	@title			Voordeur API for employees and integrators
//	@version		1.0
//	@description	Everything an adviser needs: clients, dossiers, action points, documents and the logins of customers.
//	@contact.name	Voordeur
//	@contact.url	https://voordeur.example/support
//	@license.name	EUPL-1.2
//	@license.url	https://eupl.eu/1.2/en/
//	@BasePath		/api/v1
//
//	@tag.name			auth
//	@tag.description	Signing in and out
//	@tag.name			me
//	@tag.description	The signed-in employee
//	@tag.name			organisation
//	@tag.description	The office itself and how its portal looks
//	@tag.name			employees
//	@tag.description	Who works at the office
//	@tag.name			clients
//	@tag.description	Clients and their contacts
//	@tag.name			portal-members
//	@tag.description	Logins of customers and their invitations
//	@tag.name			dossiers
//	@tag.description	Dossiers and their products
//	@tag.name			action-points
//	@tag.description	What the office asks of the customer, and what it decides about it
//	@tag.name			documents
//	@tag.description	Documents of the office and the customer
//	@tag.name			uploads
//	@tag.description	Resumable uploads (tus 1.0)
//	@tag.name			events
//	@tag.description	Timeline, log of the office and live changes
//	@tag.name			api-clients
//	@tag.description	Programs that the office lets in
//
//	@securityDefinitions.apikey	Session
//	@in							cookie
//	@name						__Host-voordeur-office

// Handler serves the office surface. Each file with handlers has its service here.
type Handler struct {
	Organisations *organisation.Service
	SignIn        *signin.Service
	Employees     *employee.Service
	Clients       *client.Service
	Members       *member.Service
	Invitations   *invitation.Service
	Dossiers      *dossier.Service
	Documents     *document.Service
	ActionPoints  *actionpoint.Service
	Overviews     *overview.Service
	Trail         *audit.Service
	Live          *live.Hub
	ApiClients    *apiclient.Service
}

// Routes registers every office route.
func (h *Handler) Routes(r web.Router) {
	h.authRoutes(r)
	h.authLinkRoutes(r)
	h.ssoRoutes(r)
	h.passkeyRoutes(r)
	h.meRoutes(r)
	h.accountRoutes(r)
	h.organisationRoutes(r)
	h.employeeRoutes(r)
	h.rightsRoutes(r)
	h.clientRoutes(r)
	h.memberRoutes(r)
	h.factorRoutes(r)
	h.viewRoutes(r)
	h.dossierRoutes(r)
	h.applicantRoutes(r)
	h.productRoutes(r)
	h.actionPointRoutes(r)
	h.documentRoutes(r)
	h.uploadRoutes(r)
	h.eventRoutes(r)
	h.auditRoutes(r)
	h.apiClientRoutes(r)
}
