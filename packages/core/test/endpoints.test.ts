import { BlinkApi } from "../src/index.ts"
import { allEndpoints } from "../src/internal/endpoints/catalog.ts"
import type { AnyEndpoint } from "../src/internal/endpoints/Endpoint.ts"
import { openApi } from "../src/internal/endpoints/openApi.ts"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect } from "effect"
import { readFileSync } from "node:fs"
import { cloud, requests, signIn } from "./cloud.ts"
import { reference } from "./reference.ts"

it("docs/blink-cloud.openapi.json is generated from the endpoints", () => {
  const file = new URL("../../../docs/blink-cloud.openapi.json", import.meta.url)
  assert.deepStrictEqual(
    JSON.parse(readFileSync(file, "utf8")),
    JSON.parse(JSON.stringify(openApi())),
    "regenerate it with `pnpm --filter @blink-streams/core openapi`",
  )
})

it("docs/core-reference.md is generated from the docstrings", () => {
  const file = new URL("../../../docs/core-reference.md", import.meta.url)
  assert.strictEqual(
    readFileSync(file, "utf8"),
    reference(),
    "regenerate it with `pnpm --filter @blink-streams/core reference`",
  )
})

const unique = (pick: (endpoint: AnyEndpoint) => string) => new Set(allEndpoints.map(pick)).size

it("Endpoints have unique ids, and unique methods and paths", () => {
  assert.strictEqual(
    unique(({ id }) => id),
    allEndpoints.length,
  )
  assert.strictEqual(
    unique(({ method, path }) => `${method} ${path}`),
    allEndpoints.length,
  )
})

/** Values for all path parameters. */
const pathParameters = {
  network: 5130001,
  camera: 8800101,
  registration: 9120001,
  type: "sedona",
  source: "pir",
  store: "u017",
  file: "1.jpg",
  tier: "u017",
  syncModule: 6210001,
  media: 4410000034,
  page: 1,
  command: 1,
  program: 1,
  siren: 1,
  accessory: 1,
  request: 1,
  manifest: 1,
  clip: 1,
  serial: "X",
  state: "arm",
}

/** Random body of the declared shape. */
const bodyOf = ({ body }: AnyEndpoint) =>
  body === null
    ? Effect.succeed({})
    : Effect.map(
        Arbitrary.sampleEffect(Arbitrary.schema(body), { count: 1, size: 3, seed: 7 }),
        ([value]) => ({ body: value }),
      )

describe("Endpoints on the emulated cloud", () => {
  for (const dialect of ["oauth", "legacy"] as const) {
    it.effect(`BlinkApi.call of every ${dialect} endpoint succeeds or fails with a matching category`, () =>
      Effect.gen(function* () {
        yield* signIn
        const api = yield* BlinkApi
        const own = allEndpoints.filter(
          (endpoint) =>
            endpoint.host !== "signIn" &&
            (endpoint.dialect === "both" || endpoint.dialect === dialect) &&
            !/logout|login|pin/i.test(endpoint.id),
        )
        for (const endpoint of own) {
          const input = {
            ...pathParameters,
            query: { since: "2026-01-01", page: 1, locale: "US" },
            ...(yield* bodyOf(endpoint)),
          }
          const result = yield* Effect.result(api.call(endpoint.id as never, input as never))
          if (result._tag === "Failure") {
            const { category } = result.failure
            assert.include(
              ["not_found", "not_supported", "rejected", "busy"],
              category,
              `${endpoint.id}: ${String(result.failure)}`,
            )
          }
        }
      }).pipe(Effect.provide(cloud({ config: { dialect }, settings: { secondFactor: "off" } }))),
    )
  }

  it.effect("BlinkApi.call rejects endpoints of the other API and files without a request", () =>
    Effect.gen(function* () {
      yield* signIn
      const api = yield* BlinkApi
      const before = (yield* requests()).length
      assert.strictEqual(
        (yield* Effect.flip(api.call("legacyVideos", { page: 0 }))).category,
        "not_supported",
      )
      assert.strictEqual((yield* requests()).length, before)
      // Files are read by path.
      assert.strictEqual(
        (yield* Effect.flip(api.call("clipFileV2", { file: "1.mp4" }))).category,
        "not_supported",
      )
    }).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" } }))),
  )
})
