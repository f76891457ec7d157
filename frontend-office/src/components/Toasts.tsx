import { t } from '@lingui/core/macro'
import { Button } from 'react-aria-components/Button'
import {
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast'
import { Icon } from './Icon'
import type { IconName } from './icons'

type Message = { text: string; icon: IconName }
const queue = new ToastQueue<Message>({ maxVisibleToasts: 3 })

/** Says what was done, with the same verb as the button. Errors stand next to their cause, not here. */
export function toast(text: string, icon: IconName = 'check-circle') {
  queue.add({ text, icon }, { timeout: 6000 })
}

export function Toasts() {
  return (
    <ToastRegion queue={queue} className="toasts" aria-label={t`Meldingen`}>
      {({ toast: shown }) => (
        <Toast toast={shown} className="toast">
          <Icon name={shown.content.icon} />
          <ToastContent className="grow">{shown.content.text}</ToastContent>
          <Button slot="close" aria-label={t`Melding sluiten`}>
            <Icon name="x" />
          </Button>
        </Toast>
      )}
    </ToastRegion>
  )
}
