import { useEffect, useState } from "react"
import type { ColourDepth } from "../terminal/colourDepth.ts"
import { decodeJpeg, maxPictureBytes } from "./decodeJpeg.ts"
import { type DrawnPicture, drawPicture } from "./drawPicture.ts"
import type { CellSize, Bitmap } from "./Bitmap.ts"
import type { PictureProtocol } from "./pictureProtocol.ts"

/** Reads a picture by the address that the state has for it. */
export type FetchPicture = (url: string, signal: AbortSignal) => Promise<Uint8Array>

interface PictureOptions {
  /** `null`: nothing to show. */
  readonly url: string | null
  readonly available: CellSize
  readonly protocol: PictureProtocol
  readonly depth: ColourDepth
  readonly fetchPicture: FetchPicture
}

/** The picture at `url`, fetched and decoded beside the drawing; `null` until it is there or when it can't be had. */
export const usePicture = ({
  url,
  available,
  protocol,
  depth,
  fetchPicture,
}: PictureOptions): DrawnPicture | null => {
  const [loaded, setLoaded] = useState<{
    readonly url: string
    readonly jpeg: Uint8Array
    readonly bitmap: Bitmap
  }>()
  const [drawn, setDrawn] = useState<DrawnPicture | null>(null)
  const isDrawable = protocol !== "none" && available.columns >= 12 && available.rows >= 4
  // A signed address changes with its signature while the picture stays the same.
  const picturePath = url?.split("?")[0] ?? null

  useEffect(() => {
    if (url === null || !isDrawable) return undefined
    const controller = new AbortController()
    void (async () => {
      const jpeg = await fetchPicture(url, controller.signal)
      if (jpeg.length > maxPictureBytes) return
      const bitmap = await decodeJpeg(jpeg, controller.signal)
      if (!controller.signal.aborted) setLoaded({ url: picturePath ?? url, jpeg, bitmap })
    })().catch(() => {
      // Without a picture the facts are shown alone; the age of the picture stands there in any case.
      if (!controller.signal.aborted) setLoaded(undefined)
    })
    return () => controller.abort()
    // `url` is left out on purpose: only another picture is fetched, not the same one under a new signature.
  }, [picturePath, isDrawable, fetchPicture])

  useEffect(() => {
    setDrawn(
      loaded !== undefined && loaded.url === picturePath && isDrawable
        ? drawPicture(protocol, depth, loaded.jpeg, loaded.bitmap, available)
        : null,
    )
  }, [loaded, picturePath, isDrawable, protocol, depth, available.columns, available.rows])

  return drawn
}
