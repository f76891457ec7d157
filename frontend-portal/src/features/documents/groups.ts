import { t } from '@lingui/core/macro'
import type { DocumentSummary, DossierOverview } from '#/api/generated/types.gen'

export type DocumentGroup = { key: string; title: string; documents: DocumentSummary[] }

/** What the office gave, per product and then for the whole dossier; below it what was handed in. Who may not open the dossier knows no products. */
export function groupDocuments(documents: DocumentSummary[], dossier: DossierOverview | undefined, office: string): DocumentGroup[] {
  const given = documents.filter((document) => document.origin === 'office')
  const all = dossier?.products ?? []
  const products = new Set(all.map((product) => product.id))
  const perProduct = all.map((product): DocumentGroup => {
    const name = product.name
    return {
      key: product.id,
      title: t`Van ${office}: ${name}`,
      documents: given.filter((document) => document.productId === product.id),
    }
  })
  return [
    ...perProduct,
    {
      key: 'office',
      title: t`Van ${office}`,
      documents: given.filter((document) => !document.productId || !products.has(document.productId)),
    },
    {
      key: 'customer',
      title: dossier && dossier.applicants.length > 1 ? t`Door jullie aangeleverd` : t`Door jou aangeleverd`,
      documents: documents.filter((document) => document.origin === 'customer'),
    },
  ].filter((group) => group.documents.length > 0)
}

const plain = (text: string) =>
  text
    // oxlint-disable-next-line lingui/no-unlocalized-strings
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLocaleLowerCase()

/** Every word somewhere in the title, the file's name or the remark, whatever its accents. */
export function matching(documents: DocumentSummary[], query: string): DocumentSummary[] {
  const words = plain(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return documents
  return documents.filter((document) => {
    const text = plain(`${document.title} ${document.filename} ${document.remark}`)
    return words.every((word) => text.includes(word))
  })
}
