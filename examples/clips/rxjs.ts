/**
 * RxJS: downloads the newest clip, then reads the first bytes of a Mini's live view.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/clips/rxjs.ts
 */
import { BlinkAccount, BlinkError, TokenStore } from "@blink-streams/core"
import { cloudStreams } from "@blink-streams/core/rx"
import { Duration, Layer, ManagedRuntime } from "effect"
import { FetchHttpClient } from "effect/http"
import { concat, concatMap, EMPTY, filter, lastValueFrom, take, tap } from "rxjs"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

await using runtime = ManagedRuntime.make(
  BlinkAccount.layer({
    config: { apiUrl, oauthUrl },
    store: TokenStore.layerFile(`${folder}/session.json`),
  }).pipe(Layer.provide(FetchHttpClient.layer)),
)
const { snapshots, media, download, live } = cloudStreams(await runtime.context())
const { snapshot$ } = snapshots(Duration.minutes(1))

// Unsubscribing aborts the download; the next one resumes from the partial file.
const clip$ = media(null, 1).pipe(
  concatMap(({ clips }) => {
    const clip = clips.find(({ deleted, partial, media: path }) => !deleted && !partial && path !== null)
    if (!clip?.media) return EMPTY
    return download(clip.media, `${folder}/${clip.id}.mp4`).pipe(
      filter(({ done }) => done),
      tap(({ received }) => console.log(`clip of ${clip.cameraName}:`, received, "bytes")),
    )
  }),
)

// Unsubscribing closes the cloud's live session.
const live$ = snapshot$.pipe(
  take(1),
  concatMap(({ cameras }) => {
    const mini = cameras.find(({ kind }) => kind === "mini")
    if (!mini) return EMPTY
    return live({ network: mini.networkId, kind: mini.kind, camera: mini.id }).pipe(
      take(1),
      tap(({ length }) => console.log(`live from ${mini.name}:`, length, "bytes")),
    )
  }),
)

// Poll first: clips are matched with the cameras of a snapshot.
await lastValueFrom(concat(snapshot$.pipe(take(1)), clip$, live$), { defaultValue: null }).catch(
  (error: unknown) => console.error(error instanceof BlinkError ? error.hint : error),
)
