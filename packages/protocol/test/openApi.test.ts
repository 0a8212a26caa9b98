import { assert, it } from "@effect/vitest"
import { contractFiles, EventPage, protocolError, requiredScopes } from "../src/index.ts"
import { decoderOf, type Json, resolve } from "./jsonSchema.ts"
import { clientSamples, recordedFrames, serverSamples } from "./samples.ts"

interface Operation {
  readonly summary: string
  readonly security: ReadonlyArray<Readonly<Record<string, ReadonlyArray<string>>>>
  readonly parameters?: ReadonlyArray<{
    readonly name: string
    readonly in: string
    readonly required?: boolean
  }>
  readonly requestBody?: { readonly content: Json }
  readonly responses: Readonly<Record<string, Json>>
}

const document = contractFiles()["openapi.json"] as Json
const paths = document["paths"] as Readonly<Record<string, Readonly<Record<string, Operation>>>>

/** Operations by route, as the permission table names them. */
const operations = new Map<string, Operation>(
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  ),
)

/** Returns the decoder of a JSON body of an operation. */
const bodyDecoder = (content: unknown) => {
  const { schema } = (content as Json)["application/json"] as { readonly schema: Json }
  return decoderOf(schema)
}

const responseDecoder = (route: string, status: string) =>
  bodyDecoder(resolve(document, operations.get(route)!.responses[status]!)["content"])

it("The OpenAPI document has exactly the routes of the permission table", () => {
  assert.sameMembers([...operations.keys()], Object.keys(requiredScopes.routes))
})

for (const [route, scope] of Object.entries(requiredScopes.routes))
  it(`The operation \`${route}\` names the scope ${scope}`, () => {
    const { security, summary } = operations.get(route)!
    assert.deepStrictEqual<unknown>(security, scope === "none" ? [] : [{ token: [scope] }])
    assert.strictEqual(/Scope `(\w+)`\.$/.exec(summary)?.[1] ?? "none", scope)
  })

it("Every security requirement and reference of the OpenAPI document is defined in it", () => {
  const components = document["components"] as { readonly securitySchemes: Json }
  for (const { security } of operations.values())
    for (const name of security.flatMap((requirement) => Object.keys(requirement)))
      assert.property(components.securitySchemes, name)
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"(#\/components[^"]+)"/g)]
  assert.isNotEmpty(references)
  for (const [, reference = ""] of references)
    assert.isObject(resolve(document, { $ref: reference }), reference)
})

it("Every operation declares the parameters of its path, once and as required", () => {
  for (const [route, { parameters = [] }] of operations) {
    const declared = parameters.filter((parameter) => parameter.in === "path")
    const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    assert.deepStrictEqual(
      declared.map(({ name }) => name),
      inPath,
      route,
    )
    for (const { required } of declared) assert.isTrue(required, route)
    const names = parameters.map(({ name }) => name)
    assert.strictEqual(new Set(names).size, names.length, route)
  }
})

it("Every operation has a summary that is a sentence, a success and the error object as default", () => {
  for (const [route, { summary, responses }] of operations) {
    assert.match(summary, /^[A-Z].*[.`]$/, route)
    assert.isTrue(
      Object.keys(responses).some((status) => /^[12]\d\d$/.test(status)),
      route,
    )
    assert.isString(resolve(document, responses["default"]!)["description"], route)
  }
})

it("The error object of OpenAPI describes the errors that a server sends, and no success", () => {
  const decode = responseDecoder("GET /v1/state", "default")
  assert.isTrue(decode({ ok: false, error: protocolError("busy", "busy", "c1", { retryAfterMs: 5 }) }))
  assert.isFalse(decode({ ok: true, value: null }))
  assert.isFalse(decode({ ok: false }))
  assert.isFalse(decode({ ok: false, error: { code: "unheard_of" } }))
})

it("The responses of OpenAPI describe the messages that PROTOCOL.md records", () => {
  const state = responseDecoder("GET /v1/state", "200")
  const { id: _, resume: __, replayed: ___, ...snapshot } = serverSamples.snapshot
  const reader = {
    account: 7300142,
    name: "porch-light",
    cursor: snapshot.cursor,
    lag: { events: 3, seconds: 1.5, share: 0.000003 },
    open: true,
    savedAt: "2026-03-14T06:00:00.000Z",
  }
  assert.isTrue(state({ ...snapshot, readers: [reader] }))
  assert.isFalse(state({ ...snapshot, readers: [{ ...reader, lag: 3 }] }))
  assert.isFalse(state({ ...snapshot, readers: [], state: null }))

  const page = responseDecoder("GET /v1/events", "200")
  const events = recordedFrames.server
    .filter((frame) => frame.includes('"replayed":true'))
    .map((frame) => JSON.parse(frame))
  const { cursor } = serverSamples.heartbeat
  const body = { events, previous: cursor, next: cursor, more: false }
  assert.isNotEmpty(events)
  assert.isTrue(page(body))
  assert.isFalse(page({ ...body, more: undefined }))
  assert.sameMembers(Object.keys(body), Object.keys(EventPage.fields))

  const result = responseDecoder("POST /v1/commands", "200")
  assert.isTrue(result({ ok: true, value: null }))
  assert.isFalse(result({ ok: false, value: null }))
})

it("The body of a command in OpenAPI is the message `command` without its envelope", () => {
  const decode = bodyDecoder(operations.get("POST /v1/commands")!.requestBody!.content)
  const { type: _, id: __, ...command } = clientSamples.command
  assert.isTrue(decode(command))
  assert.isTrue(decode({ name: "arm" }))
  assert.isFalse(decode({ ...command, name: undefined }))
  assert.isFalse(decode({ ...command, timeoutMs: 0 }))
})
