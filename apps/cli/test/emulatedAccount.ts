import { type EmulatedCloud, startEmulator } from "@blink-streams/emulator"
import { temporaryFolder } from "./binary.ts"
import { type Running, blinkStreams, start } from "./binary.ts"

/** An emulated cloud, a state folder with a signed-in account, and the environment that selects both. */
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
    // Port 1 keeps tests from finding a broadcaster that runs on this machine.
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

/** Starts a broadcaster for the account in a process of its own. `environment` makes other commands find it. */
export const startBroadcaster = async (
  { environment }: EmulatedAccount,
  args: ReadonlyArray<string> = [],
): Promise<{
  readonly process: Running
  readonly port: string
  readonly environment: Readonly<Record<string, string>>
}> => {
  const process = start(
    ["serve", "--port", "0", "--state-interval", "500ms", "--clip-interval", "300ms", ...args],
    environment,
  )
  const port = (await process.until(/ws:\/\/127\.0\.0\.1:\d+/)).replace(/\D+127\.0\.0\.1:/, "")
  return { process, port, environment: { ...environment, BLINK_STREAMS_PORT: port } }
}
