import type { FaultInput } from "../../ControlInput.ts"
import { seededFraction } from "../world/seed.ts"
import type { HttpResponse } from "./HttpResponse.ts"

export interface ActiveFault {
  readonly id: number
  readonly fault: FaultInput
  /** Requests that the fault has affected. */
  hits: number
  /** Requests that matched, affected or not. */
  matches: number
}

const pathMatches = (pattern: string, path: string): boolean =>
  pattern.includes("*")
    ? new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", ".*")}$`).test(
        path,
      )
    : path.includes(pattern)

/** Returns true when the fault affects this request, and counts it then. */
export const matchFault = (seed: number, active: ActiveFault, method: string, path: string): boolean => {
  const { match, probability, times } = active.fault
  if (times !== undefined && active.hits >= times) return false
  if (match?.method !== undefined && match.method.toUpperCase() !== method) return false
  if (match?.path !== undefined && !pathMatches(match.path, path)) return false
  active.matches += 1
  if (
    probability !== undefined &&
    seededFraction(seed, `fault/${active.id}/${active.matches}`) >= probability
  )
    return false
  active.hits += 1
  return true
}

/** A response with the transport faults to send it with. */
export interface Delivery {
  readonly response: HttpResponse
  readonly drop: boolean
  readonly truncate: boolean
  readonly delayMs: number
  readonly dripMs: number
}

const faultBody = (body: FaultInput["do"]["body"]): string | undefined =>
  body === undefined || typeof body === "string" ? body : JSON.stringify(body)

const corrupt = (body: string | Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(body).subarray(0, Math.floor(body.length / 2)), Buffer.from("\u0000<!--~%")])

/** Applies all matched faults to the response; a later fault overrides an earlier one. Skips `respond` if a fault replaces it. */
export const applyFaults = (
  matched: ReadonlyArray<FaultInput["do"]>,
  respond: () => HttpResponse,
): Delivery => {
  const merged: FaultInput["do"] = Object.assign({}, ...matched)
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
