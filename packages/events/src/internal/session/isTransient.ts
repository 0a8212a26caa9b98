import type { SessionState } from "@blink-streams/model"

/** True for a state on the way to another: it is shown, but causes no event and no prompt. */
export const isTransient = ({ state }: SessionState): boolean =>
  state === "authorizing" || state === "renewing"
