import { Command } from "../../Command.ts"

/** True for the commands whose effect is the arm state of a network. */
export const isArmCommand = Command.isAnyOf(["arm", "disarm"])
