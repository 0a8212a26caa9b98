import type { SessionState } from "@blink-streams/model"

/** Steps on the way to another state: they are shown, but they are no news and nothing to ask about. */
export const isTransient = ({ state }: SessionState): boolean =>
  state === "authorizing" || state === "renewing"
