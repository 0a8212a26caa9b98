import { type EmulatedCloud, startEmulator } from "@blink-streams/emulator"
import { temporaryFolder } from "./binary.ts"
import { type Running, blinkStreams, start } from "./binary.ts"

/** An emulated cloud, an account that is signed in to it, and how to point the program there. */
export interface EmulatedAccount extends AsyncDisposable {
  readonly cloud: EmulatedCloud
  readonly dir: string
  readonly environment: Readonly<Record<string, string>>
}

export const signInToEmulator = async (): Promise<EmulatedAccount> => {
  const cloud = await startEmulator({ scenario: "quiet", speed: 4 })
  const dir = temporaryFolder()
  const environment = {
    BLINK_STREAMS_DIR: dir,
    BLINK_API_URL: cloud.url,
    BLINK_OAUTH_URL: cloud.url,
    // No test may meet a broadcaster of the machine that it runs on.
    BLINK_STREAMS_PORT: "1",
  }
  const { code, stderr } = await blinkStreams(["login", "--email", cloud.account.email], {
    ...environment,
    BLINK_PASSWORD: cloud.account.password,
    BLINK_PIN: cloud.account.pin,
  })
  if (code !== 0) throw new Error(`the sign-in failed: ${stderr}`)
  return { cloud, dir, environment, [Symbol.asyncDispose]: () => cloud.close() }
}

/** A broadcaster over the house, in a process of its own; others find it by its port. */
export const startBroadcaster = async (
  { environment }: EmulatedAccount,
  args: ReadonlyArray<string> = [],
): Promise<{
  readonly process: Running
  readonly port: string
  readonly environment: Readonly<Record<string, string>>
}> => {
  const process = start(
    ["serve", "--port", "0", "--poll-home", "500ms", "--poll-media", "300ms", ...args],
    environment,
  )
  const port = (await process.until(/ws:\/\/127\.0\.0\.1:\d+/)).replace(/\D+127\.0\.0\.1:/, "")
  return { process, port, environment: { ...environment, BLINK_STREAMS_PORT: port } }
}
