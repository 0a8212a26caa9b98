import { type EmulatedCloud } from "@blink-streams/emulator"
import { monitorAccount, fileStore } from "@blink-streams/events/promise"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"

/** Saves a session of an emulated account in `folder`. */
export const signIn = async (
  cloud: EmulatedCloud,
  folder: string,
  { email, password, pin } = cloud.account,
): Promise<void> => {
  const credentials = { email, password, two_factor: pin }
  const monitor = await monitorAccount({
    store: fileStore(join(folder, "session.json")),
    apiUrl: cloud.url,
    oauthUrl: cloud.url,
    onPrompt: ({ kind }) => Promise.resolve(credentials[kind]),
  })
  await monitor.close()
}

const conditions = "--conditions=@blink-streams/source"
const pathOf = (program: string) => join(import.meta.dirname, "..", program)

/** Arguments with which Node runs an example. `program` is relative to `examples/`. */
export const exampleArguments = (program: string): ReadonlyArray<string> => [conditions, pathOf(program)]

/** Arguments with which Node runs an example that polls, with short poll intervals. */
export const pollingExampleArguments = (program: string): ReadonlyArray<string> => [
  conditions,
  `--import=${new URL("shortPollIntervals.ts", import.meta.url).href}`,
  pathOf(program),
]

/** Starts an example that polls, with `folder` as its state folder. `program` is relative to `examples/`. */
export const runExample = (
  program: string,
  folder: string,
  cloud: EmulatedCloud,
  environment: Readonly<Record<string, string>> = {},
  args: ReadonlyArray<string> = [],
) => {
  const child = spawn("node", [...pollingExampleArguments(program), ...args], {
    env: {
      ...process.env,
      BLINK_API_URL: cloud.url,
      BLINK_OAUTH_URL: cloud.url,
      BLINK_STREAMS_DIR: folder,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let text = ""
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString()
      for (const listener of listeners) listener()
    })
  return {
    get text() {
      return text
    },
    /** Resolves once the output contains `part`. Rejects when the program exits before. */
    printed: (part: string) =>
      new Promise<void>((resolve, reject) => {
        const check = () => {
          if (!text.includes(part)) return
          listeners.delete(check)
          resolve()
        }
        listeners.add(check)
        child.once("exit", () => reject(new Error(`${program} ended without "${part}":\n${text}`)))
        check()
      }),
    /** Ends the program as a crash does. */
    kill: async (): Promise<void> => {
      const exited = once(child, "exit")
      child.kill("SIGKILL")
      await exited
    },
    /** Sends SIGINT and resolves with the exit code. */
    interrupt: async (): Promise<number | null> => {
      child.kill("SIGINT")
      if (child.exitCode === null) await once(child, "exit")
      return child.exitCode
    },
  }
}
