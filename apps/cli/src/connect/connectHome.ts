import { type Client, connect } from "@blink-streams/client"
import { type Settings, resolveSettings } from "../settings/Settings.ts"
import { type ConnectFlags, findBroadcaster } from "./findBroadcaster.ts"

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

/**
 * Connects to the broadcaster of `--connect`, else to the one that runs on this machine, else to one that it starts
 * inside this process. Commands therefore use one API in all three cases.
 */
const connectHome = async (flags: ConnectFlags): Promise<HomeConnection> => {
  const settings = resolveSettings(flags)
  const address = flags.direct ? null : await findBroadcaster(flags, settings)
  if (address) {
    const client = connect(address)
    return { client, ...address, direct: false, settings, close: async () => client.close() }
  }
  const { serveInProcess } = await import("./serveInProcess.ts")
  const { close, ...broadcaster } = await serveInProcess(settings, flags.account)
  const client = connect(broadcaster)
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
): Promise<A> => {
  const home = await connectHome(flags)
  try {
    return await use(home)
  } finally {
    await home.close()
  }
}
