import { json } from "../http/Answer.ts"
import { field, fields } from "../http/Ask.ts"
import { account, type Asked, type Route } from "../http/Route.ts"
import { ts } from "../wire/time.ts"
import { removeRegistration } from "../world/signIn.ts"
import type { Registration } from "../world/World.ts"
import { pinSent, verifyPin } from "./pin.ts"

/** The list is behind a PIN of its own. No refusal has been published; this one is ours. */
const locked = json({ message: "PIN verification required", code: 1621 }, 403)

const behindPin = (answer: (ask: Asked) => ReturnType<typeof json>) => (ask: Asked) =>
  ask.session.registration.controlPanel ? answer(ask) : locked

const row = ({ id, name, dialect, createdAt, updatedAt }: Registration) => ({
  id,
  name,
  client_type: dialect === "legacy" ? "android" : "ios",
  created_at: ts(createdAt),
  updated_at: ts(updatedAt),
})

const list = ({ account }: Asked) =>
  json({ clients: account.registrations.filter(({ removed }) => !removed).map(row) })

/** What a person does to an install that should no longer get in. */
const strikeOff = (ask: Asked) => {
  const wanted = Number(field(fields(ask), "client_id") ?? ask.session.registration.id)
  const registration = ask.account.registrations.find(({ id, removed }) => id === wanted && !removed)
  if (registration === undefined) return json({ message: "Client not found", code: 404 }, 404)
  removeRegistration(ask.world, registration)
  registration.struckOff = true
  return json({ message: "Client deleted", code: 240 })
}

const unlock = (ask: Asked) => {
  const answer = verifyPin(ask)
  ask.session.registration.controlPanel ||= answer.status === 200
  return answer
}

const prefixes = [
  { path: "/api/v1/clients/:client/control_panel", evidence: "app" },
  { path: "/api/v1/accounts/:account/clients/:client/control_panel", evidence: "client" },
] as const

export const controlPanelRoutes: ReadonlyArray<Route> = prefixes.flatMap(({ path, evidence }) => [
  account(`POST ${path}/request_pin`, { evidence }, pinSent),
  account(`POST ${path}/pin/resend`, { evidence }, pinSent),
  account(`POST ${path}/pin/verify`, { evidence }, unlock),
  account(`GET ${path}/clients`, { evidence }, behindPin(list)),
  account(`POST ${path}/delete`, { evidence }, behindPin(strikeOff)),
])
