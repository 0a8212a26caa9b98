import type mpegts from "mpegts.js"
import { resolveUrl, isObject, errorMessage, storedToken } from "./http.ts"
import type { CameraView } from "../state/accountViews.ts"

type Library = (typeof mpegts)["default"]
type Loader = InstanceType<NonNullable<NonNullable<Parameters<Library["createPlayer"]>[1]>["customLoader"]>>

/** Whether this browser takes video piece by piece. */
export const supportsLiveView = (): boolean => "MediaSource" in window || "ManagedMediaSource" in window

/** Its types promise one `default` more than the bundled module has. */
const isLibrary = (value: unknown): value is Library => isObject(value) && "createPlayer" in value

/** Cameras send what no browser plays as it is. What repacks it is loaded by those who watch, not with the page. */
const loadLibrary = async (): Promise<Library> => {
  const loaded: unknown = (await import("mpegts.js")).default
  if (isLibrary(loaded)) return loaded
  throw new Error("What plays live views could not be loaded.")
}

const noop = () => {}

/** Hands over bytes that are on their way already: the request carries the token, and its refusal has words. */
const createLoader = (body: ReadableStream<Uint8Array>) =>
  class implements Loader {
    readonly #reader = body.getReader()
    readonly type = "live"
    readonly needStashBuffer = false
    readonly _needStash = false
    _status = 0
    onContentLengthKnown: Loader["onContentLengthKnown"] = noop
    onURLRedirect: Loader["onURLRedirect"] = noop
    onDataArrival: Loader["onDataArrival"] = noop
    onError: Loader["onError"] = noop
    onComplete: Loader["onComplete"] = noop

    get status() {
      return this._status
    }

    isWorking() {
      return this._status === 2
    }

    open() {
      this._status = 2
      let received = 0
      const readAll = async () => {
        for (;;) {
          const { done, value } = await this.#reader.read()
          if (done) return
          received += value.byteLength
          this.onDataArrival(value.slice().buffer, received - value.byteLength, received)
        }
      }
      const complete = () => this.onComplete(0, received - 1)
      // A view that breaks off is over, like one that has ended.
      readAll().then(complete, complete)
    }

    abort() {
      this._status = 4
      this.#reader.cancel().catch(noop)
    }

    destroy() {
      this.abort()
    }
  }

/**
 * Shows in `video` what a camera sees, until it ends by itself or `signal` aborts. The camera is awake for as long, and
 * no longer.
 *
 * **Errors.** Rejects with a sentence for a person.
 */
export const playLiveView = async (
  camera: CameraView,
  video: HTMLVideoElement,
  signal: AbortSignal,
): Promise<void> => {
  const mpegtsLibrary = await loadLibrary()
  mpegtsLibrary.LoggingControl.enableAll = false
  const url = resolveUrl(`v1/live/${camera.account}/${camera.kind}/${camera.id}`)
  const response = await fetch(url, { headers: { authorization: `Bearer ${storedToken()}` }, signal })
  if (!response.ok || response.body === null)
    throw new Error(errorMessage(response.status, await response.json().catch(() => null)))
  const player = mpegtsLibrary.createPlayer(
    { type: "mpegts", isLive: true, url },
    {
      customLoader: createLoader(response.body),
      enableStashBuffer: false,
      lazyLoad: false,
      liveBufferLatencyChasing: true,
      autoCleanupSourceBuffer: true,
    },
  )
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener("abort", () => resolve(), { once: true })
      player.on(mpegtsLibrary.Events.LOADING_COMPLETE, () => resolve())
      player.on(mpegtsLibrary.Events.ERROR, () =>
        reject(new Error("This browser can’t show what the camera sends.")),
      )
      player.attachMediaElement(video)
      player.load()
    })
  } finally {
    player.destroy()
  }
}
