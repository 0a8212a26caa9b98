import type { ArmState } from "@blink-streams/model"

export const armLabels: Readonly<Record<ArmState, { readonly glyph: string; readonly text: string }>> = {
  armed: { glyph: "■", text: "Armed" },
  disarmed: { glyph: "□", text: "Disarmed" },
  arming: { glyph: "◧", text: "Arming" },
  disarming: { glyph: "◨", text: "Disarming" },
  unknown: { glyph: "?", text: "Unknown" },
}
