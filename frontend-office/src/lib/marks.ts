/** The text in pieces, each with whether it is what was searched for; case and accents do not matter. */
export function marks(text: string, query: string): { text: string; hit: boolean }[] {
  const words = query.split(/\s+/).map(plain).filter(Boolean)
  const hit = Array.from({ length: text.length }, () => false)
  const flat = plain(text)
  // Where folding changed the length the places no longer agree: then nothing is marked.
  if (flat.length === text.length) {
    for (const word of words) {
      for (let at = flat.indexOf(word); at >= 0; at = flat.indexOf(word, at + word.length)) hit.fill(true, at, at + word.length)
    }
  }
  const pieces: { text: string; hit: boolean }[] = []
  for (let at = 0; at < text.length; at++) {
    const last = pieces.at(-1)
    if (last && last.hit === hit[at]) last.text += text[at]
    else pieces.push({ text: text[at] ?? '', hit: hit[at] ?? false })
  }
  return pieces
}

const plain = (value: string) =>
  value
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036F]/g, '')
    .toLowerCase()
