/**
 * How a password that is being typed comes along: how many characters are still to go, or whether it is easily guessed as far as can be
 * seen here. The server knows which ones are common and has the last word.
 */
export type Strength = { left: number } | 'guessable' | 'enough' | 'strong'

export function strengthOf(password: string, minimum: number, own: string[] = []): Strength {
  const signs = [...password.toLowerCase()]
  if (signs.length < minimum) return { left: minimum - signs.length }
  const bare = own
    .flatMap((word) => word.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word.length > 3)
    .reduce((rest, word) => rest.replaceAll(word, ''), signs.join(''))
  // What follows the sign before it, up or down or the same, adds nothing: "aaaa", "1234", "dcba".
  const codes = [...bare].map((sign) => sign.codePointAt(0) ?? 0)
  const steps = codes.filter((code, at) => at === 0 || Math.abs(code - (codes[at - 1] ?? 0)) > 1)
  if (new Set(bare).size < 5 || steps.length < minimum / 2) return 'guessable'
  return signs.length >= minimum + 6 && steps.length > minimum ? 'strong' : 'enough'
}
