import { Result } from "effect"
import type { Control } from "./makeControl.ts"
import { type HttpResponse, json } from "../http/HttpResponse.ts"
import { type RouteRequest, isRecord } from "../http/RouteRequest.ts"
import type { ControlError } from "../../ControlError.ts"

type ControlRequest = Pick<RouteRequest, "method" | "path" | "query" | "body">

const errorResponse = ({ field, message }: ControlError): HttpResponse => json({ error: message, field }, 400)

const resultResponse = (outcome: Result.Result<unknown, ControlError>): HttpResponse =>
  Result.match(outcome, {
    onFailure: errorResponse,
    onSuccess: (value) => json(isRecord(value) ? value : { ok: true }),
  })

const parse = (text: string): Result.Result<unknown, string> =>
  Result.try({ try: () => (text === "" ? {} : JSON.parse(text)), catch: (error) => String(error) })

/** `{"kind": "refresh"}`, or the word alone under any other name, or `?kind=refresh`. */
const tokenInput = (order: unknown, fromQuery: string | null): unknown => {
  const given = isRecord(order) ? order : {}
  const word = Object.values(given).find((value) => value === "access" || value === "refresh") ?? fromQuery
  return word === null || word === undefined ? given : { kind: word }
}

/** The emulator's own door, under `/__emulator/`: JSON in, JSON out. A refusal names its field. */
export const makeControlApi =
  (control: Control) =>
  (ask: ControlRequest): HttpResponse => {
    const endpoint = `${ask.method} ${ask.path.replace(/^\/__emulator/, "").replace(/\/$/, "")}`
    const parsed = parse(Buffer.from(ask.body).toString("utf8").trim())
    if (Result.isFailure(parsed))
      return json({ error: `(body): not JSON: ${parsed.failure}`, field: "(body)" }, 400)
    const input = parsed.success
    const faultId = /^DELETE \/faults\/(\d+)$/.exec(endpoint)?.[1]
    if (faultId !== undefined) {
      return control.removeFault(Number(faultId))
        ? json({ ok: true })
        : json({ error: `id: no fault ${faultId}`, field: "id" }, 404)
    }
    switch (endpoint) {
      case "GET /world":
        return json(control.world())
      case "GET /requests": {
        const since = Number(ask.query.get("since") ?? 0)
        return Number.isSafeInteger(since)
          ? json(control.requests(since))
          : json(
              { error: "since: a whole number is wanted, as `last` in the answer before", field: "since" },
              400,
            )
      }
      case "POST /motion":
        return resultResponse(control.motion(input))
      case "POST /change":
        return resultResponse(control.change(input))
      case "POST /media":
        return resultResponse(control.media(input))
      case "GET /faults":
        return json({ faults: control.world().faults })
      case "POST /faults":
        return resultResponse(control.fault(input))
      case "DELETE /faults":
        control.removeFault(null)
        return json({ ok: true })
      case "POST /tokens/expire":
        return resultResponse(control.tokens("expire", tokenInput(input, ask.query.get("kind"))))
      case "POST /tokens/revoke":
        return resultResponse(control.tokens("revoke", tokenInput(input, ask.query.get("kind"))))
      case "POST /clock":
        return resultResponse(control.clock(input))
      case "POST /accounts":
        return resultResponse(control.addAccount(input))
      case "POST /reset":
        return resultResponse(control.reset(input))
      default:
        return json({ error: `no such call: ${endpoint}`, field: "(path)" }, 404)
    }
  }
