import { encode } from 'uqr'

/** A QR code, drawn here: what it says never leaves the browser. Dark on white in either theme, as scanners want it. */
export function Qr({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: 3 })
  // oxlint-disable-next-line lingui/no-unlocalized-strings -- a path, no words
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#10201e" />
    </svg>
  )
}
