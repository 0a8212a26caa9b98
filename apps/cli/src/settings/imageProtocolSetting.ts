import { pictureProtocols } from "@blink-streams/watcher/pictures"
import { CliError } from "../errors/CliError.ts"

/** `--images`, whose values the parser knows, else `BLINK_STREAMS_IMAGES`; `undefined` leaves it to the terminal. */
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
