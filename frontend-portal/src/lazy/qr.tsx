import { encode } from 'uqr'

/** A QR code: dark on white whatever the theme, since not every camera reads it the other way round. */
export default function Qr({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 0 })
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? square(x, y) : ''))).join('')
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={path} fill="#10201e" />
    </svg>
  )
}

// oxlint-disable-next-line lingui/no-unlocalized-strings
const square = (x: number, y: number) => `M${x} ${y}h1v1h-1z`
