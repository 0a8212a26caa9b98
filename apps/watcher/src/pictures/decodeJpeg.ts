import { Worker } from "node:worker_threads"
import type { Bitmap } from "./Bitmap.ts"

/** A thumbnail has well under a megapixel; whatever is larger is no thumbnail. */
export const maxPictureBytes = 4 * 1024 * 1024

/** Pixels of a JPEG, decoded in another thread so that keys and frames don't wait. Rejects what is no JPEG. */
export const decodeJpeg = async (jpeg: Uint8Array, signal?: AbortSignal): Promise<Bitmap> => {
  if (jpeg.length > maxPictureBytes) throw new RangeError("the picture is too large to draw")
  signal?.throwIfAborted()
  // The worker stands beside this file, as source or as built.
  const worker = new Worker(new URL(import.meta.url.replace(/decodeJpeg\.(\w+)$/, "decodeWorker.$1")), {
    workerData: jpeg,
  })
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
