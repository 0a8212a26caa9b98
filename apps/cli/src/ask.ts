import { createInterface } from "node:readline/promises"
import { Writable } from "node:stream"
import { Failure } from "./Failure.ts"

/** Echoes nothing: what is typed must not stay on the screen. */
const silence = () =>
  new Writable({
    write(_chunk, _encoding, done) {
      done()
    },
  })

/** Ends where nobody can be asked. `instead` says how to answer there. */
export const needTerminal = (question: string, instead: string): void => {
  if (!process.stdin.isTTY)
    throw new Failure("signInNeeded", `there is no terminal to ask for ${question} on: ${instead}`)
}

const read = async (question: string, hidden: boolean, instead: string): Promise<string> => {
  needTerminal(question, instead)
  const lines = createInterface({
    input: process.stdin,
    output: hidden ? silence() : process.stderr,
    terminal: true,
  })
  const stop = new AbortController()
  lines.once("SIGINT", () => stop.abort())
  // Only now is the terminal silent and Ctrl-C ours: who is quick must not see the password, or leave things half done.
  if (hidden) process.stderr.write(`${question}: `)
  try {
    return (await lines.question(hidden ? "" : `${question}: `, { signal: stop.signal })).trim()
  } catch {
    throw new Failure("failed", "stopped")
  } finally {
    lines.close()
    if (hidden) process.stderr.write("\n")
  }
}

/** Asks on the terminal. `instead` says how to answer where there is none. */
export const ask = (question: string, instead: string): Promise<string> => read(question, false, instead)

/** The same, without showing what is typed. */
export const askSecret = (question: string, instead: string): Promise<string> => read(question, true, instead)

/** Asks for `y` before `deed` is done. */
export const confirm = async (deed: string): Promise<boolean> => {
  if (!process.stdin.isTTY)
    throw new Failure("usage", `there is no terminal to ask on whether to ${deed}: give --yes`)
  return (await ask(`${deed}? [y/N]`, "give --yes")).toLowerCase() === "y"
}
