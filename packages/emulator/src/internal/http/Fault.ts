import { Schema } from "effect"
import { seededFraction } from "../world/seed.ts"
import type { HttpResponse } from "./HttpResponse.ts"

/** A misbehaviour that a test asks for. What it does may be combined. */
export const Fault = Schema.Struct({
  match: Schema.optionalKey(
    Schema.Struct({
      /** Part of the path; with `*` for anything, the whole path. */
      path: Schema.optionalKey(Schema.String),
      method: Schema.optionalKey(Schema.String),
    }),
  ),
  /** Ends after so many requests. */
  times: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0))),
  /** Of the requests that match, from 0 to 1; which ones, the seed says. */
  probability: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))),
  do: Schema.Struct({
    /** Answers with this instead; the request has no effect. */
    status: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 100, maximum: 599 }))),
    body: Schema.optionalKey(Schema.Union([Schema.String, Schema.Record(Schema.String, Schema.Unknown)])),
    content_type: Schema.optionalKey(Schema.String),
    delay_ms: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
    /** Cuts the connection: `before` anything happened, or `after` it did, so that the client cannot know. */
    drop: Schema.optionalKey(Schema.Literals(["before", "after"])),
    retry_after_s: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
    /** Announces the whole body, sends half of it and cuts the connection. */
    truncate: Schema.optionalKey(Schema.Boolean),
    /** Half of the body followed by nonsense, under the right status and type. */
    garbage: Schema.optionalKey(Schema.Boolean),
    /** Sends the body in sixteen pieces, with so long between them. */
    drip_ms: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0))),
    expire_tokens: Schema.optionalKey(Schema.Literals(["access", "refresh"])),
    advance_ms: Schema.optionalKey(Schema.Int),
  }),
})
export type Fault = typeof Fault.Type

export interface ActiveFault {
  readonly id: number
  readonly fault: Fault
  hits: number
  seen: number
}

const pathMatches = (wanted: string, path: string): boolean =>
  wanted.includes("*")
    ? new RegExp(`^${wanted.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", ".*")}$`).test(
        path,
      )
    : path.includes(wanted)

/** Whether this request meets the fault, which then has one time less to go. */
export const matchFault = (seed: number, active: ActiveFault, method: string, path: string): boolean => {
  const { match, probability, times } = active.fault
  if (times !== undefined && active.hits >= times) return false
  if (match?.method !== undefined && match.method.toUpperCase() !== method) return false
  if (match?.path !== undefined && !pathMatches(match.path, path)) return false
  active.seen += 1
  if (probability !== undefined && seededFraction(seed, `fault/${active.id}/${active.seen}`) >= probability)
    return false
  active.hits += 1
  return true
}

export interface Delivery {
  readonly response: HttpResponse
  readonly drop: boolean
  readonly truncate: boolean
  readonly delayMs: number
  readonly dripMs: number
}

const faultBody = (body: Fault["do"]["body"]): string | undefined =>
  body === undefined || typeof body === "string" ? body : JSON.stringify(body)

const corrupt = (body: string | Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(body).subarray(0, Math.floor(body.length / 2)), Buffer.from("\u0000<!--~%")])

/** Answers through all faults that strike, in the order in which they were made. */
export const applyFaults = (matched: ReadonlyArray<Fault["do"]>, respond: () => HttpResponse): Delivery => {
  const merged: Fault["do"] = Object.assign({}, ...matched)
  const replaced = merged.status !== undefined || merged.drop === "before"
  const response: HttpResponse = replaced
    ? { status: merged.status ?? 500, headers: {}, body: "" }
    : respond()
  const body = faultBody(merged.body)
  const type =
    merged.content_type ??
    (body === undefined ? undefined : typeof merged.body === "string" ? "text/html" : "application/json")
  return {
    response: {
      status: response.status,
      headers: {
        ...response.headers,
        ...(type === undefined ? {} : { "content-type": type }),
        ...(merged.retry_after_s === undefined ? {} : { "retry-after": String(merged.retry_after_s) }),
      },
      body: merged.garbage === true ? corrupt(body ?? response.body) : (body ?? response.body),
    },
    drop: merged.drop !== undefined,
    truncate: merged.truncate === true,
    delayMs: merged.delay_ms ?? 0,
    dripMs: merged.drip_ms ?? 0,
  }
}
