package authz

import "slices"

// Right is one thing that an office ticks for a portal member (E3).
type Right struct {
	Permission Permission
	// Available: the portal has something behind it. What is not there yet can be given to nobody.
	Available bool
}

// Rights is everything that a portal member may be allowed, in the order in which an office reads it. Who signs in may always
// read and change what is about the login itself (PortalMe).
var Rights = []Right{
	{PortalDossierRead, true},
	{PortalSubmissionCreate, true},
	{PortalDocumentRead, true},
	{Permission: "portal.message:create"},
	{Permission: "portal.signature:create"},
	{Permission: "portal.booking:create"},
	{Permission: "portal.invoice:read"},
	{Permission: "portal.payment:create"},
	{Permission: "portal.job_status:read"},
	{Permission: "portal.completed_job:read"},
	{Permission: "portal.work_request:create"},
	{Permission: "portal.asset:read"},
}

// Preset is a set of rights with a name, for who usually comes in.
type Preset string

// The presets; custom is what any other set is called.
const (
	PresetApplicant      Preset = "applicant"
	PresetPartner        Preset = "partner"
	PresetClientEmployee Preset = "client_employee"
	PresetReadOnly       Preset = "read_only"
	PresetCustom         Preset = "custom"
)

// Presets lists those that fill the ticks, the usual one first.
var Presets = []Preset{PresetApplicant, PresetPartner, PresetClientEmployee, PresetReadOnly}

func (p Preset) allows(what Permission) bool {
	switch p {
	case PresetApplicant:
		return true
	case PresetPartner:
		return what != "portal.invoice:read" && what != "portal.payment:create"
	case PresetClientEmployee: // works along, and reads no advice, signs nothing and sees no money
		return !slices.Contains([]Permission{PortalDocumentRead, "portal.signature:create", "portal.invoice:read", "portal.payment:create"}, what)
	case PresetReadOnly:
		return slices.Contains([]Permission{PortalDossierRead, PortalDocumentRead, "portal.job_status:read", "portal.completed_job:read", "portal.asset:read"}, what)
	case PresetCustom:
	}
	return false
}

// Permissions returns what a member with the preset may do, of what there is.
func (p Preset) Permissions() []Permission {
	var all []Permission
	for _, r := range Rights {
		if r.Available && p.allows(r.Permission) {
			all = append(all, r.Permission)
		}
	}
	return append(all, PortalMe)
}

// Ticked puts the rights that were ticked in order, with what everybody may; false where one of them cannot be given.
func Ticked(rights []string) ([]Permission, bool) {
	var all []Permission
	for _, r := range Rights {
		if r.Available && slices.Contains(rights, string(r.Permission)) {
			all = append(all, r.Permission)
		}
	}
	all = append(all, PortalMe)
	for _, s := range rights {
		if !slices.Contains(all, Permission(s)) {
			return nil, false
		}
	}
	return all, true
}
