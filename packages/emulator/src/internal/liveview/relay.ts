import { Clock, Effect } from "effect"
import type { Socket } from "node:net"
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls"
import { type TestVideo, makeTestVideo } from "../media/testVideo.ts"
import { hasEnded, isStreaming, type LiveView } from "../world/liveview.ts"
import { cameraKey, type World } from "../world/World.ts"
import { encodeFrame, frameTypes, type Handshake, handshakeLength, parseHandshake } from "./immi.ts"
import { TransportStream } from "./mpegTs.ts"

const tick = "250 millis"
const ticksPerFrame = 4
const idleTimeoutMs = 15_000
const keepAliveTicks = 40 // ticks, ten seconds
const secondsPerVideo = 5
/** Whole packets, so that every frame begins with a packet's first byte. */
const framePayload = 188 * 64

/** Made at the first live view: it takes a moment, and most clouds never see one. */
const makeContext: Effect.Effect<SecureContext> = Effect.promise(async () => {
  const { generate } = await import("selfsigned")
  const { private: key, cert } = await generate([{ name: "commonName", value: "relay.emulator.invalid" }], {
    keySize: 2048,
  })
  return createSecureContext({ key, cert })
})

interface RelaySource {
  readonly world: () => World
  readonly now: () => number
}

const matchesIfSent = (sent: string, known: string): boolean => sent === "" || sent === known

const findLiveView = (world: World, greeting: Handshake): LiveView | undefined => {
  const view = world.liveviews.get(greeting.connectionId)
  if (view === undefined || view.clientId !== greeting.clientId) return undefined
  return matchesIfSent(greeting.serial, view.serial) && matchesIfSent(greeting.token, view.token)
    ? view
    : undefined
}

/** Everything that the client has sent, and when it last did. */
const listen = (socket: TLSSocket, now: () => number) => {
  const received = { bytes: Buffer.alloc(0), at: now(), gone: false }
  socket.on("data", (piece: Buffer) => {
    received.at = now()
    if (received.bytes.length < handshakeLength) received.bytes = Buffer.concat([received.bytes, piece])
  })
  socket.on("error", () => socket.destroy())
  socket.on("close", () => {
    received.gone = true
  })
  return received
}

/** Serves one client until it leaves, falls silent, or the session is done. */
const serveClient = (socket: TLSSocket, source: RelaySource) =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const received = listen(socket, () => clock.currentTimeMillisUnsafe())
    const isSilent = () => received.gone || clock.currentTimeMillisUnsafe() - received.at > idleTimeoutMs
    while (received.bytes.length < handshakeLength) {
      if (isSilent()) return
      yield* Effect.sleep("50 millis")
    }
    const handshake = parseHandshake(received.bytes)
    const view = handshake === null ? undefined : findLiveView(source.world(), handshake)
    const camera = view?.command.camera
    if (view === undefined || camera === undefined || camera === null) return
    const stream = new TransportStream()
    let video: TestVideo | null = null
    let framesShown = 0
    let framesSent = 0
    const write = (type: number, payload: Uint8Array) =>
      socket.write(encodeFrame(type, framesSent++, payload))
    for (let nth = 0; !isSilent() && !hasEnded(view, source.now()); nth++) {
      if (nth % keepAliveTicks === 0) write(frameTypes.keepAlive, Buffer.alloc(0))
      if (nth % ticksPerFrame === 0 && isStreaming(view, source.now())) {
        const frameIndex = framesShown % secondsPerVideo
        if (frameIndex === 0 || video === null) {
          video = makeTestVideo(source.world().seed, {
            cameraKey: cameraKey(camera.kind, camera.id),
            cameraName: camera.name,
            from: source.now(),
            seconds: secondsPerVideo,
          })
        }
        const frame = video.frames[frameIndex] ?? Buffer.alloc(0)
        const bytes = stream.frame(
          frameIndex === 0 ? [...video.parameters, frame] : [frame],
          framesShown * 1000,
        )
        for (let from = 0; from < bytes.length; from += framePayload) {
          write(frameTypes.video, bytes.subarray(from, from + framePayload))
        }
        framesShown += 1
      }
      yield* Effect.sleep(tick)
    }
  }).pipe(Effect.ensuring(Effect.sync(() => socket.end())))

/** The relay of live views: serves each socket it is given over TLS, with a certificate that only itself vouches for. */
export const makeRelay = (source: RelaySource): Effect.Effect<(socket: Socket) => void> =>
  Effect.gen(function* () {
    const context = yield* Effect.cached(makeContext)
    const run = Effect.runForkWith(yield* Effect.context())
    return (socket) =>
      void run(
        Effect.flatMap(context, (secureContext) =>
          serveClient(new TLSSocket(socket, { isServer: true, secureContext }), source),
        ),
      )
  })
