import { Clock, Effect } from "effect"
import type { Socket } from "node:net"
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls"
import { type Film, makeFilm } from "../media/film.ts"
import { hasEnded, isStreaming, type LiveView } from "../world/liveview.ts"
import { cameraKey, type World } from "../world/World.ts"
import { frame, frameTypes, type Greeting, greetingLength, readGreeting } from "./immi.ts"
import { TransportStream } from "./mpegTs.ts"

const tick = "250 millis"
const ticksPerPicture = 4
const silenceAllowed = 15_000
const keepAliveEvery = 40 // ticks, ten seconds
const secondsPerFilm = 5
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

interface Source {
  readonly world: () => World
  readonly now: () => number
}

const agrees = (told: string, known: string): boolean => told === "" || told === known

const viewOf = (world: World, greeting: Greeting): LiveView | undefined => {
  const view = world.liveviews.get(greeting.connection)
  if (view === undefined || view.clientId !== greeting.clientId) return undefined
  return agrees(greeting.serial, view.serial) && agrees(greeting.token, view.token) ? view : undefined
}

/** Everything that the client has sent, and when it last did. */
const listen = (socket: TLSSocket, now: () => number) => {
  const heard = { bytes: Buffer.alloc(0), at: now(), gone: false }
  socket.on("data", (piece: Buffer) => {
    heard.at = now()
    if (heard.bytes.length < greetingLength) heard.bytes = Buffer.concat([heard.bytes, piece])
  })
  socket.on("error", () => socket.destroy())
  socket.on("close", () => {
    heard.gone = true
  })
  return heard
}

/** Serves one client until it leaves, falls silent, or the session is done. */
const attend = (socket: TLSSocket, source: Source) =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const heard = listen(socket, () => clock.currentTimeMillisUnsafe())
    const isSilent = () => heard.gone || clock.currentTimeMillisUnsafe() - heard.at > silenceAllowed
    while (heard.bytes.length < greetingLength) {
      if (isSilent()) return
      yield* Effect.sleep("50 millis")
    }
    const greeting = readGreeting(heard.bytes)
    const view = greeting === null ? undefined : viewOf(source.world(), greeting)
    const camera = view?.command.camera
    if (view === undefined || camera === undefined || camera === null) return
    const stream = new TransportStream()
    let film: Film | null = null
    let shown = 0
    let sent = 0
    const write = (type: number, payload: Uint8Array) => socket.write(frame(type, sent++, payload))
    for (let nth = 0; !isSilent() && !hasEnded(view, source.now()); nth++) {
      if (nth % keepAliveEvery === 0) write(frameTypes.keepAlive, Buffer.alloc(0))
      if (nth % ticksPerPicture === 0 && isStreaming(view, source.now())) {
        const place = shown % secondsPerFilm
        if (place === 0 || film === null) {
          film = makeFilm(source.world().seed, {
            cameraKey: cameraKey(camera.kind, camera.id),
            cameraName: camera.name,
            from: source.now(),
            seconds: secondsPerFilm,
          })
        }
        const picture = film.pictures[place] ?? Buffer.alloc(0)
        const bytes = stream.picture(place === 0 ? [...film.parameters, picture] : [picture], shown * 1000)
        for (let from = 0; from < bytes.length; from += framePayload) {
          write(frameTypes.video, bytes.subarray(from, from + framePayload))
        }
        shown += 1
      }
      yield* Effect.sleep(tick)
    }
  }).pipe(Effect.ensuring(Effect.sync(() => socket.end())))

/** The relay of live views: serves each socket it is given over TLS, with a certificate that only itself vouches for. */
export const makeRelay = (source: Source): Effect.Effect<(socket: Socket) => void> =>
  Effect.gen(function* () {
    const context = yield* Effect.cached(makeContext)
    const run = Effect.runForkWith(yield* Effect.context())
    return (socket) =>
      void run(
        Effect.flatMap(context, (secureContext) =>
          attend(new TLSSocket(socket, { isServer: true, secureContext }), source),
        ),
      )
  })
