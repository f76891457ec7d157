package portal

import "voordeur/internal/web"

func (h *Handler) eventRoutes(_ web.Router) {}
