import { Context, Layer, type Stream } from "effect"
import type { BlinkApi } from "./BlinkApi.ts"
import type { BlinkError } from "./BlinkError.ts"
import { makeLiveView } from "./internal/liveView/session.ts"
import type { LiveViewTarget } from "./LiveViewTarget.ts"
import type { NetworkQueue } from "./NetworkQueue.ts"

/**
 * Live video of cameras. Drains the battery of a battery camera and blocks its sync module.
 *
 * @example
 * ```ts
 * const program = LiveView.use((live) =>
 *   live.watch({ network, kind: "mini", camera }).pipe(
 *     Stream.take(100),
 *     Stream.runForEach((bytes) => Effect.log(bytes.length)),
 *   ),
 * )
 * ```
 */
export class LiveView extends Context.Service<
  LiveView,
  {
    /**
     * Streams MPEG-TS bytes while the stream is read; slow reading slows the relay down. The session ends
     * with the stream, also on failure: an open session keeps the camera on and the network busy for minutes.
     *
     * **Errors.** `Busy` while the sync module is busy, `CommandFailed` (523) when the camera does not
     * respond, `Unreachable` when the relay cannot be reached, `NotSupported` for the oldest cameras, which
     * use RTSP.
     */
    watch(camera: LiveViewTarget): Stream.Stream<Uint8Array, BlinkError>
  }
>()("@blink-streams/core/LiveView") {
  static readonly layer: Layer.Layer<LiveView, never, BlinkApi | NetworkQueue> = Layer.effect(
    LiveView,
    makeLiveView,
  )
}
