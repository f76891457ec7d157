package office

import "voordeur/internal/web"

func (h *Handler) dossierRoutes(_ web.Router) {}
