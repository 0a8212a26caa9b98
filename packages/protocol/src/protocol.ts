/** The websocket sub-protocol. Its number is the major version: another major is another name. */
export const subprotocol = "blink-streams.v1"

/** A minor only adds. `minMinor` is the oldest whose clients are still served. */
export const version = { major: 1, minor: 0, minMinor: 0 } as const

/**
 * What a server of this minor can do, beside what every server must.
 *
 * `resume`: `since`. `filter`: `filter`. `commands`: `command`, `cancel`. `prompts`: `prompts`, `prompt.answer`.
 * `coalesce`: a slow reader gets the newest `state` instead of each. `state`: `state` frames after each look.
 */
export const capabilities = ["resume", "filter", "commands", "prompts", "coalesce", "state"] as const
export type Capability = (typeof capabilities)[number]
