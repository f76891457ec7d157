import { plural, t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useBlocker } from '@tanstack/react-router'
import { useEffect, useId, useRef, useState } from 'react'
import { createSubmissionMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { ActionPoint, ActionPointSummary, DossierOverview } from '#/api/generated/types.gen'
import { useMe } from '#/api/me'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Remark } from '#/components/Remark'
import { Sheet } from '#/components/Sheet'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { longDay } from '#/lib/dates'
import { offeredTypes } from '#/lib/files'
import { randomKey } from '#/lib/random'
import { reasonText } from '#/lib/reasons'
import { listOf } from '#/lib/text'
import { maxFiles } from './checks'
import { FileLine } from './FileLine'
import { useUploads, type Item } from './useUploads'

const touched = new Set(['getDossier', 'getActionPoint', 'listDocuments', 'listDossiers'])

type Props = {
  actionPoint: ActionPointSummary | ActionPoint
  dossier: DossierOverview
  onClose: () => void
  /** Called once it is handed in, just before the sheet closes. */
  onDelivered?: ((actionPoint: ActionPoint) => void) | undefined
}

/** The sheet in which a customer hands something in (C2): files arrive while the remark is being written. */
export function DeliverSheet({ actionPoint, dossier, onClose, onDelivered }: Props) {
  const queryClient = useQueryClient()
  const id = useId()
  const uploads = useUploads()
  const [remark, setRemark] = useState('')
  const [leaving, setLeaving] = useState(false)
  const [pressed, setPressed] = useState(false)
  const attempt = useRef({ body: '', key: '' })
  const office = useMe().office.name
  const { items } = uploads

  const refresh = () =>
    queryClient.invalidateQueries({
      predicate: (query) => touched.has(String((query.queryKey[0] as { _id?: string } | undefined)?._id)),
    })
  const create = useMutation({
    ...createSubmissionMutation(),
    onSuccess: (delivered) => {
      uploads.keep()
      toast(t`Ingediend`)
      void refresh()
      onDelivered?.(delivered)
      onClose()
    },
    onError: (error, { body }) => {
      const problem: unknown = error
      if (!(problem instanceof ApiProblem)) return
      uploads.fail(byUpload(problem, body.uploadIds))
      // The office may have cancelled it meanwhile: then the page behind is old as well.
      if (problem.status === 409) void refresh()
    },
  })

  const why = notYet(items)
  const submit = () => {
    setPressed(true)
    if (why) return
    const body = { uploadIds: items.flatMap((item) => item.uploadId ?? []), remark: remark.trim() }
    // Sent again, the same delivery has the same key: it then arrives once, however often it is sent.
    const text = JSON.stringify(body)
    if (attempt.current.body !== text) attempt.current = { body: text, key: randomKey() }
    create.mutate({ path: { actionPointId: actionPoint.id }, headers: { 'Idempotency-Key': attempt.current.key }, body })
  }

  const unsaved = items.length > 0 || remark.trim() !== ''
  const close = () => {
    if (create.isPending) return
    if (unsaved && !leaving) setLeaving(true)
    else if (leaving) setLeaving(false)
    else onClose()
  }
  // Back, or another page, asks first; a reload asks in the browser's own words. Signing in again may pass.
  useBlocker({
    shouldBlockFn: ({ next }) => {
      if (next.pathname.endsWith('/login')) return false
      setLeaving(true)
      return true
    },
    disabled: !unsaved,
  })

  return (
    <Sheet
      title={actionPoint.title}
      lead={leadText(actionPoint, dossier)}
      onClose={close}
      footer={
        leaving ? (
          <LeaveQuestion count={items.length} onStay={() => setLeaving(false)} onLeave={onClose} />
        ) : (
          <>
            <div className="foot-note">
              <p className="small muted sees">
                <Icon name="lock-simple" small />
                {whoSees(dossier, office)}
              </p>
              {pressed && why ? (
                <p className="error" role="alert">
                  <Icon name="warning-circle-fill" />
                  {why}
                </p>
              ) : (
                <Mistake error={create.error} />
              )}
              <p className="sr" id={`${id}-why`}>
                {why}
              </p>
            </div>
            <Button
              variant="primary"
              busy={create.isPending}
              aria-disabled={why ? true : undefined}
              aria-describedby={why ? `${id}-why` : undefined}
              onClick={submit}
            >
              {t`Indienen`}
            </Button>
          </>
        )
      }
    >
      {actionPoint.rejection && (
        <Remark by={actionPoint.rejection.byFirstName} at={actionPoint.rejection.at}>
          {reasonText(actionPoint.rejection)}
        </Remark>
      )}
      <Requirements text={actionPoint.explanation} />
      <Chooser
        onChoose={(files) => {
          create.reset()
          setPressed(false)
          uploads.add(files)
        }}
      />
      {uploads.tooMany && (
        <p className="error" role="alert">
          <Icon name="warning-circle-fill" />
          {t`Je kunt ${maxFiles} bestanden tegelijk aanleveren. Voeg pagina’s samen in één pdf, of lever de rest hierna aan.`}
        </p>
      )}
      {items.length > 0 && (
        <ul className="ups" aria-label={t`Gekozen bestanden`}>
          {items.map((item) => (
            <FileLine
              key={item.key}
              item={item}
              onRemove={() => {
                create.reset()
                uploads.remove(item.key)
              }}
              onRetry={() => uploads.retry(item.key)}
            />
          ))}
        </ul>
      )}
      <p className="sr" role="status">
        {spoken(items)}
      </p>
      <div className="field">
        <label htmlFor={`${id}-remark`}>
          {t`Toelichting voor ${dossier.adviser.firstName}`} <span className="opt">{t`mag leeg blijven`}</span>
        </label>
        <textarea
          id={`${id}-remark`}
          className="textarea"
          rows={2}
          maxLength={2000}
          value={remark}
          onChange={(event) => setRemark(event.target.value)}
        />
      </div>
    </Sheet>
  )
}

function leadText(actionPoint: ActionPointSummary, dossier: DossierOverview): string {
  const product = dossier.products.find((one) => one.id === actionPoint.productId)?.name ?? dossier.name
  if (!actionPoint.dueOn) return product
  const due = longDay(actionPoint.dueOn)
  return t`${product}, aanleveren vóór ${due}`
}

function whoSees(dossier: DossierOverview, office: string): string {
  const others = dossier.applicants.filter((one) => !one.isMe).map((one) => one.firstName)
  const all = listOf([...others, t`jij`, office])
  return t`Alleen ${all} zien dit`
}

/** Why it cannot be handed in yet, or nothing. */
function notYet(items: Item[]): string | undefined {
  if (items.length === 0) return t`Kies eerst een bestand, of maak een foto.`
  const failed = items.filter((item) => item.state === 'failed').length
  if (failed > 0) {
    return plural(failed, {
      one: 'Haal eerst het bestand weg dat niet lukte.',
      other: 'Haal eerst de # bestanden weg die niet lukten.',
    })
  }
  const busy = items.filter((item) => item.state !== 'ready').length
  if (busy > 0) return plural(busy, { one: 'Nog # bestand is onderweg.', other: 'Nog # bestanden zijn onderweg.' })
  return undefined
}

/** What a screen reader hears while files come in: a sum, not every percent. */
function spoken(items: Item[]): string {
  if (items.length === 0) return ''
  const ready = items.filter((item) => item.state === 'ready').length
  const total = items.length
  const failed = items.filter((item) => item.state === 'failed')
  return [t`${ready} van ${total} bestanden klaar.`, ...failed.map((item) => `${item.file.name}: ${item.message ?? ''}`)].join(' ')
}

/** The server names an upload by its place in what was sent. */
function byUpload(error: ApiProblem, uploadIds: string[]): Record<string, string> {
  return Object.fromEntries(
    error.errors.flatMap(({ pointer, message }) => {
      const uploadId = uploadIds[Number(/^\/uploadIds\/(\d+)$/.exec(pointer)?.[1] ?? -1)]
      return uploadId ? [[uploadId, message]] : []
    }),
  )
}

function Requirements({ text }: { text: string }) {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^\s*[-*•]\s*/, '').trim())
    .filter(Boolean)
  if (lines.length === 0) return null
  return (
    <ul className="ask" aria-label={t`Hier letten we op`}>
      {lines.map((line) => (
        <li key={line}>
          <Icon name="check-bold" />
          {line}
        </li>
      ))}
    </ul>
  )
}

/** Choosing and photographing; on a desktop files may be dropped anywhere on the sheet. */
function Chooser({ onChoose }: { onChoose: (files: File[]) => void }) {
  const picker = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const choose = useRef(onChoose)
  useEffect(() => {
    choose.current = onChoose
  })
  useEffect(() => {
    // oxlint-disable-next-line lingui/no-unlocalized-strings
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const drag = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      // A file dropped beside the zone would otherwise open in the browser, and the sheet would be gone.
      event.preventDefault()
      setOver(false)
      choose.current([...(event.dataTransfer?.files ?? [])])
    }
    addEventListener('dragover', drag)
    addEventListener('dragleave', leave)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', drag)
      removeEventListener('dragleave', leave)
      removeEventListener('drop', drop)
    }
  }, [])
  const taken = (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])]
    // So that the same file can be chosen once more.
    input.value = ''
    if (files.length > 0) onChoose(files)
  }
  return (
    <div className={over ? 'drop over' : 'drop'}>
      <span className="long">{t`Sleep je bestanden hierheen, of kies zelf`}</span>
      <div className="pick">
        <Button small icon="folder-open" onClick={() => picker.current?.click()}>
          {t`Kies bestand`}
        </Button>
        <span className="shoot">
          <Button small icon="camera" block onClick={() => camera.current?.click()}>
            {t`Maak foto`}
          </Button>
        </span>
      </div>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept={offeredTypes()}
        data-testid="files"
        onChange={(event) => taken(event.target)}
      />
      <input
        ref={camera}
        type="file"
        hidden
        accept="image/*"
        capture="environment"
        data-testid="camera"
        onChange={(event) => taken(event.target)}
      />
      <span>{t`Pdf, foto, Word of Excel, tot 25 MB per bestand`}</span>
    </div>
  )
}

function LeaveQuestion({ count, onStay, onLeave }: { count: number; onStay: () => void; onLeave: () => void }) {
  const stay = useRef<HTMLDivElement>(null)
  useEffect(() => {
    stay.current?.querySelector('button')?.focus()
  }, [])
  return (
    <div className="leave" role="alertdialog" aria-label={t`Sluiten zonder in te dienen?`}>
      <p>
        <b>{t`Sluiten zonder in te dienen?`}</b>{' '}
        {count > 0
          ? plural(count, { one: 'Je bestand wordt dan niet verstuurd.', other: 'Je # bestanden worden dan niet verstuurd.' })
          : t`Je toelichting wordt dan niet bewaard.`}
      </p>
      <div className="btn-row" ref={stay}>
        <Button onClick={onStay}>{t`Verder met aanleveren`}</Button>
        <Button variant="danger" onClick={onLeave}>
          {t`Toch sluiten`}
        </Button>
      </div>
    </div>
  )
}
