import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { DoorMark } from '#/components/DoorMark'
import { Street } from '#/components/Street'

/** A page before the door: the street on one side, one question on the other. */
export function Split({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <div className="split">
      <div className="split-art" aria-hidden="true">
        <Street />
      </div>
      <main className="split-main" id="inhoud">
        <div className="logo">
          <DoorMark />
          {t`Voordeur voor kantoor`}
        </div>
        <div>
          <h1>{title}</h1>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {children}
      </main>
    </div>
  )
}
