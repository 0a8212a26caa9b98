import { createMemo } from "solid-js"
import { occupiedBuckets } from "../../format/occupiedBuckets.ts"

const bucketCount = 144
const bucketMs = 600_000

/** Activity of one camera in the last 24 hours: one mark per 10 minutes with motion or a doorbell press. */
export const ActivitySparkline = (props: { readonly times: ReadonlyArray<number>; readonly now: number }) => {
  // Changes every 10 minutes only, so that hundreds of sparklines are not rendered with every tick of `now`.
  const until = createMemo(() => Math.ceil(props.now / bucketMs) * bucketMs)
  const marks = createMemo(() =>
    occupiedBuckets(props.times, until() - bucketCount * bucketMs, until(), bucketCount),
  )
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${bucketCount} 10`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Activity in ${marks().length} of the last ${bucketCount} ten-minute intervals`}
    >
      <path class="sparkline-grid" d="M36 0v10M72 0v10M108 0v10" />
      <path
        class="sparkline-marks"
        d={marks()
          .map((bucket) => `M${bucket + 0.5} 0v10`)
          .join("")}
      />
    </svg>
  )
}
