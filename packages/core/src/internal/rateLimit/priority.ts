import type { Priority } from "../../Priority.ts"

/** Priorities, the highest first. */
export const priorities: ReadonlyArray<Priority> = ["followUp", "command", "poll", "media", "housekeeping"]

/** Share of the hourly budget that must remain for requests of higher priority. */
export const reserveShare: Readonly<Record<Exclude<Priority, "followUp">, number>> = {
  command: 0,
  poll: 0.1,
  media: 0.2,
  housekeeping: 0.3,
}

/**
 * Priorities that are sent while the circuit is open: a user waits for the result, and a response closes the
 * circuit.
 */
export const bypassesCircuit: ReadonlySet<Priority> = new Set(["followUp", "command"])
