import { assert, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  capabilities,
  ClientMessage,
  closeCodes,
  ErrorCategory,
  ErrorCode,
  errorCodes,
  ProtocolError,
  protocolError,
  requiredScopes,
  ServerMessage,
  subprotocol,
  TokenScope,
  version,
} from "../src/index.ts"
import { documentLines } from "./samples.ts"

const snakeCase = /^[a-z]+(_[a-z]+)*$/
const isSentence = (text: string) => /^[A-Z`].*\.$/.test(text)

it("PROTOCOL.md explains every error code, close code and message type", () => {
  for (const [code, { category, retryable, since, meaning }] of Object.entries(errorCodes))
    assert.include(
      documentLines,
      `| \`${code}\` | ${category} | ${retryable ? "yes" : "no"} | 1.${since} | ${meaning} |`,
    )
  for (const [code, { name, reconnect, failure, meaning }] of Object.entries(closeCodes))
    assert.include(
      documentLines,
      `| ${code} | \`${name}\` | ${reconnect ? "yes" : "no"} | ${failure === null ? "–" : `\`${failure}\``} | ${meaning} |`,
    )
  for (const type of Object.keys({ ...ClientMessage.cases, ...ServerMessage.cases }))
    assert.isTrue(
      documentLines.some((line) => line.includes(`\`${type}\``)),
      type,
    )
})

const inDocument = (scope: string) => (scope === "none" ? "none" : `\`${scope}\``)

it("PROTOCOL.md has the scope of every message and route, and of no other", () => {
  const messages = documentLines.flatMap(
    (line) => /^\| `([\w.]+)` `\{.*?\}` \| (\S+) \|/.exec(line)?.slice(1) ?? [],
  )
  assert.deepStrictEqual(
    messages,
    Object.entries(requiredScopes.messages).flatMap(([type, scope]) => [type, inDocument(scope)]),
  )
  const routes = documentLines.flatMap(
    (line) => /^\| `((?:GET|POST|DELETE) \S+)` \| (\S+) \|$/.exec(line)?.slice(1) ?? [],
  )
  assert.deepStrictEqual(
    routes,
    Object.entries(requiredScopes.routes).flatMap(([name, scope]) => [name, inDocument(scope)]),
  )
})

it("The permission table has every message of a client, and only scopes of tokens", () => {
  assert.sameMembers(Object.keys(requiredScopes.messages), Object.keys(ClientMessage.cases))
  const scopes = new Set<string>(["none", ...TokenScope.literals])
  for (const [name, scope] of Object.entries({ ...requiredScopes.messages, ...requiredScopes.routes }))
    assert.isTrue(scopes.has(scope), name)
})

it("Only requests without account data, and those with a permission of their own, need no token", () => {
  const open = Object.entries({ ...requiredScopes.messages, ...requiredScopes.routes })
    .filter(([, scope]) => scope === "none")
    .map(([name]) => name)
  assert.deepStrictEqual(open, [
    "auth",
    "GET /v1/media/{account}/{file}",
    "POST /v1/session",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /schema/v1/{name}",
    "GET /v1/docs",
    "GET /",
  ])
})

it("A route that changes something requires more than the scope `read`", () => {
  for (const [name, scope] of Object.entries(requiredScopes.routes))
    if (!name.startsWith("GET ") && name !== "POST /v1/session")
      assert.include(["control", "admin"], scope, name)
})

it("Every error code has a snake_case name, a known category and a meaning", () => {
  for (const [code, { category, since, meaning }] of Object.entries(errorCodes)) {
    assert.match(code, snakeCase)
    assert.include(ErrorCategory.literals, category, code)
    assert.isAtMost(since, version.minor, code)
    assert.isTrue(isSentence(meaning), code)
  }
  assert.sameMembers([...ErrorCode.literals], Object.keys(errorCodes))
})

it("Every error category has an error code", () => {
  const used = new Set(Object.values(errorCodes).map(({ category }) => category))
  assert.sameMembers([...used], [...ErrorCategory.literals])
})

it("The same request may succeed later without a user after these errors, and no others", () => {
  const retryable = Object.entries(errorCodes)
    .filter(([, info]) => info.retryable)
    .map(([code]) => code)
  assert.deepStrictEqual(retryable, [
    "too_many_in_flight",
    "rate_limited",
    "cloud_throttled",
    "busy",
    "unreachable",
    "internal",
  ])
})

it("An error that a client caused by what it sent is never retryable, except for a limit", () => {
  for (const [code, { category, retryable }] of Object.entries(errorCodes))
    if (category === "client" || category === "auth")
      assert.strictEqual(retryable, code === "too_many_in_flight", code)
})

it.each(ErrorCode.literals)("protocolError builds a valid error of the code %s", (code) => {
  const error = protocolError(code, "a sentence", "c1")
  const { category, retryable } = errorCodes[code]
  assert.deepStrictEqual(error, { code, category, retryable, message: "a sentence", correlationId: "c1" })
  assert.isTrue(Schema.is(ProtocolError)(error))
})

it("protocolError adds the minimum delay and details", () => {
  const extra = { retryAfterMs: 1_500, details: { commands: ["arm"] } }
  assert.deepInclude(protocolError("busy", "a sentence", "c1", extra), extra)
})

it("Every close code is a code for applications, or a standard code that a server may send", () => {
  const standard = new Set([1000, 1001, 1009])
  for (const code of Object.keys(closeCodes).map(Number))
    assert.isTrue(standard.has(code) || (code >= 4000 && code <= 4999), String(code))
})

it("Every close code has a snake_case name of its own and a meaning that fits a close frame", () => {
  const names = Object.values(closeCodes).map(({ name }) => name)
  assert.strictEqual(new Set(names).size, names.length)
  for (const { name, meaning } of Object.values(closeCodes)) {
    assert.match(name, snakeCase)
    assert.isTrue(isSentence(meaning), name)
    // A reason has at most 123 bytes (RFC 6455, 5.5).
    assert.isAtMost(Buffer.byteLength(meaning), 123, name)
  }
})

it("A client reconnects after these close codes, and no others", () => {
  const reconnecting = Object.values(closeCodes)
    .filter(({ reconnect }) => reconnect)
    .map(({ name }) => name)
  assert.deepStrictEqual<ReadonlyArray<string>>(reconnecting, [
    "shutdown",
    "heartbeat_lost",
    "rate_limited",
    "slow_consumer",
  ])
})

it("A client reconnects after every close code that reports an unreachable server, and after no other failure", () => {
  for (const { name, reconnect, failure } of Object.values(closeCodes))
    assert.strictEqual(reconnect, failure === "unreachable", name)
})

it("A close code that shares its name with an error code is for the same mistake", () => {
  const shared = Object.values(closeCodes)
    .map(({ name }) => name)
    .filter((name) => name in errorCodes)
  assert.sameMembers<string>(shared, ["malformed", "unauthenticated", "forbidden", "rate_limited"])
})

it("The name of the subprotocol contains the major version", () => {
  assert.strictEqual(subprotocol, `blink-streams.v${version.major}`)
  assert.isAtMost(version.minMinor, version.minor)
})

it("PROTOCOL.md lists every capability in the recorded `hello`", () => {
  const hello = documentLines.find((line) => line.startsWith('← {"type":"hello"'))
  assert.include(hello, `"capabilities":${JSON.stringify(capabilities)}`)
})
