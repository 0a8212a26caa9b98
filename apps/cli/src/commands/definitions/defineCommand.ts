import { Command, InvalidArgumentError, Option } from "commander"
import { type SettingName, parseDuration, settingsTable } from "../../settings/settingsTable.ts"

/** A subcommand with examples under its help. */
export const defineCommand = (
  name: string,
  summary: string,
  examples: ReadonlyArray<readonly [line: string, what: string]>,
): Command => {
  const width = Math.max(...examples.map(([line]) => line.length))
  const lines = examples.map(
    ([line, explanation]) => `  $ blink-streams ${line.padEnd(width)}  ${explanation}`,
  )
  return new Command(name)
    .description(summary)
    .addHelpText("after", lines.length > 0 ? `\nExamples:\n${lines.join("\n")}\n` : "")
}

/** The flags of these settings, and of where and how loudly: what every command takes. */
export const settingOptions = (...names: ReadonlyArray<SettingName>): ReadonlyArray<Option> =>
  [...names, "dir" as const].map((name) => {
    const { flag, placeholder, description, env } = settingsTable[name]
    return new Option(`${flag} <${placeholder}>`, `${description} [${env}]`)
  })

export const withOptions = (target: Command, options: ReadonlyArray<Option>): Command => {
  for (const option of options) target.addOption(option)
  return target
}

export const jsonOption = (): Option => new Option("--json", "print JSON for programs to read")

/** How a command reaches the home: by itself, or as told. */
export const connectOptions = (): ReadonlyArray<Option> => [
  new Option(
    "--connect <url>",
    "use this broadcaster instead of the one that is found on this machine; on another its token is BLINK_STREAMS_TOKEN",
  ),
  new Option("--direct", "ask the cloud itself, even if a broadcaster runs").conflicts("connect"),
  new Option("--account <name>", "which saved account, when there are several"),
  ...settingOptions("port", "dialect", "apiUrl", "oauthUrl"),
]

/** Which saved account, and where its cloud is: for commands that always ask the cloud itself. */
export const accountOptions = (): ReadonlyArray<Option> => [
  new Option("--account <name>", "which saved account, when there are several"),
  ...settingOptions("dialect", "apiUrl", "oauthUrl"),
]

export const parseWholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("expected a whole number.")
  return Number(text)
}

/** A number of things: none of them is nothing to ask for. */
export const parseCount = (text: string): number => {
  const value = parseWholeNumber(text)
  if (value === 0) throw new InvalidArgumentError("expected a whole number above 0.")
  return value
}

export const parsePortNumber = (text: string): number => {
  const value = settingsTable.port.parse(text)
  if (value === null) throw new InvalidArgumentError(`expected ${settingsTable.port.expected}.`)
  return value
}

export const parsePositiveNumber = (text: string): number => {
  const value = Number(text)
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("expected a number above 0.")
  return value
}

/** Milliseconds. */
export const parseDurationOption = (text: string): number => {
  const value = parseDuration(text)
  if (value === null) throw new InvalidArgumentError("expected a duration such as 30s or 2 minutes.")
  return value
}

/** Milliseconds since the epoch, of a date or of a duration that ended now. */
export const parseInstant = (text: string): number => {
  const ageMillis = parseDuration(text)
  const value = ageMillis === null ? Date.parse(text) : Date.now() - ageMillis
  if (Number.isNaN(value)) throw new InvalidArgumentError("expected a date or a duration such as 2d.")
  return value
}
