import { createInterface } from "node:readline/promises"
import { Writable } from "node:stream"
import { CliError } from "../errors/CliError.ts"

/** Echoes nothing: what is typed must not stay on the screen. */
const mutedOutput = () =>
  new Writable({
    write(_chunk, _encoding, done) {
      done()
    },
  })

/** Ends where nobody can be asked. `instead` says how to answer there. */
export const requireTerminal = (question: string, hint: string): void => {
  if (!process.stdin.isTTY)
    throw new CliError("signInNeeded", `there is no terminal to ask for ${question} on: ${hint}`)
}

const readLine = async (question: string, hidden: boolean, hint: string): Promise<string> => {
  requireTerminal(question, hint)
  const readline = createInterface({
    input: process.stdin,
    output: hidden ? mutedOutput() : process.stderr,
    terminal: true,
  })
  const controller = new AbortController()
  readline.once("SIGINT", () => controller.abort())
  // Only now is the terminal silent and Ctrl-C ours: who is quick must not see the password, or leave things half done.
  if (hidden) process.stderr.write(`${question}: `)
  try {
    return (await readline.question(hidden ? "" : `${question}: `, { signal: controller.signal })).trim()
  } catch {
    throw new CliError("failed", "stopped")
  } finally {
    readline.close()
    if (hidden) process.stderr.write("\n")
  }
}

/** Asks on the terminal. `instead` says how to answer where there is none. */
export const promptText = (question: string, hint: string): Promise<string> => readLine(question, false, hint)

/** The same, without showing what is typed. */
export const promptSecret = (question: string, hint: string): Promise<string> =>
  readLine(question, true, hint)

/** Asks for `y` before `deed` is done. */
export const confirm = async (action: string): Promise<boolean> => {
  if (!process.stdin.isTTY)
    throw new CliError("usage", `there is no terminal to ask on whether to ${action}: give --yes`)
  return (await promptText(`${action}? [y/N]`, "give --yes")).toLowerCase() === "y"
}
