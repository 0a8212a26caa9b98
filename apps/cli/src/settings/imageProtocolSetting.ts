import { pictureProtocols } from "@blink-streams/watcher/pictures"
import { CliError } from "../errors/CliError.ts"

/**
 * Image protocol from `--images` or `BLINK_STREAMS_IMAGES`. `undefined` means detecting it from the terminal, `false` no
 * images. Throws a `CliError` when the variable is invalid; the parser checks the flag.
 */
export const imageProtocolSetting = (flag: string | false | undefined): string | false | undefined => {
  if (flag !== undefined) return flag
  const requested = process.env["BLINK_STREAMS_IMAGES"]
  if (!requested) return undefined
  if (!pictureProtocols.some((name) => name === requested))
    throw new CliError(
      "usage",
      `BLINK_STREAMS_IMAGES is "${requested}": expected ${pictureProtocols.slice(0, -1).join(", ")} or none`,
    )
  return requested
}
