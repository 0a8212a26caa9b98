import { createMemo } from "solid-js"
import { ticks } from "../words/ticks.ts"

const cells = 144

/** The last hours of one camera as a ribbon: one mark for every ten minutes in which something moved. */
export const Ribbon = (props: {
  readonly times: ReadonlyArray<number>
  readonly until: number
  readonly spanMs: number
}) => {
  const marks = createMemo(() => ticks(props.times, props.until - props.spanMs, props.until, cells))
  const hours = () => Math.round(props.spanMs / 3_600_000)
  return (
    <svg
      class="ribbon"
      viewBox={`0 0 ${cells} 10`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Activity in ${marks().length} of the last ${cells} ten-minute spans (${hours()} hours)`}
    >
      <path class="ribbon-grid" d="M36 0v10M72 0v10M108 0v10" />
      <path
        class="ribbon-marks"
        d={marks()
          .map((cell) => `M${cell + 0.5} 0v10`)
          .join("")}
      />
    </svg>
  )
}
