/** Websocket subprotocol. The number is the major version; another major version has another name. */
export const subprotocol = "blink-streams.v1"

/** Protocol version. A minor version only adds. `minMinor` is the oldest supported minor version. */
export const version = { major: 1, minor: 0, minMinor: 0 } as const

/**
 * Optional features of a server of this minor version.
 *
 * `resume`: `since`. `filter`: `filter`. `commands`: `command`, `cancel`. `prompts`: `prompts`, `prompt.submit`.
 * `coalesce`: a slow client gets only the newest `state`. `state`: `state` messages after each poll.
 */
export const capabilities = ["resume", "filter", "commands", "prompts", "coalesce", "state"] as const
