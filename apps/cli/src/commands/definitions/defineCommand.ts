import { Command, InvalidArgumentError, Option } from "commander"
import { type SettingName, parseDuration, settingsTable } from "../../settings/settingsTable.ts"

/** Creates a subcommand with examples below its help. */
export const defineCommand = (
  name: string,
  summary: string,
  examples: ReadonlyArray<readonly [line: string, explanation: string]>,
): Command => {
  const width = Math.max(...examples.map(([line]) => line.length))
  const lines = examples.map(
    ([line, explanation]) => `  $ blink-streams ${line.padEnd(width)}  # ${explanation}`,
  )
  return new Command(name)
    .description(summary)
    .addHelpText("after", lines.length > 0 ? `\nExamples:\n${lines.join("\n")}\n` : "")
}

/** Flags of the given settings, and `--dir`. */
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

/** Options of commands that connect to a broadcaster. */
export const connectOptions = (): ReadonlyArray<Option> => [
  new Option(
    "--connect <url>",
    "connect to this broadcaster instead of the one on this machine; the token for another machine is BLINK_STREAMS_TOKEN",
  ),
  new Option("--direct", "connect to the cloud directly, even if a broadcaster is running").conflicts(
    "connect",
  ),
  new Option("--account <name>", "saved account to use when there are several"),
  ...settingOptions("port", "dialect", "apiUrl", "oauthUrl"),
]

/** Options of commands that always connect to the cloud directly. */
export const accountOptions = (): ReadonlyArray<Option> => [
  new Option("--account <name>", "saved account to use when there are several"),
  ...settingOptions("dialect", "apiUrl", "oauthUrl"),
]

export const parseWholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("expected a whole number.")
  return Number(text)
}

/** A whole number above 0. */
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

/** Parses a duration to milliseconds. */
export const parseDurationOption = (text: string): number => {
  const value = parseDuration(text)
  if (value === null) throw new InvalidArgumentError("expected a duration such as 30s or 2 minutes.")
  return value
}

/** Parses a date, or a duration before now, to milliseconds since the epoch. */
export const parseInstant = (text: string): number => {
  const ageMillis = parseDuration(text)
  const value = ageMillis === null ? Date.parse(text) : Date.now() - ageMillis
  if (Number.isNaN(value)) throw new InvalidArgumentError("expected a date or a duration such as 2d.")
  return value
}
