import { Result } from "effect"
import type { Control } from "./makeControl.ts"
import { type HttpResponse, json } from "../http/HttpResponse.ts"
import { isFields } from "../http/RouteRequest.ts"
import type { HttpRequest } from "../http/serve.ts"
import type { ControlError } from "../../ControlError.ts"

type ControlRequest = Pick<HttpRequest, "method" | "path" | "query" | "body">

const errorResponse = ({ field, message }: ControlError): HttpResponse => json({ error: message, field }, 400)

const resultResponse = (result: Result.Result<unknown, ControlError>): HttpResponse =>
  Result.match(result, {
    onFailure: errorResponse,
    onSuccess: (value) => json(isFields(value) ? value : { ok: true }),
  })

const parse = (text: string): Result.Result<unknown, string> =>
  Result.try({ try: () => (text === "" ? {} : JSON.parse(text)), catch: (error) => String(error) })

/** Accepts `{"kind": "refresh"}`, the kind under any other key, and `?kind=refresh`. */
const tokenInput = (input: unknown, fromQuery: string | null): unknown => {
  const fields = isFields(input) ? input : {}
  const kind = Object.values(fields).find((value) => value === "access" || value === "refresh") ?? fromQuery
  return kind === null || kind === undefined ? fields : { kind }
}

/** Control API over HTTP under `/__emulator/`, with JSON bodies. Errors are `{error, field}` with status 400 or 404. */
export const makeControlApi =
  (control: Control) =>
  (request: ControlRequest): HttpResponse => {
    const endpoint = `${request.method} ${request.path.replace(/^\/__emulator/, "").replace(/\/$/, "")}`
    const parsed = parse(Buffer.from(request.body).toString("utf8").trim())
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
        const since = Number(request.query.get("since") ?? 0)
        return Number.isSafeInteger(since)
          ? json(control.requests(since))
          : json(
              {
                error: "since: expected a whole number, such as `last` of the previous response",
                field: "since",
              },
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
        return resultResponse(control.tokens("expire", tokenInput(input, request.query.get("kind"))))
      case "POST /tokens/revoke":
        return resultResponse(control.tokens("revoke", tokenInput(input, request.query.get("kind"))))
      case "POST /clock":
        return resultResponse(control.clock(input))
      case "POST /accounts":
        return resultResponse(control.addAccount(input))
      case "POST /reset":
        return resultResponse(control.reset(input))
      default:
        return json({ error: `no such endpoint: ${endpoint}`, field: "(path)" }, 404)
    }
  }
