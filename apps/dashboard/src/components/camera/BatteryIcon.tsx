const cells = [0, 1, 2] as const

/** A battery with 0 to 3 lit cells; dashed when the level is unknown. Decorative: the label beside it has the text. */
export const BatteryIcon = (props: { readonly bars: number | null }) => (
  <svg
    class="battery"
    viewBox="0 0 20 11"
    aria-hidden="true"
    data-unknown={props.bars === null ? "" : undefined}
  >
    <path class="battery-case" d="M1 1h15.5v9H1Z M18.5 4v3" />
    <path
      class="battery-cells"
      d={cells
        .slice(0, props.bars ?? 0)
        .map((cell) => `M${4.3 + cell * 4.5} 3v5`)
        .join("")}
    />
  </svg>
)
