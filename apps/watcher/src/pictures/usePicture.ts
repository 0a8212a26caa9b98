import { useEffect, useState } from "react"
import type { ColourDepth } from "../terminal/colourDepth.ts"
import { decodeJpeg, maxPictureBytes } from "./decodeJpeg.ts"
import { type DrawnPicture, drawPicture } from "./drawPicture.ts"
import type { CellSize, Bitmap } from "./Bitmap.ts"
import type { PictureProtocol } from "./pictureProtocol.ts"

/** Downloads a picture; `url` is the path from the state. */
export type FetchPicture = (url: string, signal: AbortSignal) => Promise<Uint8Array>

interface PictureOptions {
  /** `null`: no picture. */
  readonly url: string | null
  readonly available: CellSize
  readonly protocol: PictureProtocol
  readonly depth: ColourDepth
  readonly fetchPicture: FetchPicture
}

/** Downloads, decodes and draws the picture at `url`. `null` until it is ready, and when the download or decoding fails. */
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
  // A new signature changes the URL but not the picture.
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
      // The details are shown without the picture; its age is part of them.
      if (!controller.signal.aborted) setLoaded(undefined)
    })
    return () => controller.abort()
    // `url` is not a dependency: the same picture with a new signature is not downloaded again.
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
