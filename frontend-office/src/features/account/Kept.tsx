import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { Button } from '#/components/Button'
import { CodeList } from '#/components/SecondFactor'

/** Shown this once. Who has put them away goes on. */
export function Kept({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const [kept, setKept] = useState(false)
  return (
    <>
      <div className="dialog-body">
        <p>{t`Telefoon kwijt? Met een van deze codes kom je er toch in. Elke code werkt één keer, en je ziet ze alleen nu.`}</p>
        <CodeList codes={codes} kept={kept} onKept={setKept} />
      </div>
      <footer>
        <Button variant="primary" disabled={!kept} onClick={onClose}>
          {t`Klaar`}
        </Button>
      </footer>
    </>
  )
}
