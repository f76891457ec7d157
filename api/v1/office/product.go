package office

import "voordeur/internal/web"

func (h *Handler) productRoutes(_ web.Router) {}
