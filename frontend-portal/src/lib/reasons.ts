import { t } from '@lingui/core/macro'
import type { ActionpointReasonCode } from '#/api/generated/types.gen'

/** Why something was rejected: what the adviser wrote, or what the reason they chose means. */
export function reasonText(rejection: { code?: ActionpointReasonCode; reason: string }): string {
  if (rejection.reason) return rejection.reason
  switch (rejection.code) {
    case 'unreadable':
      return t`Dit is niet goed leesbaar.`
    case 'too_old':
      return t`Dit is niet recent genoeg.`
    case 'page_missing':
      return t`Er ontbreekt een bladzijde.`
    case 'signature_missing':
      return t`Er ontbreekt een handtekening.`
    case 'wrong_document':
      return t`Dit is een ander document dan we nodig hebben.`
    default:
      return t`Hiermee kunnen we nog niet verder.`
  }
}
