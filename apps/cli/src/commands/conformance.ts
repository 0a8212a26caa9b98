import { StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { conformance as examine } from "@blink-streams/protocol/conformance"
import { CliError } from "../errors/CliError.ts"
import { parseBroadcasterUrl, tokenFor } from "../connect/findBroadcaster.ts"
import { run } from "../runUntilStopped.ts"
import { printResult } from "../terminal/printResult.ts"
import { type SettingFlags, resolveSettings } from "../settings/Settings.ts"

/** `blink-streams conformance URL`. */
export const conformance = async (
  address: string,
  flags: SettingFlags & { readonly json?: boolean },
): Promise<void> => {
  const url = parseBroadcasterUrl(address)
  const token = tokenFor(new StateFolder(resolveSettings(flags).dir), url)
  const results = await run(examine({ url: url.href, token }))
  const failed = results.filter(({ deviation }) => deviation !== null).length
  const lines = results.map(({ rule, deviation }) =>
    deviation === null ? `✓ ${rule}` : `✗ ${rule}\n    ${deviation}`,
  )
  printResult(flags.json, results, lines.join("\n"))
  if (failed > 0) throw new CliError("failed", `${failed} of ${results.length} rules failed`)
}
