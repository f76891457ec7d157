package portal

import "voordeur/internal/web"

func (h *Handler) dossierRoutes(_ web.Router) {}
