import { StateFolder } from "@blink-streams/broadcaster/StateFolder"
import { conformance as examine } from "@blink-streams/protocol/conformance"
import { Failure } from "../Failure.ts"
import { parseUrl, tokenFor } from "../openHome.ts"
import { run } from "../runUntilStopped.ts"
import { type SettingFlags, resolveSettings } from "../Settings.ts"

/** `blink-streams conformance URL`. */
export const conformance = async (
  address: string,
  flags: SettingFlags & { readonly json?: boolean },
): Promise<void> => {
  const url = parseUrl(address)
  const token = tokenFor(new StateFolder(resolveSettings(flags).dir), url)
  if (token === null)
    throw new Failure(
      "signInNeeded",
      `${url.host} wants a token: set BLINK_STREAMS_TOKEN or BLINK_STREAMS_TOKEN_FILE`,
    )
  const verdicts = await run(examine({ url: url.href, token }))
  const failed = verdicts.filter(({ deviation }) => deviation !== null).length
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(verdicts)}\n`
      : verdicts
          .map(
            ({ rule, deviation }) =>
              `${deviation === null ? "✓" : "✗"} ${rule}\n${deviation === null ? "" : `    ${deviation}\n`}`,
          )
          .join(""),
  )
  if (failed > 0) throw new Failure("failed", `${failed} of ${verdicts.length} rules are not kept`)
}
