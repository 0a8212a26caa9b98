/** One setting: its flag, environment variable and key in `blink-streams.json`, and how its value is parsed. */
export interface Setting<A> {
  readonly flag: string
  readonly env: string
  /** Key in `blink-streams.json`. `dir` has no effect there because the file lies in that folder. */
  readonly key: string
  /** Name of the flag's value in the help. */
  readonly placeholder: string
  readonly description: string
  /** Describes valid values: printed after "expected" when a value is invalid. */
  readonly expected: string
  readonly schema: Readonly<Record<string, unknown>>
  /** Returns `null` when `text` is invalid. */
  readonly parse: (text: string) => A | null
}

const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  second: 1_000,
  m: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
}

/** Parses `90s`, `2 minutes` or `1.5 h` to milliseconds; returns `null` when `text` is not a duration. */
export const parseDuration = (text: string): number | null => {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text.trim().toLowerCase())
  const unit = match && (durationUnits[match[2]!] ?? durationUnits[match[2]!.replace(/s$/, "")])
  return match && unit !== undefined && unit !== null ? Math.round(Number(match[1]) * unit) : null
}

const parseChoice =
  <const Choices extends ReadonlyArray<string>>(...choices: Choices) =>
  (text: string): Choices[number] | null =>
    choices.find((choice) => choice === text) ?? null

const parsePort = (text: string): number | null =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : null

const parseHttpUrl = (text: string): string | null => {
  // `{tier}` is not valid in a URL, the tier that replaces it is.
  const address = URL.parse(text.replace("{tier}", "tier"))
  return address?.protocol === "http:" || address?.protocol === "https:" ? text.replace(/\/+$/, "") : null
}

const parseNonEmpty = (text: string): string | null => (text.trim() === "" ? null : text)

const stringSchema = { type: "string" }

export const settingsTable = {
  dir: {
    flag: "--dir",
    env: "BLINK_STREAMS_DIR",
    key: "dir",
    placeholder: "folder",
    description: "sessions, event log and configuration",
    expected: "a folder",
    schema: stringSchema,
    parse: parseNonEmpty,
  },
  dialect: {
    flag: "--dialect",
    env: "BLINK_DIALECT",
    key: "dialect",
    placeholder: "name",
    description: "API of the cloud: oauth (current) or legacy (TOKEN_AUTH)",
    expected: "oauth or legacy",
    schema: { enum: ["oauth", "legacy"] },
    parse: parseChoice("oauth", "legacy"),
  },
  apiUrl: {
    flag: "--api-url",
    env: "BLINK_API_URL",
    key: "apiUrl",
    placeholder: "url",
    description: "base URL of the cloud's API; {tier} is replaced by the account's tier",
    expected: "an http or https URL",
    schema: stringSchema,
    parse: parseHttpUrl,
  },
  oauthUrl: {
    flag: "--oauth-url",
    env: "BLINK_OAUTH_URL",
    key: "oauthUrl",
    placeholder: "url",
    description: "base URL of the cloud's sign-in",
    expected: "an http or https URL",
    schema: stringSchema,
    parse: parseHttpUrl,
  },
  host: {
    flag: "--host",
    env: "BLINK_STREAMS_HOST",
    key: "host",
    placeholder: "name",
    description: "host name or address on which the broadcaster listens",
    expected: "a host name or an address",
    schema: stringSchema,
    parse: parseNonEmpty,
  },
  port: {
    flag: "--port",
    env: "BLINK_STREAMS_PORT",
    key: "port",
    placeholder: "n",
    description: "port of the broadcaster",
    expected: "a number from 0 to 65535",
    schema: { type: "integer", minimum: 0, maximum: 65_535 },
    parse: parsePort,
  },
  stateInterval: {
    flag: "--state-interval",
    env: "BLINK_STATE_INTERVAL",
    key: "stateInterval",
    placeholder: "time",
    description:
      "interval between two polls of the systems and cameras; at least 30 s unless the cloud runs on this machine",
    expected: "a duration such as 60 seconds",
    schema: stringSchema,
    parse: parseDuration,
  },
  clipInterval: {
    flag: "--clip-interval",
    env: "BLINK_CLIP_INTERVAL",
    key: "clipInterval",
    placeholder: "time",
    description:
      "interval between two polls of the clips; at least 15 s unless the cloud runs on this machine",
    expected: "a duration such as 20 seconds",
    schema: stringSchema,
    parse: parseDuration,
  },
  logLevel: {
    flag: "--log-level",
    env: "BLINK_LOG_LEVEL",
    key: "logLevel",
    placeholder: "level",
    description: "lowest level of log messages",
    expected: "debug, info, warn, error or none",
    schema: { enum: ["debug", "info", "warn", "error", "none"] },
    parse: parseChoice("debug", "info", "warn", "error", "none"),
  },
  logFormat: {
    flag: "--log-format",
    env: "BLINK_LOG_FORMAT",
    key: "logFormat",
    placeholder: "format",
    description: "format of log messages",
    expected: "pretty or json",
    schema: { enum: ["pretty", "json"] },
    parse: parseChoice("pretty", "json"),
  },
} as const satisfies Readonly<Record<string, Setting<string | number>>>

/** Settings that `blink-streams.json` may contain. */
export const fileSettings = Object.values(settingsTable).filter(({ key }) => key !== "dir")

export type SettingName = keyof typeof settingsTable
