import { useEffect, useState } from "react"
import type { ColourDepth } from "./colourDepth.ts"
import { decodeJpeg, maxPictureBytes } from "./pictures/decodeJpeg.ts"
import { type DrawnPicture, drawPicture } from "./pictures/drawPicture.ts"
import type { Cells, Picture } from "./pictures/Picture.ts"
import type { PictureProtocol } from "./pictures/pictureProtocol.ts"

/** Reads a picture by the address that the state has for it. */
export type FetchPicture = (url: string, signal: AbortSignal) => Promise<Uint8Array>

interface Options {
  /** `null`: nothing to show. */
  readonly url: string | null
  readonly room: Cells
  readonly protocol: PictureProtocol
  readonly depth: ColourDepth
  readonly fetchPicture: FetchPicture
}

/** The picture at `url`, fetched and decoded beside the drawing; `null` until it is there or when it can't be had. */
export const usePicture = ({ url, room, protocol, depth, fetchPicture }: Options): DrawnPicture | null => {
  const [loaded, setLoaded] = useState<{
    readonly url: string
    readonly jpeg: Uint8Array
    readonly picture: Picture
  }>()
  const [drawn, setDrawn] = useState<DrawnPicture | null>(null)
  const visible = protocol !== "none" && room.columns >= 12 && room.rows >= 4
  // A signed address changes with its signature while the picture stays the same.
  const place = url?.split("?")[0] ?? null

  useEffect(() => {
    if (url === null || !visible) return undefined
    const controller = new AbortController()
    void (async () => {
      const jpeg = await fetchPicture(url, controller.signal)
      if (jpeg.length > maxPictureBytes) return
      const picture = await decodeJpeg(jpeg, controller.signal)
      if (!controller.signal.aborted) setLoaded({ url: place ?? url, jpeg, picture })
    })().catch(() => {
      // Without a picture the facts are shown alone; the age of the picture stands there in any case.
      if (!controller.signal.aborted) setLoaded(undefined)
    })
    return () => controller.abort()
    // `url` is left out on purpose: only another picture is fetched, not the same one under a new signature.
  }, [place, visible, fetchPicture])

  useEffect(() => {
    setDrawn(
      loaded !== undefined && loaded.url === place && visible
        ? drawPicture(protocol, depth, loaded.jpeg, loaded.picture, room)
        : null,
    )
  }, [loaded, place, visible, protocol, depth, room.columns, room.rows])

  return drawn
}
