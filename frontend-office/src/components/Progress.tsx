/** The share of handled action points as a ring; the number always stands beside it. */
export function Ring({ percent, size = 18 }: { percent: number; size?: number }) {
  const width = size >= 22 ? 3.5 : 3
  const radius = (size - width) / 2
  const round = 2 * Math.PI * radius
  const middle = size / 2
  return (
    <svg className="ring" width={size} height={size} viewBox={`0 0 ${size} ${size}`} aria-hidden="true" focusable="false">
      <circle cx={middle} cy={middle} r={radius} className="ring-bg" strokeWidth={width} />
      {percent > 0 && (
        <circle
          cx={middle}
          cy={middle}
          r={radius}
          className="ring-fg"
          strokeWidth={width}
          strokeDasharray={`${(round * percent) / 100} ${round}`}
          transform={`rotate(-90 ${middle} ${middle})`}
        />
      )}
    </svg>
  )
}

export function Bar({ percent }: { percent: number }) {
  return (
    <div className="bar" aria-hidden="true">
      <span style={{ width: `${percent}%` }} />
    </div>
  )
}
