import { Command } from "@blink-streams/core"
import type { ArmState, EventOf } from "@blink-streams/model"

export type CommandStatus = EventOf<"command.progress">["data"]["status"]

export const isArmCommand = Command.isAnyOf(["arm", "disarm"])

const armStates = {
  arm: { transitional: "arming", final: "armed" },
  disarm: { transitional: "disarming", final: "disarmed" },
} as const

/**
 * Returns the arm state that a status implies; `null` for none. The state changes only after acceptance: a busy sync
 * module may never accept the command.
 */
export const impliedArmState = (
  name: keyof typeof armStates,
  status: CommandStatus,
  accepted: boolean,
): ArmState | null => {
  switch (status) {
    case "failed":
      return null
    case "done":
      return armStates[name].final
    case "queued":
    case "accepted":
    case "running":
    case "verifying":
      return accepted ? armStates[name].transitional : null
    default:
      return status satisfies never
  }
}
