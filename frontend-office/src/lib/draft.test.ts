import { describe, expect, it } from 'vitest'
import { rebase } from './draft'

const opened = { name: 'De Wit', subject: '', phase: 'intake', facts: [{ label: 'Koopsom', value: '1' }] }

describe('rebase', () => {
  it('keeps what was typed and takes what the colleague changed elsewhere', () => {
    expect(rebase(opened, { ...opened, subject: 'het huis' }, { ...opened, phase: 'advice' })).toEqual({
      draft: { ...opened, subject: 'het huis', phase: 'advice' },
      clashes: [],
    })
  })
  it('names the field that both changed, and keeps what was typed there', () => {
    const merged = rebase(opened, { ...opened, name: 'De Wit en Timmer' }, { ...opened, name: 'Timmer' })
    expect(merged).toEqual({ draft: { ...opened, name: 'De Wit en Timmer' }, clashes: ['name'] })
  })
  it('sees no clash where both made the same change, nor in equal lists', () => {
    const same = { ...opened, name: 'Timmer', facts: [{ label: 'Koopsom', value: '1' }] }
    expect(rebase(opened, same, { ...same })).toEqual({ draft: same, clashes: [] })
  })
})
