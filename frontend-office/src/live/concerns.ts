export type Change = { name: string; dossierId: string | undefined; subject: string | undefined }

/** Reads one line of the stream; anything unexpected is ignored, the next event will do. */
export function parseChange(data: unknown): Change | undefined {
  try {
    const value: unknown = JSON.parse(String(data))
    if (typeof value !== 'object' || value === null || !('name' in value) || typeof value.name !== 'string') return undefined
    return {
      name: value.name,
      dossierId: 'dossierId' in value && typeof value.dossierId === 'string' ? value.dossierId : undefined,
      subject: 'subject' in value && typeof value.subject === 'string' ? value.subject : undefined,
    }
  } catch {
    return undefined
  }
}

// Lists that show work of many dossiers: any event in a dossier can move a row or a count.
const acrossDossiers = new Set(['listDossiers', 'getDossierCounts', 'listActionPoints', 'listPortalMembers', 'getMe'])
// What an event that belongs to no dossier touches, by the resource in its name.
const byResource: Record<string, string[]> = {
  client: ['listClients', 'getClient', 'listDossiers', 'getDossier'],
  contact: ['listClients', 'getClient', 'getDossier', 'listPortalMembers'],
  portal_member: ['listPasswordLinks', 'listPortalMembers', 'getPortalMember', 'getDossier', 'getDossierCounts', 'listDossiers'],
  password_link: ['listPasswordLinks', 'listPortalMembers', 'getPortalMember', 'getDossier', 'getDossierCounts', 'listDossiers'],
  organisation: ['getOrganisation', 'getMe'],
  employee: ['listEmployees', 'getMe'],
}

/** Whether a change can alter what a query shows; keys are the generated ones: [{ _id, path, ... }]. */
export function concerns(change: Change, queryKey: readonly unknown[]): boolean {
  const key = queryKey[0]
  if (typeof key !== 'object' || key === null || !('_id' in key) || typeof key._id !== 'string') return false
  const path = 'path' in key && typeof key.path === 'object' && key.path !== null ? (key.path as Record<string, unknown>) : {}
  const resource = change.name.split('.')[0] ?? ''
  if (byResource[resource]?.includes(key._id)) return true
  if (!change.dossierId) return false
  if (path['dossierId'] === change.dossierId || acrossDossiers.has(key._id)) return true
  return change.subject !== undefined && Object.values(path).includes(change.subject)
}
