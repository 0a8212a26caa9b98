import { type Client, connect } from "@blink-streams/client"
import { type Settings, resolveSettings } from "../settings/Settings.ts"
import { type BroadcasterAddress, type ConnectFlags, findBroadcaster } from "./findBroadcaster.ts"

/** Connection to a broadcaster: a running one, or one inside this process for the duration of the command. */
export interface HomeConnection {
  readonly client: Client
  readonly url: string
  readonly token: string
  /** True when the broadcaster runs in this process. */
  readonly direct: boolean
  readonly settings: Settings
  readonly close: () => Promise<void>
}

/** Chooses the cursor to resume from in the log of a broadcaster; `null` starts at the end of the log. */
export type StartCursor = (address: BroadcasterAddress) => Promise<string | null>

/**
 * Connects to the broadcaster of `--connect`, else to the one that runs on this machine, else to one that it starts
 * inside this process. Commands therefore use one API in all three cases.
 */
const connectHome = async (flags: ConnectFlags, startCursor?: StartCursor): Promise<HomeConnection> => {
  const settings = resolveSettings(flags)
  const address = flags.direct ? null : await findBroadcaster(flags, settings)
  if (address) {
    const since = (await startCursor?.(address)) ?? null
    const client = connect({ ...address, ...(since === null ? {} : { since }) })
    return { client, ...address, direct: false, settings, close: async () => client.close() }
  }
  const { serveInProcess } = await import("./serveInProcess.ts")
  const { close, ...broadcaster } = await serveInProcess(settings, flags.account)
  const since = (await startCursor?.(broadcaster)) ?? null
  const client = connect({ ...broadcaster, ...(since === null ? {} : { since }) })
  return {
    client,
    ...broadcaster,
    direct: true,
    settings,
    close: async () => {
      client.close()
      await close()
    },
  }
}

/** Connects as above, runs `use` and closes the connection. */
export const withHome = async <A>(
  flags: ConnectFlags,
  use: (home: HomeConnection) => Promise<A>,
  startCursor?: StartCursor,
): Promise<A> => {
  const home = await connectHome(flags, startCursor)
  try {
    return await use(home)
  } finally {
    await home.close()
  }
}
