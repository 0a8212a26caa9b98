import { extname } from "node:path"
import { Worker } from "node:worker_threads"
import type { Bitmap } from "./Bitmap.ts"

/** Larger files are not decoded; thumbnails have well under one megapixel. */
export const maxPictureBytes = 4 * 1024 * 1024

/** Decodes a JPEG in a worker thread, so that the screen stays responsive. Rejects when it is too large or not a JPEG. */
export const decodeJpeg = async (jpeg: Uint8Array, signal?: AbortSignal): Promise<Bitmap> => {
  if (jpeg.length > maxPictureBytes) throw new RangeError("the picture is too large to draw")
  signal?.throwIfAborted()
  // The worker is in the same folder with the same extension: in src, in dist and in a bundle.
  const workerUrl = new URL(`decodeWorker${extname(import.meta.url)}`, import.meta.url)
  const worker = new Worker(workerUrl, { workerData: jpeg })
  const stop = (): void => void worker.terminate()
  signal?.addEventListener("abort", stop, { once: true })
  try {
    return await new Promise<Bitmap>((resolve, reject) => {
      worker.once("message", resolve)
      worker.once("error", reject)
      worker.once("exit", () => reject(new Error("the picture was not decoded")))
    })
  } finally {
    signal?.removeEventListener("abort", stop)
    await worker.terminate()
  }
}
