import { timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect } from "effect"
import { BlinkConfig } from "../../BlinkConfig.ts"
import type { ByteRange } from "../../Media.ts"
import { Session } from "../../Session.ts"
import type { CallInput, CallName } from "../endpoints/catalog.ts"
import { findEndpoint } from "../endpoints/findEndpoint.ts"
import { AuthorizedClient } from "../http/AuthorizedClient.ts"
import { beforeSending } from "../http/withAuthorization.ts"
import { maxCamerasAge } from "../rateLimit/retryPolicy.ts"
import type { SnapshotData } from "../toModel/toSnapshot.ts"
import { readFile, streamFile } from "./downloads.ts"
import { makeHomescreenSource } from "./homescreenSource.ts"
import { makeLegacySource } from "./legacySource.ts"
import { makeMediaPages } from "./mediaPages.ts"
import { makeModelCalls } from "./modelCalls.ts"

/** `BlinkApi`: requests whose responses are converted to the model. */
export const makeApi = Effect.gen(function* () {
  const { dialect } = yield* BlinkConfig
  const client = yield* AuthorizedClient
  const session = yield* Session
  const fetchSnapshotData = yield* dialect === "oauth" ? makeHomescreenSource : makeLegacySource
  let latest: SnapshotData = { networks: [], syncModules: [], cameras: [] }
  let latestAt: number | null = null
  const modelCalls = yield* makeModelCalls
  const mediaPages = yield* makeMediaPages(() => latest.cameras)
  const account = Effect.map(beforeSending(session.current), ({ accountId }) => accountId)

  const snapshot = Effect.gen(function* () {
    const accountId = yield* account
    const data = yield* fetchSnapshotData(accountId)
    latest = data
    latestAt = yield* Clock.currentTimeMillis
    return { account: accountId, takenAt: timestampFromMillis(latestAt), ...data }
  }).pipe(Effect.withSpan("BlinkApi.snapshot"))

  const cameras = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const isRecent = latestAt !== null && now - latestAt < maxCamerasAge
    return isRecent ? latest.cameras : (yield* snapshot).cameras
  })

  return {
    account,
    snapshot,
    cameras,
    invalidate: client.invalidate,
    media: dialect === "oauth" ? mediaPages.current : mediaPages.legacy,
    ...modelCalls,
    bytes: (path: string) => Effect.provideService(readFile(path), AuthorizedClient, client),
    stream: (path: string, range?: ByteRange) =>
      Effect.provideService(streamFile(path, range), AuthorizedClient, client),
    path: <Name extends CallName>(name: Name, input: CallInput<Name>) =>
      Effect.flatMap(findEndpoint(name), (endpoint) => client.pathFor(endpoint, input)),
    call: <Name extends CallName>(name: Name, input: CallInput<Name>) =>
      findEndpoint(name).pipe(
        Effect.flatMap((endpoint) => client.send(endpoint, input)),
        Effect.map(({ value }) => value),
        Effect.withSpan(`BlinkApi.${name}`),
      ),
  }
})
