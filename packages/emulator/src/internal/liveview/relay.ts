import { Clock, Effect } from "effect"
import type { Socket } from "node:net"
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls"
import { type TestVideo, makeTestVideo } from "../media/testVideo.ts"
import { hasEnded, isStreaming } from "../world/liveview.ts"
import { cameraKey, type LiveView, type World } from "../world/World.ts"
import { encodeFrame, frameTypes, type Handshake, handshakeLength, parseHandshake } from "./immi.ts"
import { TransportStream } from "./mpegTs.ts"

const tick = "250 millis"
const ticksPerFrame = 4
const idleTimeoutMs = 15_000
const keepAliveTicks = 40 // 10 s
const secondsPerVideo = 5
/** A multiple of the packet size, so that every frame starts with a packet. */
const framePayload = 188 * 64

/** Created at the first live view, because generating the key is slow and most tests need none. */
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

const findLiveView = (world: World, handshake: Handshake): LiveView | undefined => {
  const view = world.liveviews.get(handshake.connectionId)
  if (view === undefined || view.clientId !== handshake.clientId) return undefined
  return matchesIfSent(handshake.serial, view.serial) && matchesIfSent(handshake.token, view.token)
    ? view
    : undefined
}

/** Collects the bytes of the handshake and the time of the last data. */
const listen = (socket: TLSSocket, now: () => number) => {
  const received = { bytes: Buffer.alloc(0), at: now(), closed: false }
  socket.on("data", (chunk: Buffer) => {
    received.at = now()
    if (received.bytes.length < handshakeLength) received.bytes = Buffer.concat([received.bytes, chunk])
  })
  socket.on("error", () => socket.destroy())
  socket.on("close", () => {
    received.closed = true
  })
  return received
}

/** Serves one client until it disconnects, sends nothing for 15 s, or the session ends. */
const serveClient = (socket: TLSSocket, source: RelaySource) =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const received = listen(socket, () => clock.currentTimeMillisUnsafe())
    const isIdle = () => received.closed || clock.currentTimeMillisUnsafe() - received.at > idleTimeoutMs
    while (received.bytes.length < handshakeLength) {
      if (isIdle()) return
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
    for (let index = 0; !isIdle() && !hasEnded(view, source.now()); index++) {
      if (index % keepAliveTicks === 0) write(frameTypes.keepAlive, Buffer.alloc(0))
      if (index % ticksPerFrame === 0 && isStreaming(view, source.now())) {
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

/** Returns a function that serves a live view on a socket over TLS with a self-signed certificate. */
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
