import { t } from '@lingui/core/macro'
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components/Table'
import type { Document } from '#/api/generated/types.gen'
import { FileMark } from '#/components/FileMark'
import { Icon } from '#/components/Icon'
import { Menu } from '#/components/Menu'
import { shortDay } from '#/lib/dates'
import { contentUrl } from '#/lib/files'
import { fileSize } from '#/lib/text'
import type { DocumentAct } from './acts'
import { KeyButton } from './KeyButton'

export function DocumentsTable({
  documents,
  mayWrite,
  closed,
  onShow,
  onAct,
}: {
  documents: Document[]
  mayWrite: boolean
  /** Nothing new is shared from a closed dossier; taking back stays possible. */
  closed: boolean
  onShow: (document: Document, visible: boolean) => void
  onAct: (act: DocumentAct) => void
}) {
  return (
    <Table className="grid" aria-label={t`Documenten`}>
      <TableHeader>
        <Column isRowHeader>{t`Document`}</Column>
        <Column>{t`Soort`}</Column>
        <Column>{t`Van`}</Column>
        <Column>{t`Datum`}</Column>
        <Column className="num">{t`Grootte`}</Column>
        <Column>{t`In portaal`}</Column>
        <Column>{t`Wie ziet het`}</Column>
        <Column>
          <span className="sr">{t`Acties`}</span>
        </Column>
      </TableHeader>
      <TableBody>
        {documents.map((document) => (
          <Row key={document.id} id={document.id} textValue={document.title}>
            <Cell className="lead">
              <span className="cellrow">
                <FileMark mediaType={document.mediaType} filename={document.filename} />
                <button type="button" className="linkish" onClick={() => onAct({ what: 'view', document })}>
                  {document.title}
                </button>
              </span>
              {document.remark && <span className="sub">{document.remark}</span>}
            </Cell>
            <Cell className="muted" data-label={t`Soort`}>
              {document.origin === 'customer' ? t`Van de klant` : t`Van kantoor`}
            </Cell>
            <Cell className="muted" data-label={t`Van`}>
              {document.uploadedByName}
            </Cell>
            <Cell className="muted" data-label={t`Datum`}>
              {shortDay(document.createdAt)}
            </Cell>
            <Cell className="muted num" data-label={t`Grootte`}>
              {fileSize(document.size)}
            </Cell>
            <Cell data-label={t`In portaal`}>
              <input
                type="checkbox"
                role="switch"
                aria-checked={document.visible}
                className="switch"
                aria-label={t`${document.title} tonen in portaal`}
                checked={document.visible}
                disabled={!mayWrite || (closed && !document.visible)}
                onChange={(event) => onShow(document, event.target.checked)}
              />
            </Cell>
            <Cell data-label={t`Wie ziet het`}>
              <KeyButton document={document} mayWrite={mayWrite} />
            </Cell>
            <Cell className="num">
              <Menu
                label={t`Meer voor ${document.title}`}
                entries={[
                  { id: 'view', label: t`Bekijken`, icon: 'eye', run: () => onAct({ what: 'view', document }) },
                  { id: 'download', label: t`Download`, icon: 'download-simple', run: () => location.assign(contentUrl(document.id)) },
                  ...(mayWrite
                    ? [
                        {
                          id: 'edit',
                          label: t`Naam en opmerking`,
                          icon: 'pencil-simple' as const,
                          run: () => onAct({ what: 'edit', document }),
                        },
                        {
                          id: 'archive',
                          label: t`Weghalen`,
                          icon: 'trash' as const,
                          danger: true,
                          run: () => onAct({ what: 'archive', document }),
                        },
                      ]
                    : []),
                ]}
              >
                <Icon name="dots-three" />
              </Menu>
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  )
}
