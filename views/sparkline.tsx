interface Point {
  /** `2026-11-21`. */
  day: string
  value: number
}

const width = 96
const height = 24

/** A number over time in one line of text; the words beside it say the same. */
export const Sparkline = ({ points, label }: { points: readonly Point[]; label: string }) => {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || points.length < 2) return null
  const text = `${label}: ${first.value} on ${first.day}, ${last.value} on ${last.day}`
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={text}
    >
      <polyline points={pathOf(points)} fill="none" stroke="currentColor" stroke-width="1.5" />
    </svg>
  )
}

function pathOf(points: readonly Point[]): string {
  const values = points.map(({ value }) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const x = (i: number) => 1 + (i / (points.length - 1)) * (width - 2)
  const y = (value: number) => height - 2 - ((value - low) / (high - low || 1)) * (height - 4)
  return values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
}
