import { blinkError, Reason } from "../src/index.ts"
import { assert, it } from "@effect/vitest"
import { Duration, Schema } from "effect"
import { readFileSync } from "node:fs"

/** One random sample of each reason. */
const reasons = Reason.members.map((member) => member.make(sampleOf(member)))

function sampleOf(member: (typeof Reason.members)[number]): never {
  const samples: Record<string, unknown> = {
    restart: false,
    channel: "sms",
    detail: "something",
    retryAfter: Duration.minutes(5),
    status: 400,
    statusCode: 523,
    code: null,
    cause: new Error("inner"),
  }
  return Object.fromEntries(
    Object.keys(member.fields).flatMap((key) => (key in samples ? [[key, samples[key]]] : [])),
  ) as never
}

it("docs/errors.md lists every reason with its category and retryability", () => {
  const document = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8")
  const rows = [...document.matchAll(/^\| `(\w+)` +\| `(\w+)` +\| (yes|no) +\|/gm)].map(([, ...cells]) =>
    cells.join(" "),
  )
  const expected = reasons.map((reason) => {
    const { category, retryable } = blinkError("test", reason, "yes")
    return `${reason._tag} ${category} ${retryable ? "yes" : "no"}`
  })
  assert.sameMembers(rows, expected)
})

it("BlinkError.hint is one or two sentences for every reason", () => {
  for (const reason of reasons) {
    const { hint } = blinkError("test", reason, "yes")
    assert.match(hint, /^[A-Z][^{}[\]]{15,}[.:\w]$/, reason._tag)
  }
})

it("BlinkError reasons survive encoding to JSON and decoding", () => {
  for (const reason of reasons) {
    const error = blinkError("test", reason, "yes")
    const codec = Schema.toCodecJson(Reason)
    const text = JSON.stringify(Schema.encodeUnknownSync(codec)(error.reason))
    assert.strictEqual(Schema.decodeUnknownSync(codec)(JSON.parse(text))._tag, reason._tag)
  }
})
