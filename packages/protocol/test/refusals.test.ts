import { assert, it } from "@effect/vitest"
import { Exit, Schema } from "effect"
import { ClientMessage, ServerMessage } from "../src/index.ts"
import { clientSamples, serverSamples } from "./samples.ts"

type Path = ReadonlyArray<string | number>
type Json = Readonly<Record<string, unknown>>

/** Returns the error of a value that a schema refuses, on one line; `null` when it accepts the value. */
const errorOf = (schema: Schema.Constraint, value: unknown): string | null => {
  const exit = Schema.decodeUnknownExit(schema as Schema.Codec<unknown, unknown>)(value)
  return Exit.isSuccess(exit) ? null : String(exit.cause).replaceAll(/\s+/g, " ")
}

const schemaOf = { ...ClientMessage.cases, ...ServerMessage.cases }
const samples: Readonly<Record<string, Json>> = { ...clientSamples, ...serverSamples }

/** Fields that a message may lack, by type. */
const optionalFields: Readonly<Record<string, ReadonlyArray<string>>> = {
  auth: ["capabilities"],
  subscribe: ["filter", "since", "snapshot"],
  command: ["target", "args", "idempotencyKey", "timeoutMs", "expect"],
  ready: ["id"],
  error: ["id"],
}

/** Fields that select a member of a union. Their error lists the members instead of the field. */
const selectsMember = (type: string, field: string) =>
  type === "result" && (field === "type" || field === "ok")

/** Fields whose value may be any JSON, or null. */
const mayBeNull = (type: string, field: string) =>
  (type === "result" && field === "value") || (type === "snapshot" && field === "asOf")

for (const [type, schema] of Object.entries(schemaOf)) {
  const sample = samples[type]!

  it(`A message \`${type}\` decodes without each optional field, and is refused without any other`, () => {
    for (const field of Object.keys(sample)) {
      const { [field]: _, ...rest } = sample
      const error = errorOf(schema, rest)
      if (optionalFields[type]?.includes(field)) assert.isNull(error, field)
      else assert.include(error, `at ["${field}"]`, field)
    }
  })

  it(`A message \`${type}\` is refused when a field has another type, with an error that names it`, () => {
    for (const [field, value] of Object.entries(sample)) {
      const wrong = typeof value === "object" && value !== null ? 7 : { not: "this" }
      if (type === "result" && field === "value") continue
      const error = errorOf(schema, { ...sample, [field]: wrong })
      assert.include(error, selectsMember(type, field) ? "Expected" : `["${field}"]`, field)
    }
  })

  it(`A message \`${type}\` is refused when a field is null, with an error that names it`, () => {
    for (const field of Object.keys(sample)) {
      if (mayBeNull(type, field)) continue
      const error = errorOf(schema, { ...sample, [field]: null })
      assert.include(error, selectsMember(type, field) ? "Expected" : `["${field}"]`, field)
    }
  })
}

const replaceAt = (value: unknown, [key, ...rest]: Path, replacement: unknown): unknown => {
  if (key === undefined) return replacement
  const inner = replaceAt((value as Json)[key], rest, replacement)
  return Array.isArray(value)
    ? value.map((item: unknown, index) => (index === key ? inner : item))
    : { ...(value as Json), [key]: inner }
}

const long = (length: number) => "x".repeat(length)

/** Values at the limits: message type, path, accepted values, refused values. */
const limits: ReadonlyArray<
  readonly [type: string, path: Path, accepted: ReadonlyArray<unknown>, refused: ReadonlyArray<unknown>]
> = [
  ["auth", ["id"], ["x", long(64)], ["", long(65), 1]],
  ["auth", ["token"], ["", long(512)], [long(513)]],
  ["auth", ["capabilities"], [[], ["a capability of a later version"]], [["a", 1], "resume"]],
  ["subscribe", ["topics"], [[], ["*", "motion"]], ["*", [1]]],
  ["subscribe", ["snapshot"], ["full", "none"], ["half", true]],
  ["subscribe", ["since"], ["", "yesterday", "e:1"], [1, { epoch: "e", seq: 1 }]],
  ["subscribe", ["filter"], [{}], [[], "motion"]],
  ["subscribe", ["filter", "minSeverity"], ["info", "notice", "warning", "alert"], ["fatal", 1]],
  ["subscribe", ["filter", "accounts"], [[1, 2]], [["1"], [1.5], 1]],
  ["subscribe", ["filter", "networks"], [[1]], [["Home"]]],
  ["subscribe", ["filter", "cameras"], [[1]], [[{ kind: "mini", id: 1 }]]],
  ["unsubscribe", ["subscription"], [long(64)], ["", long(65)]],
  ["command", ["idempotencyKey"], ["x", long(128)], ["", long(129)]],
  ["command", ["timeoutMs"], [1, 86_400_000], [0, -1, 1.5, "1000"]],
  ["command", ["target", "kind"], ["camera", "mini", "doorbell"], ["owl", "lotus"]],
  ["command", ["target", "network"], [1], ["1", 1.5]],
  ["command", ["expect", "armed"], [true, false], ["armed", 1]],
  ["command", ["args"], [{}, { a: [1, null, { b: "c" }] }], [[], "on"]],
  ["cancel", ["command"], ["x"], ["", long(65)]],
  ["prompt.submit", ["value"], ["", long(512)], [long(513), 123456]],
  ["hello", ["protocol", "major"], [1, 2], ["1", 1.5]],
  ["hello", ["limits", "heartbeatMs"], [1], ["1", null]],
  ["ready", ["scopes"], [[], ["read", "control", "admin"]], [["write"], "read"]],
  ["snapshot", ["asOf"], [null, "2026-11-24T04:54:59.973Z"], ["yesterday", 1]],
  ["snapshot", ["resume"], ["live", "up_to_date", "replayed", "cannot_replay"], ["resumed"]],
  ["subscribed", ["replayed"], [0, 1], [0.5, "0"]],
  ["state", ["seq"], [0, 1], [-1, 0.5, "1"]],
  ["event", ["sub"], [["2"], []], ["2", [""]]],
  ["event", ["event", "occurredAt"], ["2026-11-24T04:54:59.984Z"], ["now", 1]],
  ["gap", ["reason"], ["cursor_expired", "slow_consumer", "restart", "upstream"], ["lost"]],
  ["gap", ["action"], ["snapshot_follows"], ["nothing_follows"]],
  ["prompts", ["prompts", 0, "kind"], ["two_factor", "reauth", "app_update", "blocked"], ["captcha"]],
  ["prompts", ["prompts", 0, "submitWith"], ["prompt.submit"], ["command"]],
  ["command.status", ["status"], ["accepted", "queued", "running", "verifying"], ["done", "failed"]],
  ["error", ["error", "code"], ["busy", "internal"], ["unheard_of"]],
  ["error", ["error", "category"], ["client", "internal"], ["server"]],
  ["error", ["error", "retryAfterMs"], [0, 1_000], [1.5, "1 s"]],
  ["error", ["error", "details"], [null, { any: ["json"] }], []],
  ["shutdown", ["reconnectAfterMs"], [0, 500], [0.5, "500"]],
]

for (const [type, path, accepted, refused] of limits)
  it(`\`${path.join(".")}\` of the message \`${type}\` is accepted and refused at its limits`, () => {
    const schema = schemaOf[type as keyof typeof schemaOf]
    const sample = samples[type]
    for (const value of accepted)
      assert.isNull(errorOf(schema, replaceAt(sample, path, value)), `accepts ${JSON.stringify(value)}`)
    for (const value of refused) {
      const error = errorOf(schema, replaceAt(sample, path, value))
      const first = path.map((key) => `[${JSON.stringify(key)}]`).join("")
      assert.include(error, first, `refuses ${JSON.stringify(value)}`)
    }
  })

it("An event of an unknown kind is refused with the kinds that exist", () => {
  const { event } = serverSamples.event
  for (const kind of ["earthquake", null])
    assert.include(
      errorOf(ServerMessage.cases.event, { ...serverSamples.event, event: { ...event, kind } }),
      "motion",
    )
})

it("A message of an unknown type is refused by both directions", () => {
  for (const union of [ClientMessage, ServerMessage])
    for (const value of [{ type: "from.the.future" }, {}, null, [], "auth", { type: null }])
      assert.isNotNull(errorOf(union, value), JSON.stringify(value))
})

it("A message of one direction is refused by the other", () => {
  for (const sample of Object.values(clientSamples)) assert.isNotNull(errorOf(ServerMessage, sample))
  for (const sample of Object.values(serverSamples)) assert.isNotNull(errorOf(ClientMessage, sample))
})
