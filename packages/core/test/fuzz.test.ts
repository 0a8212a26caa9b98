import { BlinkAccount, BlinkApi, BlinkError, type MediaPage, TokenStore } from "../src/index.ts"
import { allEndpoints } from "../src/internal/endpoints/catalog.ts"
import type { CameraKind, Snapshot } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Arbitrary, Effect, Layer, Random } from "effect"
import { homescreen, mediaPage } from "./fixtures.ts"
import { type ScriptedResponse, scriptedCloud } from "./scriptedCloud.ts"
import { signedIn } from "./storedSession.ts"

const store = Layer.effect(
  TokenStore,
  Effect.tap(TokenStore, (kept) => Effect.orDie(kept.save(signedIn(10 ** 12)))),
).pipe(Layer.provide(TokenStore.layerMemory))

/** Account whose requests get `response`. */
const account = (response: () => ScriptedResponse, dialect: "oauth" | "legacy" = "oauth") =>
  BlinkAccount.layer({ config: { dialect, apiUrl: "https://127.0.0.1" }, store }).pipe(
    Layer.provide(
      scriptedCloud((request) =>
        request === "GET /user" ? { status: 200, body: { temp_units: "f" } } : response(),
      ).layer,
    ),
  )

/** Mutates a JSON value randomly. */
const mutate = (value: unknown, random: () => number): unknown => {
  if (random() < 0.06) {
    return [null, "text", 12.5, true, [], {}, -1, undefined, { deep: [1] }][Math.floor(random() * 9)]
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => mutate(item, random))
    return random() < 0.1 ? [...items, "extra"] : items
  }
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(() => random() > 0.02)
      .map(([key, item]) => [key, mutate(item, random)]),
  )
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Members of each list of a document, as text. */
const membersOf = (original: object) =>
  new Map(
    Object.entries(original).flatMap(([list, members]: [string, unknown]) =>
      Array.isArray(members)
        ? [[list, new Set(members.map((member) => JSON.stringify(member)))] as const]
        : [],
    ),
  )

/** Ids of the unchanged members of a list that is itself intact. */
const untouched = (mutated: unknown, whole: ReturnType<typeof membersOf>, list: string) => {
  const after = isObject(mutated) ? mutated[list] : null
  return Array.isArray(after)
    ? after
        .filter((member) => whole.get(list)?.has(JSON.stringify(member)))
        .map((member: { readonly id: number }) => member.id)
    : []
}

/** Camera lists of a homescreen with the kind of their cameras. */
const families: ReadonlyArray<readonly [list: string, kind: CameraKind]> = [
  ["cameras", "camera"],
  ["owls", "mini"],
  ["doorbells", "doorbell"],
]

it.effect(
  "BlinkApi returns a value or a BlinkError for 10,000 mutated responses and keeps every intact item",
  () => {
    const original = homescreen(10)
    const page = mediaPage(12)
    const [wholeHome, wholePage] = [membersOf(original), membersOf(page)]
    let response: Exclude<ScriptedResponse, "drop"> = { status: 200, body: original }
    return Effect.gen(function* () {
      const api = yield* BlinkApi
      const generator = yield* Random.Random
      const random = () => generator.nextDoubleUnsafe()
      let read = 0
      for (let n = 0; n < 10_000; n++) {
        const isMedia = n % 4 === 3
        const mutated = mutate(isMedia ? page : original, random)
        const text = JSON.stringify(mutated) ?? ""
        const isTruncated = random() < 0.1
        response = {
          status: 200,
          body: isTruncated ? text.slice(0, Math.floor(random() * text.length)) : mutated,
        }
        const request: Effect.Effect<MediaPage | Snapshot, BlinkError> = isMedia
          ? api.media(null, 1)
          : api.snapshot
        const result = yield* Effect.result(request)
        if (result._tag === "Failure") {
          assert.instanceOf(result.failure, BlinkError)
          continue
        }
        read += 1
        if (isTruncated) continue
        const seen = result.success
        if ("clips" in seen) {
          const ids = new Set(seen.clips.map(({ id }) => Number(id)))
          for (const id of untouched(mutated, wholePage, "media"))
            assert.isTrue(ids.has(id), `clip ${id}, case ${n}`)
          continue
        }
        for (const [list, kind] of families) {
          const ids = new Set(
            seen.cameras.filter((camera) => camera.kind === kind).map(({ id }) => Number(id)),
          )
          for (const id of untouched(mutated, wholeHome, list))
            assert.isTrue(ids.has(id), `${kind} ${id}, case ${n}`)
        }
        for (const [list, members] of [
          ["networks", seen.networks],
          ["sync_modules", seen.syncModules],
        ] as const) {
          const ids = new Set(members.map(({ id }) => Number(id)))
          for (const id of untouched(mutated, wholeHome, list))
            assert.isTrue(ids.has(id), `${list} ${id}, case ${n}`)
        }
      }
      // Most mutated responses are still usable.
      assert.isAbove(read, 5000)
    }).pipe(Effect.provide(account(() => response)), Random.withSeed("mutated responses"))
  },
  180_000,
)

for (const dialect of ["oauth", "legacy"] as const) {
  it.effect(
    `BlinkApi.call returns a value or a BlinkError for mutated responses of every ${dialect} endpoint`,
    () => {
      let response: Exclude<ScriptedResponse, "drop"> = { status: 200, body: {} }
      return Effect.gen(function* () {
        const api = yield* BlinkApi
        const generator = yield* Random.Random
        const random = () => generator.nextDoubleUnsafe()
        const own = allEndpoints.filter(
          (endpoint) =>
            endpoint.host !== "signIn" &&
            endpoint.response !== null &&
            (endpoint.dialect === "both" || endpoint.dialect === dialect),
        )
        for (const endpoint of own) {
          const samples = yield* Arbitrary.sampleEffect(Arbitrary.schema(endpoint.response!), {
            count: 15,
            size: 3,
            seed: 11,
          })
          const bodies =
            endpoint.body === null
              ? [undefined]
              : yield* Arbitrary.sampleEffect(Arbitrary.schema(endpoint.body), { count: 1, size: 2, seed: 7 })
          for (const sample of samples) {
            const text = JSON.stringify(mutate(sample, random)) ?? ""
            response = {
              status: random() < 0.9 ? 200 : 400 + Math.floor(random() * 104),
              body: random() < 0.1 ? text.slice(0, Math.floor(random() * text.length)) : text,
            }
            // These statuses start a back-off or a renewal, which would block the following calls.
            if (
              response.status === 401 ||
              response.status === 403 ||
              response.status === 406 ||
              response.status === 429
            )
              response = { ...response, status: 404 }
            const input = {
              network: 1,
              camera: 1,
              query: {},
              ...(bodies[0] === undefined ? {} : { body: bodies[0] }),
            }
            const result = yield* Effect.result(api.call(endpoint.id as never, input as never))
            if (result._tag === "Failure") assert.instanceOf(result.failure, BlinkError, endpoint.id)
          }
        }
      }).pipe(Effect.provide(account(() => response, dialect)), Random.withSeed("any call"))
    },
    60_000,
  )
}
