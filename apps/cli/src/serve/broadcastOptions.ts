import { pageDirectory } from "@blink-streams/dashboard"
import { existsSync, readFileSync } from "node:fs"
import { pollIntervals } from "../account/cloudAccount.ts"
import { isLoopbackHost } from "../connect/isLoopbackHost.ts"
import { CliError, messageOf } from "../errors/CliError.ts"
import type { SettingFlags, Settings } from "../settings/Settings.ts"
import { version } from "../version.ts"

/** Flags of the commands that run a broadcaster. */
export interface ServeFlags extends SettingFlags {
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly allowHost: ReadonlyArray<string>
  readonly allowOrigin: ReadonlyArray<string>
  readonly feed: boolean
  readonly unixSocket?: string
  readonly trustProxy?: boolean
}

const readPem = (flag: string, path: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new CliError("usage", `${flag} is "${path}", which can't be read: ${messageOf(cause)}`)
  }
}

/** Reads certificate and key; `null` for plain HTTP. */
const readCertificate = ({ tlsCert, tlsKey }: ServeFlags) => {
  if (tlsCert === undefined && tlsKey === undefined) return null
  if (tlsCert === undefined || tlsKey === undefined)
    throw new CliError("usage", "--tls-cert and --tls-key belong together")
  return { cert: readPem("--tls-cert", tlsCert), key: readPem("--tls-key", tlsKey) }
}

/** Converts flags and settings into the options of the broadcaster. Warns when it is reachable without TLS. */
export const broadcastOptions = (flags: ServeFlags, settings: Settings) => {
  const { unixSocket } = flags
  if (unixSocket === undefined && !isLoopbackHost(settings.host) && flags.tlsCert === undefined)
    process.stderr.write(
      `blink-streams: ${settings.host} is reachable from other machines without TLS: give --tls-cert and --tls-key, or put a proxy in front\n`,
    )
  return {
    monitorOptions: pollIntervals(settings),
    host: settings.host,
    port: settings.port,
    dashboardDir: existsSync(pageDirectory) ? pageDirectory : null,
    allowedOrigins: flags.allowOrigin,
    allowedHosts: flags.allowHost,
    certificate: readCertificate(flags),
    trustProxy: flags.trustProxy ?? false,
    ...(unixSocket === undefined ? {} : { socketPath: unixSocket }),
    version,
  }
}
