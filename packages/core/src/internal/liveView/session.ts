import type { NetworkId } from "@blink-streams/model"
import { type Cause, Clock, Duration, Effect, Queue, Redacted, Stream } from "effect"
import { BlinkApi } from "../../BlinkApi.ts"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import type { LiveViewTarget } from "../../LiveViewTarget.ts"
import { NetworkQueue } from "../../NetworkQueue.ts"
import { NotSupported } from "../../Reason.ts"
import { pollCommand } from "../commands/pollCommand.ts"
import { finishRetry, liveViewRestartDelay } from "../rateLimit/retryPolicy.ts"
import type { LiveViewResponse } from "../wire/camera.ts"
import { handshake, makeFrameReader } from "./frames.ts"
import { connectRelay, keepAlive, unreachable } from "./relay.ts"
import { parseRelay } from "./relayAddress.ts"

const operation = "live view"

const startSession = (
  api: BlinkApi["Service"],
  { network, kind, camera }: LiveViewTarget,
): Effect.Effect<LiveViewResponse, BlinkError> => {
  const input = { network, camera, body: { intent: "liveview", motion_event_start_time: null } } as const
  if (kind === "camera") return api.call("cameraLiveView", input)
  return kind === "mini" ? api.call("owlLiveView", input) : api.call("doorbellLiveView", input)
}

/** `LiveView`: starts and ends sessions, one per network at a time. */
export const makeLiveView = Effect.gen(function* () {
  const api = yield* BlinkApi
  const queue = yield* NetworkQueue

  const endedAt = new Map<NetworkId, number>()

  const finishSession = (network: NetworkId, command: number) =>
    api.call("finishCommand", { network, command }).pipe(
      Effect.retry(finishRetry),
      Effect.ignore,
      Effect.andThen(Clock.currentTimeMillis),
      Effect.map((now) => endedAt.set(network, now)),
    )

  const waitForRestart = Effect.fnUntraced(function* (network: NetworkId) {
    const lastEndedAt = endedAt.get(network)
    if (lastEndedAt === undefined) return
    const elapsed = (yield* Clock.currentTimeMillis) - lastEndedAt
    const remaining = Duration.toMillis(liveViewRestartDelay) - elapsed
    if (elapsed >= 0 && remaining > 0) yield* Effect.sleep(remaining)
  })

  /** Polls the session's command, which keeps the session open. Returns when the cloud reports the end. */
  const pollUntilDone = (network: NetworkId, session: LiveViewResponse) => {
    const interval = Duration.seconds(Math.max(1, session.polling_interval ?? 1))
    const target = { name: operation, network }
    return pollCommand(api, target, session.command_id, () => interval, Effect.void)
  }

  const watch = (camera: LiveViewTarget): Stream.Stream<Uint8Array, BlinkError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        yield* queue.acquire(camera.network)
        yield* waitForRestart(camera.network)
        const session = yield* Effect.acquireRelease(startSession(api, camera), ({ command_id }) =>
          finishSession(camera.network, command_id),
        )
        // Polling starts at once: a battery camera may take longer to connect than the cloud waits for a
        // poll.
        const completion = yield* Queue.unbounded<never, BlinkError | Cause.Done>()
        yield* Effect.forkScoped(
          pollUntilDone(camera.network, session).pipe(
            Effect.matchEffect({
              onSuccess: () => Queue.end(completion),
              onFailure: (error) => Queue.fail(completion, error),
            }),
          ),
        )
        const relay = parseRelay(session.server ?? "")
        if (relay === null) {
          return yield* blinkError(
            operation,
            new NotSupported({ detail: "the relay uses another protocol" }),
            "yes",
          )
        }
        const socket = yield* connectRelay(relay)
        const token = session.liveview_token
        socket.write(handshake(relay, token ? Redacted.make(token) : null))
        yield* Effect.forkScoped(keepAlive(socket))
        const readFrames = makeFrameReader()
        const videos = Stream.fromAsyncIterable<Uint8Array, BlinkError>(socket, unreachable).pipe(
          Stream.mapEffect((chunk) => {
            const frames = readFrames(chunk)
            return frames === null
              ? Effect.fail(unreachable(new Error("the relay sent an invalid frame")))
              : Effect.succeed(frames)
          }),
          Stream.flatMap(Stream.fromIterable),
        )
        return Stream.merge(videos, Stream.fromQueue(completion), { haltStrategy: "either" })
      }),
    )

  return { watch }
})
