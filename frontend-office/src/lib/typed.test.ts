import { afterEach, beforeAll, expect, it } from 'vitest'
import { hasTyped, noticeTyping } from './typed'

beforeAll(noticeTyping)
afterEach(() => document.body.replaceChildren())

function type(html: string, value: string) {
  document.body.innerHTML = html
  const field = document.querySelector<HTMLInputElement>('input, textarea')
  if (!field) throw new Error('no field')
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
  return field
}

it('notices what would be lost, as long as it stands on the screen', () => {
  expect(hasTyped()).toBe(false)
  const field = type('<textarea></textarea>', 'De datum is niet te lezen.')
  expect(hasTyped()).toBe(true)
  field.value = ''
  expect(hasTyped()).toBe(false)
  field.value = 'weer'
  field.remove()
  expect(hasTyped()).toBe(false)
})

it.each([
  ['searching', '<input type="search">'],
  ['filtering', '<div class="filters"><input></div>'],
  ['a password', '<input type="password">'],
])('%s is nothing to keep', (_, html) => {
  type(html, 'iets')
  expect(hasTyped()).toBe(false)
})
