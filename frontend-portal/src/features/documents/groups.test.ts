import { describe, expect, it } from 'vitest'
import type { DocumentSummary, DossierOverview } from '#/api/generated/types.gen'
import { groupDocuments, matching } from './groups'

const document = (id: string, more: Partial<DocumentSummary>): DocumentSummary => ({
  id,
  dossierId: 'd-1',
  title: id,
  filename: `${id}.pdf`,
  mediaType: 'application/pdf',
  size: 1,
  createdAt: '2026-05-15T09:00:00Z',
  origin: 'office',
  remark: '',
  ...more,
})
const dossier = { products: [{ id: 'p-1', name: 'Hypotheek' }], applicants: [{}, {}] } as unknown as DossierOverview

describe('groupDocuments', () => {
  it('puts what the office gave per product before what was handed in, and leaves out what is empty', () => {
    const groups = groupDocuments(
      [document('eigen', { origin: 'customer', productId: 'p-1' }), document('gids', {}), document('rapport', { productId: 'p-1' })],
      dossier,
      'Brugwachter',
    )
    expect(groups.map((group) => [group.title, group.documents.map((one) => one.id)])).toEqual([
      ['Van Brugwachter: Hypotheek', ['rapport']],
      ['Van Brugwachter', ['gids']],
      ['Door jullie aangeleverd', ['eigen']],
    ])
    expect(groupDocuments([], dossier, 'Brugwachter')).toEqual([])
  })
})

describe('matching', () => {
  it('finds every word in the title, the name or the remark, without minding accents or case', () => {
    const all = [document('Renteaanbod', { remark: 'Op bladzijde één' }), document('Taxatie', {})]
    expect(matching(all, 'RENTE een').map((one) => one.id)).toEqual(['Renteaanbod'])
    expect(matching(all, 'rente twee')).toEqual([])
    expect(matching(all, '  ')).toBe(all)
  })
})
