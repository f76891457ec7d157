import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { listActionPointTemplatesOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Draft, ProductDraft } from './draft'

/** What is usually asked for a product, to tick at once. */
export function FirstPoints({
  product,
  picked,
  onChange,
}: {
  product: ProductDraft
  picked: Draft['picked']
  onChange: (next: Draft['picked']) => void
}) {
  const templates = useQuery(listActionPointTemplatesOptions({ query: { productKind: product.kind } }))
  const usual = templates.data?.items ?? []
  if (usual.length === 0) return null
  const isPicked = (id: string) => picked.some((one) => one.productKey === product.key && one.templateId === id)
  return (
    <fieldset>
      <legend className="label">{t`Vaak gevraagd bij ${product.name}`}</legend>
      <div className="picks">
        {usual.map((template) => (
          <label key={template.id} className="check">
            <input
              type="checkbox"
              checked={isPicked(template.id)}
              onChange={(event) =>
                onChange(
                  event.target.checked
                    ? [
                        ...picked,
                        { productKey: product.key, templateId: template.id, title: template.title, explanation: template.explanation },
                      ]
                    : picked.filter((one) => one.productKey !== product.key || one.templateId !== template.id),
                )
              }
            />
            <b>{template.title}</b>
            {template.explanation && <span className="hint">{template.explanation}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
