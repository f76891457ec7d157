import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { DropZone } from 'react-aria-components/DropZone'
import { FileTrigger } from 'react-aria-components/FileTrigger'
import { Button as AriaButton } from 'react-aria-components/Button'
import { createDocumentFromUploadMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Dossier } from '#/api/generated/types.gen'
import { Button, IconButton } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { SelectField, TextArea, TextField } from '#/components/Field'
import { FileMark } from '#/components/FileMark'
import { Icon } from '#/components/Icon'
import { Bar } from '#/components/Progress'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { fileSize } from '#/lib/text'
import { acceptedTypes } from '#/lib/upload'
import { useOneUpload } from './useOneUpload'

/** One document from the office: drop it, name it, and decide whether the customer sees it. */
export function UploadDialog({ dossier, onClose }: { dossier: Dossier; onClose: () => void }) {
  const queryClient = useQueryClient()
  const upload = useOneUpload()
  const [title, setTitle] = useState('')
  const [remark, setRemark] = useState('')
  const [productId, setProductId] = useState('')
  const [visible, setVisible] = useState(false)
  const create = useMutation({
    ...createDocumentFromUploadMutation(),
    onSuccess: () => {
      toast(t`Document toegevoegd`)
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  const choose = (file: File | undefined) => {
    if (!file) return
    setTitle(file.name.replace(/\.[^.]+$/, ''))
    create.reset()
    upload.start(file)
  }
  const { file, percent, uploadId, mistake } = upload
  return (
    <Dialog
      title={t`Document toevoegen`}
      isOpen
      onClose={() => {
        upload.clear()
        onClose()
      }}
      wide
    >
      <div className="dialog-body">
        {file ? (
          <div className="rows">
            <div className="rrow upload-line">
              <FileMark mediaType={file.type} filename={file.name} />
              <div>
                <b>{file.name}</b>
                <p role="status">{mistake ?? (uploadId ? t`${fileSize(file.size)}, klaar` : t`${percent}% van ${fileSize(file.size)}`)}</p>
              </div>
              <IconButton icon="x" label={t`Ander bestand`} small onClick={upload.clear} />
              {!uploadId && !mistake && <Bar percent={percent} />}
            </div>
          </div>
        ) : (
          <DropZone
            className="drop"
            aria-label={t`Sleep een bestand hierheen`}
            onDrop={(event) => {
              const item = event.items.find((one) => one.kind === 'file')
              if (item?.kind === 'file') void item.getFile().then(choose)
            }}
          >
            <Icon name="upload-simple" />
            <p>{t`Sleep een bestand hierheen, of`}</p>
            <FileTrigger acceptedFileTypes={acceptedTypes.split(',')} onSelect={(files) => choose(files?.[0])}>
              <AriaButton className="btn btn-secondary">{t`Kies een bestand`}</AriaButton>
            </FileTrigger>
            <p className="hint">{t`PDF, foto, Word of Excel, hoogstens 25 MB.`}</p>
          </DropZone>
        )}
        {mistake && (
          <p className="error" role="alert">
            <Icon name="warning-circle-fill" />
            {mistake}
          </p>
        )}
        <div className="pair">
          <TextField label={t`Naam`} maxLength={200} value={title} onChange={(event) => setTitle(event.target.value)} />
          <SelectField
            label={t`Product`}
            value={productId}
            onChange={(event) => setProductId(event.target.value)}
            options={[
              { value: '', label: t`Hele dossier` },
              ...dossier.products.map((product) => ({ value: product.id, label: product.name })),
            ]}
          />
        </div>
        <TextArea
          label={t`Opmerking`}
          optional
          rows={2}
          maxLength={2000}
          value={remark}
          onChange={(event) => setRemark(event.target.value)}
        />
        <label className="check">
          <input type="checkbox" checked={visible} onChange={(event) => setVisible(event.target.checked)} />
          <span>{t`Tonen in het portaal`}</span>
          <span className="hint">{t`De klant ziet het document meteen, met je opmerking erbij.`}</span>
        </label>
        <Mistake error={create.error} />
      </div>
      <footer>
        <Button
          variant="quiet"
          onClick={() => {
            upload.clear()
            onClose()
          }}
        >
          {t`Annuleer`}
        </Button>
        <Button
          variant="primary"
          busy={create.isPending}
          disabled={!uploadId}
          onClick={() =>
            uploadId &&
            create.mutate({
              path: { dossierId: dossier.id },
              body: { uploadId, title: title.trim(), remark: remark.trim(), visible, ...(productId ? { productId } : {}) },
            })
          }
        >
          {t`Toevoegen`}
        </Button>
      </footer>
    </Dialog>
  )
}
