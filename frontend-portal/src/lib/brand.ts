/** One colour of the office; every other colour of the brand is derived from it in tokens.css. */
export function applyBrand(colour: string) {
  document.documentElement.dataset['brand'] = ''
  document.documentElement.style.setProperty('--brand', colour)
}
