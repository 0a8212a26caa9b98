/**
 * Effect: downloads the newest clip, then reads the first bytes of a Mini's live view.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/clips/effect.ts
 */
import { BlinkAccount, BlinkApi, downloadTo, LiveView, TokenStore } from "@blink-streams/core"
import { Console, Effect, Layer, Stream } from "effect"
import { FetchHttpClient } from "effect/http"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

const program = Effect.gen(function* () {
  const api = yield* BlinkApi
  const live = yield* LiveView
  const { cameras } = yield* api.snapshot
  const { clips } = yield* api.media(null, 1)

  const clip = clips.find(({ deleted, partial, media }) => !deleted && !partial && media !== null)
  // An interrupted download resumes from the partial file the next time.
  if (clip?.media) {
    yield* downloadTo(clip.media, `${folder}/${clip.id}.mp4`).pipe(
      Stream.filter(({ done }) => done),
      Stream.runForEach(({ received }) => Console.log(`clip of ${clip.cameraName}:`, received, "bytes")),
    )
  }

  const mini = cameras.find(({ kind }) => kind === "mini")
  if (mini) {
    // MPEG-TS with back-pressure. The cloud's live session is closed when the stream ends.
    const view = live.watch({ network: mini.networkId, kind: mini.kind, camera: mini.id })
    yield* view.pipe(
      Stream.take(1),
      Stream.runForEach(({ length }) => Console.log(`live from ${mini.name}:`, length, "bytes")),
    )
  }
}).pipe(Effect.catchTag("BlinkError", (error) => Console.error(error.hint)))

const account = BlinkAccount.layer({
  config: { apiUrl, oauthUrl },
  store: TokenStore.layerFile(`${folder}/session.json`),
}).pipe(Layer.provide(FetchHttpClient.layer))

await Effect.runPromise(Effect.provide(program, account))
