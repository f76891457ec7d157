package member

import (
	"slices"

	"voordeur/internal/authz"
	"voordeur/internal/fault"
)

// give changes what the login may do. A preset fills the ticks; any other set of ticks is nobody's preset, unless it is what the preset says.
func (m *Member) give(in Rights) error {
	if in.Preset != nil && *in.Preset != authz.PresetCustom {
		m.Preset, m.Permissions = *in.Preset, granted(in.Preset.Permissions())
	}
	if in.Permissions != nil {
		ticked, ok := authz.Ticked(*in.Permissions)
		if !ok {
			return fault.OnField("/permissions", "unknown-right")
		}
		m.Permissions = granted(ticked)
		if !slices.Equal(m.Permissions, granted(m.Preset.Permissions())) {
			m.Preset = authz.PresetCustom
		}
	}
	if in.Notifications != nil {
		m.Notifications = Notifications{}
		for _, n := range AllNotifications {
			if slices.Contains(*in.Notifications, n) {
				m.Notifications = append(m.Notifications, n)
			}
		}
	}
	return nil
}

func granted(ps []authz.Permission) Permissions {
	out := make(Permissions, len(ps))
	for i, p := range ps {
		out[i] = string(p)
	}
	return out
}
