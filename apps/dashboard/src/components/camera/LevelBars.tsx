/** A level as bars; an unknown level is dashed, not empty. */
export const LevelBars = (props: {
  readonly value: number | null
  readonly max: number
  readonly label: string
}) => {
  const indexes = () => Array.from({ length: props.max }, (_, index) => index)
  const path = (from: number, to: number) =>
    indexes()
      .slice(from, to)
      .map((index) => `M${index * 4 + 1.5} 10v-${2 + ((index + 1) * 8) / props.max}`)
      .join("")
  const text = () =>
    props.value === null ? `${props.label} unknown` : `${props.label} ${props.value} of ${props.max}`
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${props.max * 4} 10`}
      role="img"
      aria-label={text()}
      data-unknown={props.value === null ? "" : undefined}
    >
      <path class="bars-rest" d={path(props.value ?? 0, props.max)} />
      <path class="bars-lit" d={path(0, props.value ?? 0)} />
    </svg>
  )
}
