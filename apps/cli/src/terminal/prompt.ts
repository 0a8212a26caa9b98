import { createInterface } from "node:readline/promises"
import { Writable } from "node:stream"
import { CliError } from "../errors/CliError.ts"

/** Output that discards everything, so that a typed secret is not echoed. */
const mutedOutput = () =>
  new Writable({
    write(_chunk, _encoding, done) {
      done()
    },
  })

/** Throws a `CliError` when standard input is not a terminal. `hint` names the alternative to the prompt. */
export const requireTerminal = (question: string, hint: string): void => {
  if (!process.stdin.isTTY)
    throw new CliError("signInNeeded", `cannot prompt for ${question} without a terminal: ${hint}`)
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
  // Prompt only once echo is off and Ctrl-C is handled, so that early input is neither shown nor able to kill the process.
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

/** Prompts on the terminal. Fails with `hint` when there is none. */
export const promptText = (question: string, hint: string): Promise<string> => readLine(question, false, hint)

/** Prompts on the terminal without echo. Fails with `hint` when there is none. */
export const promptSecret = (question: string, hint: string): Promise<string> =>
  readLine(question, true, hint)

/** Prompts for confirmation of `action`; true when the user enters `y`. Fails when there is no terminal. */
export const confirm = async (action: string): Promise<boolean> => {
  if (!process.stdin.isTTY)
    throw new CliError("usage", `cannot prompt for confirmation without a terminal to ${action}: give --yes`)
  return (await promptText(`${action}? [y/N]`, "give --yes")).toLowerCase() === "y"
}
