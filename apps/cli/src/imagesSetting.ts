import { pictureProtocols } from "@blink-streams/watcher/pictures/pictureProtocol"
import { Failure } from "./Failure.ts"

/** `--images`, whose values the parser knows, else `BLINK_STREAMS_IMAGES`; `undefined` leaves it to the terminal. */
export const imagesSetting = (flag: string | false | undefined): string | false | undefined => {
  if (flag !== undefined) return flag
  const wanted = process.env["BLINK_STREAMS_IMAGES"]
  if (!wanted) return undefined
  if (!pictureProtocols.some((name) => name === wanted))
    throw new Failure(
      "usage",
      `BLINK_STREAMS_IMAGES is "${wanted}": expected ${pictureProtocols.slice(0, -1).join(", ")} or none`,
    )
  return wanted
}
