import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { ApiClientSecret } from '#/api/generated/types.gen'
import { useMe } from '#/api/me'
import { Button } from '#/components/Button'
import { CopyField } from '#/components/CopyField'
import { Dialog } from '#/components/Dialog'

/** The only time that a key or secret is shown. */
export function SecretDialog({ made, onClose }: { made: ApiClientSecret; onClose: () => void }) {
  const { client, secret } = made
  const portal = new URL(useMe().organisation.portalUrl).origin
  const [kept, setKept] = useState(false)
  return (
    <Dialog title={secret ? t`Bewaar dit nu` : t`${client.name} is klaar`} isOpen onClose={() => (kept || !secret) && onClose()} alert>
      <div className="dialog-body">
        <p>
          {secret
            ? t`Zet dit in het programma ${client.name}. Je ziet het alleen nu: wij bewaren er alleen een afdruk van.`
            : t`Deze app bewaart geen geheim. De maker heeft dit nodig:`}
        </p>
        {client.kind !== 'key' && <CopyField label={t`Client-id`} value={client.id} />}
        {secret && <CopyField label={client.kind === 'key' ? t`Sleutel` : t`Client-secret`} value={secret} />}
        {client.kind !== 'key' && <CopyField label={t`Adres voor tokens`} value={`${portal}/api/v1/oauth/token`} />}
        {secret && (
          <label className="check">
            <input type="checkbox" checked={kept} onChange={(event) => setKept(event.target.checked)} />
            <span>{t`Ik heb het op een veilige plek gezet`}</span>
          </label>
        )}
      </div>
      <footer>
        <Button variant="primary" disabled={Boolean(secret) && !kept} onClick={onClose}>
          {t`Klaar`}
        </Button>
      </footer>
    </Dialog>
  )
}
