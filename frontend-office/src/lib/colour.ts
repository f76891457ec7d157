/** A colour as the API takes it: "#2b4a9b". Accepts what people paste; anything else is undefined. */
export function parseColour(text: string): string | undefined {
  const hex = text.trim().toLowerCase().replace(/^#?/, '')
  if (/^[0-9a-f]{6}$/.test(hex)) return `#${hex}`
  if (/^[0-9a-f]{3}$/.test(hex)) return `#${[...hex].map((digit) => digit + digit).join('')}`
  return undefined
}

const channel = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

/** OKLab lightness, which the design's rules for buttons are written in. */
export function lightness(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => channel(Number.parseInt(colour.slice(at, at + 2), 16) / 255))
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s
}

/** Which of the three bands of the design a colour falls in: used as given, darkened, or with dark text. */
export function buttonBand(colour: string): 'as-given' | 'darkened' | 'dark-text' {
  const l = lightness(colour)
  if (l <= 0.535) return 'as-given'
  return l < 0.72 ? 'darkened' : 'dark-text'
}
