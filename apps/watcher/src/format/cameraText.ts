import type { CameraState } from "@blink-streams/model"

const barGlyphs = "▁▃▅▆█"

/** Signal bars (0–5) as rising blocks, missing bars as dots; `–` for `null`. */
export const barsText = (bars: number | null): string =>
  bars === null ? "–" : barGlyphs.slice(0, bars) + "·".repeat(Math.max(0, 5 - bars))

export const batteryText = ({ battery, batteryBars }: CameraState): string =>
  battery === "mains"
    ? "mains"
    : battery === "unknown"
      ? "?"
      : `${batteryBars === null ? "" : `${"▮".repeat(batteryBars)}${"▯".repeat(Math.max(0, 3 - batteryBars))} `}${battery}`
