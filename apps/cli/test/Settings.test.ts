import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { defaultStateFolder, readSecret, resolveSettings } from "../src/settings/Settings.ts"
import { parseDuration } from "../src/settings/settingsTable.ts"

const folder = (file?: string): string => {
  const dir = mkdtempSync(join(tmpdir(), "blink-streams-settings-"))
  if (file !== undefined) writeFileSync(join(dir, "blink-streams.json"), file)
  return dir
}

it("A flag overrides the environment, which overrides blink-streams.json, which overrides the default", () => {
  const dir = folder('{"port": 1003, "host": "files", "dialect": "legacy"}')
  const environment = { BLINK_STREAMS_PORT: "1002", BLINK_STREAMS_HOST: "env" }
  expect(resolveSettings({ dir, port: "1001" }, environment)).toMatchObject({
    port: 1001,
    host: "env",
    dialect: "legacy",
  })
  expect(resolveSettings({ dir }, {})).toMatchObject({
    port: 1003,
    host: "files",
    logLevel: "info",
    apiUrl: null,
  })
})

it.each([
  ["a flag", { port: "high" }, {}, "{}", '--port is "high": expected a number from 0 to 65535'],
  ["a variable", {}, { BLINK_DIALECT: "soap" }, "{}", 'BLINK_DIALECT is "soap": expected oauth or legacy'],
  [
    "a key of the file",
    {},
    {},
    '{"stateInterval": "often"}',
    '"stateInterval" in blink-streams.json is "often": expected a duration such as 60 seconds',
  ],
  ["an unknown key", {}, {}, '{"prot": 1}', 'has an unknown setting "prot"'],
  ["a file that is no JSON", {}, {}, "{port}", "is not JSON"],
  ["a file that is no object", {}, {}, "[]", "must hold one JSON object"],
  [
    "a URL without a scheme",
    { apiUrl: "localhost:1" },
    {},
    "{}",
    '--api-url is "localhost:1": expected an http or https URL',
  ],
])(
  "resolveSettings rejects an invalid value in %s with a message that says what is expected",
  (_, flags, environment, file, message) => {
    expect(() => resolveSettings({ dir: folder(file), ...flags }, environment)).toThrow(message)
  },
)

it("--api-url may contain the placeholder {tier}", () => {
  expect(resolveSettings({ dir: folder(), apiUrl: "https://rest-{tier}.example.com/" }, {}).apiUrl).toBe(
    "https://rest-{tier}.example.com",
  )
})

it("The default state folder follows XDG_STATE_HOME", () => {
  expect(defaultStateFolder({ XDG_STATE_HOME: "/state" })).toBe("/state/blink-streams")
})

it.each([
  ["60 seconds", 60_000],
  ["90s", 90_000],
  ["1.5 h", 5_400_000],
  ["2 days", 172_800_000],
  ["500ms", 500],
  ["5", null],
  ["soon", null],
  ["-1s", null],
])("parseDuration parses %j to %j ms", (text, millis) => {
  expect(parseDuration(text)).toBe(millis)
})

it("readSecret reads a variable or the file named by its _FILE variable, without the last line break", () => {
  const path = join(folder(), "password")
  writeFileSync(path, "s3cret \n")
  expect(readSecret("BLINK_PASSWORD", { BLINK_PASSWORD: "direct", BLINK_PASSWORD_FILE: path })).toBe("direct")
  expect(readSecret("BLINK_PASSWORD", { BLINK_PASSWORD_FILE: path })).toBe("s3cret")
  expect(readSecret("BLINK_PASSWORD", {})).toBeNull()
  expect(() => readSecret("BLINK_PASSWORD", { BLINK_PASSWORD_FILE: "/nowhere" })).toThrow(
    "BLINK_PASSWORD_FILE",
  )
})
