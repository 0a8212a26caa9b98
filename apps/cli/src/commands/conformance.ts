import { StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { conformance as examine } from "@blink-streams/protocol/conformance"
import { CliError } from "../errors/CliError.ts"
import { parseBroadcasterUrl, tokenFor } from "../connect/findBroadcaster.ts"
import { run } from "../runUntilStopped.ts"
import { type SettingFlags, resolveSettings } from "../settings/Settings.ts"

/** `blink-streams conformance URL`. */
export const conformance = async (
  address: string,
  flags: SettingFlags & { readonly json?: boolean },
): Promise<void> => {
  const url = parseBroadcasterUrl(address)
  const token = tokenFor(new StateFolder(resolveSettings(flags).dir), url)
  if (token === null)
    throw new CliError(
      "signInNeeded",
      `${url.host} requires a token: set BLINK_STREAMS_TOKEN or BLINK_STREAMS_TOKEN_FILE`,
    )
  const results = await run(examine({ url: url.href, token }))
  const failed = results.filter(({ deviation }) => deviation !== null).length
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(results)}\n`
      : results
          .map(
            ({ rule, deviation }) =>
              `${deviation === null ? "✓" : "✗"} ${rule}\n${deviation === null ? "" : `    ${deviation}\n`}`,
          )
          .join(""),
  )
  if (failed > 0) throw new CliError("failed", `${failed} of ${results.length} rules failed`)
}
