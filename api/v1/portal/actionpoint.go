package portal

import "voordeur/internal/web"

func (h *Handler) actionPointRoutes(_ web.Router) {}
