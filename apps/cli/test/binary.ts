import { spawn } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** Path of the program that `buildProgram` bundles. */
export const binary = fileURLToPath(
  new URL("../node_modules/.program/bundle/blink-streams.js", import.meta.url),
)

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "blink-streams-cli-"))

/** An environment without the developer's own settings. */
export const cleanEnvironment = (own: Readonly<Record<string, string>>): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  HOME: tmpdir(),
  TZ: "UTC",
  LANG: "C.UTF-8",
  ...own,
})

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly pid: number
  /** Resolves once standard output holds `text`; rejects when the process ends before. */
  readonly until: (text: string | RegExp) => Promise<string>
  readonly kill: (signal: NodeJS.Signals) => void
  readonly ended: Promise<Ended>
}

/** Starts the program in the background. */
export const start = (
  args: ReadonlyArray<string>,
  environment: Readonly<Record<string, string>> = {},
): Running => {
  const child = spawn(process.execPath, [binary, ...args], {
    env: cleanEnvironment(environment),
    stdio: ["ignore", "pipe", "pipe"],
  })
  let stdout = ""
  let stderr = ""
  const listeners = new Set<() => void>()
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk
    for (const listener of listeners) listener()
  })
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk))
  const ended = new Promise<Ended>((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr })),
  )
  return {
    pid: child.pid ?? 0,
    kill: (signal) => child.kill(signal),
    ended,
    until: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found =
            typeof text === "string"
              ? stdout.includes(text)
                ? text
                : null
              : (text.exec(stdout)?.[0] ?? null)
          if (found === null) return
          listeners.delete(check)
          resolve(found)
        }
        listeners.add(check)
        check()
        void ended.then((end) => reject(new Error(`ended before ${text}: ${JSON.stringify(end)}`)))
      }),
  }
}

/** Runs the program to its end. */
export const blinkStreams = (
  args: ReadonlyArray<string>,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> => start(args, environment).ended
