import { Result } from "effect"
import type { Control } from "../control.ts"
import { type Answer, json } from "../http/Answer.ts"
import { type Ask, isRecord } from "../http/Ask.ts"
import type { OrderRefused } from "../OrderRefused.ts"

type DoorAsk = Pick<Ask, "method" | "path" | "query" | "body">

const refused = ({ field, message }: OrderRefused): Answer => json({ error: message, field }, 400)

const told = (outcome: Result.Result<unknown, OrderRefused>): Answer =>
  Result.match(outcome, {
    onFailure: refused,
    onSuccess: (value) => json(isRecord(value) ? value : { ok: true }),
  })

const parse = (text: string): Result.Result<unknown, string> =>
  Result.try({ try: () => (text === "" ? {} : JSON.parse(text)), catch: (error) => String(error) })

/** `{"kind": "refresh"}`, or the word alone under any other name, or `?kind=refresh`. */
const tokenOrder = (order: unknown, fromQuery: string | null): unknown => {
  const given = isRecord(order) ? order : {}
  const word = Object.values(given).find((value) => value === "access" || value === "refresh") ?? fromQuery
  return word === null || word === undefined ? given : { kind: word }
}

/** The emulator's own door, under `/__emulator/`: JSON in, JSON out. A refusal names its field. */
export const controlDoor =
  (control: Control) =>
  (ask: DoorAsk): Answer => {
    const call = `${ask.method} ${ask.path.replace(/^\/__emulator/, "").replace(/\/$/, "")}`
    const parsed = parse(Buffer.from(ask.body).toString("utf8").trim())
    if (Result.isFailure(parsed))
      return json({ error: `(body): not JSON: ${parsed.failure}`, field: "(body)" }, 400)
    const order = parsed.success
    const faultId = /^DELETE \/faults\/(\d+)$/.exec(call)?.[1]
    if (faultId !== undefined) {
      return control.removeFault(Number(faultId))
        ? json({ ok: true })
        : json({ error: `id: no fault ${faultId}`, field: "id" }, 404)
    }
    switch (call) {
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
        return told(control.motion(order))
      case "POST /change":
        return told(control.change(order))
      case "POST /media":
        return told(control.media(order))
      case "GET /faults":
        return json({ faults: control.world().faults })
      case "POST /faults":
        return told(control.fault(order))
      case "DELETE /faults":
        control.removeFault(null)
        return json({ ok: true })
      case "POST /tokens/expire":
        return told(control.tokens("expire", tokenOrder(order, ask.query.get("kind"))))
      case "POST /tokens/revoke":
        return told(control.tokens("revoke", tokenOrder(order, ask.query.get("kind"))))
      case "POST /clock":
        return told(control.clock(order))
      case "POST /accounts":
        return told(control.addAccount(order))
      case "POST /reset":
        return told(control.reset(order))
      default:
        return json({ error: `no such call: ${call}`, field: "(path)" }, 404)
    }
  }
