import type mpegts from "mpegts.js"
import { broadcaster } from "./broadcaster.ts"
import type { CameraView } from "../state/accountViews.ts"

type Library = (typeof mpegts)["default"]
type Loader = InstanceType<NonNullable<NonNullable<Parameters<Library["createPlayer"]>[1]>["customLoader"]>>

/** True when the browser has Media Source Extensions, which the live view needs. */
export const supportsLiveView = (): boolean => "MediaSource" in window || "ManagedMediaSource" in window

/** The type declarations have one `default` more than the bundled module. */
const isLibrary = (value: unknown): value is Library =>
  typeof value === "object" && value !== null && "createPlayer" in value

/** Loads mpegts.js, which repacks MPEG-TS for the browser's player. It is loaded with the first live view, not with the page. */
const loadLibrary = async (): Promise<Library> => {
  const loaded: unknown = (await import("mpegts.js")).default
  if (isLibrary(loaded)) return loaded
  throw new Error("The live view player could not be loaded.")
}

const noop = () => {}

/**
 * Loader for mpegts.js that reads a response body that is already open: mpegts.js itself can neither send the token nor
 * report the server's error message.
 */
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
      // A connection that breaks ends the live view like a regular end.
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
 * Plays the live view of a camera in `video`. Resolves when the session ends or `signal` aborts; the camera stays awake
 * until then. Rejects with a message for the user.
 */
export const playLiveView = async (
  camera: CameraView,
  video: HTMLVideoElement,
  signal: AbortSignal,
): Promise<void> => {
  const mpegtsLibrary = await loadLibrary()
  mpegtsLibrary.LoggingControl.enableAll = false
  const stream = await broadcaster.liveView(camera, { signal })
  const player = mpegtsLibrary.createPlayer(
    { type: "mpegts", isLive: true, url: camera.key },
    {
      customLoader: createLoader(stream),
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
        reject(new Error("This browser can’t play the camera’s video.")),
      )
      player.attachMediaElement(video)
      player.load()
    })
  } finally {
    player.destroy()
  }
}
