/**
 * Promises: downloads the newest clip, then reads the first bytes of a Mini's live view.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/clips/promises.ts
 */
import { BlinkError, TokenStore } from "@blink-streams/core"
import { openAccount } from "@blink-streams/core/promise"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

await using account = await openAccount({
  config: { apiUrl, oauthUrl },
  store: TokenStore.layerFile(`${folder}/session.json`),
})
// Every call takes a signal. An aborted download resumes from the partial file the next time.
const stop = new AbortController()
process.once("SIGINT", () => stop.abort())
const { signal } = stop

try {
  const { cameras } = await account.snapshot({ signal })
  const { clips } = await account.media(null, 1, { signal })

  const clip = clips.find(({ deleted, partial, media }) => !deleted && !partial && media !== null)
  if (clip?.media) {
    const size = await account.download(clip.media, `${folder}/${clip.id}.mp4`, { signal })
    console.log(`clip of ${clip.cameraName}:`, size, "bytes")
  }

  const mini = cameras.find(({ kind }) => kind === "mini")
  if (mini) {
    // Leaving the loop closes the cloud's live session.
    const view = account.live({ network: mini.networkId, kind: mini.kind, camera: mini.id }, { signal })
    for await (const { length } of view) {
      console.log(`live from ${mini.name}:`, length, "bytes")
      break
    }
  }
} catch (error) {
  console.error(error instanceof BlinkError ? error.hint : error)
}
