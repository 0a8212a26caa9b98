import { createMemo } from "solid-js"
import { occupiedBuckets } from "../../format/occupiedBuckets.ts"

const bucketCount = 144
const bucketMs = 600_000

/** The last 24 hours of one camera as a ribbon: one mark for every ten minutes in which something moved. */
export const ActivitySparkline = (props: { readonly times: ReadonlyArray<number>; readonly now: number }) => {
  // It moves on once in ten minutes: hundreds of ribbons are not drawn anew with each tick of the clock.
  const until = createMemo(() => Math.ceil(props.now / bucketMs) * bucketMs)
  const marks = createMemo(() =>
    occupiedBuckets(props.times, until() - bucketCount * bucketMs, until(), bucketCount),
  )
  return (
    <svg
      class="ribbon"
      viewBox={`0 0 ${bucketCount} 10`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Activity in ${marks().length} of the last ${bucketCount} ten-minute spans`}
    >
      <path class="ribbon-grid" d="M36 0v10M72 0v10M108 0v10" />
      <path
        class="ribbon-marks"
        d={marks()
          .map((bucket) => `M${bucket + 0.5} 0v10`)
          .join("")}
      />
    </svg>
  )
}
