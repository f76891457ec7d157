import { t } from '@lingui/core/macro'

/** What an app may do, as its customer would say it. */
export function scopeWord(scope: string, office: string): string {
  switch (scope) {
    case 'portal.dossiers:read':
      return t`Zien hoe ver je dossier is en wat er van je gevraagd wordt`
    case 'portal.documents:read':
      return t`De documenten lezen die ${office} met je deelt`
    case 'portal.submissions:create':
      return t`Namens jou stukken aanleveren`
    default:
      return scope
  }
}
