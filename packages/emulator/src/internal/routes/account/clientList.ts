import { json } from "../../http/HttpResponse.ts"
import { textField, bodyFields } from "../../http/RouteRequest.ts"
import { accountRoute, type AccountRequest, type Route } from "../../http/Route.ts"
import { timestamp } from "../../wire/time.ts"
import { removeRegistration } from "../../world/signIn.ts"
import type { Registration } from "../../world/World.ts"
import { resendPin, verifyPin } from "../signIn/pin.ts"

/** The list is behind a PIN of its own. No refusal has been published; this one is ours. */
const locked = json({ message: "PIN verification required", code: 1621 }, 403)

const requirePin = (answer: (ask: AccountRequest) => ReturnType<typeof json>) => (ask: AccountRequest) =>
  ask.session.registration.controlPanel ? answer(ask) : locked

const row = ({ id, name, dialect, createdAt, updatedAt }: Registration) => ({
  id,
  name,
  client_type: dialect === "legacy" ? "android" : "ios",
  created_at: timestamp(createdAt),
  updated_at: timestamp(updatedAt),
})

const list = ({ account }: AccountRequest) =>
  json({ clients: account.registrations.filter(({ removed }) => !removed).map(row) })

/** What a person does to an install that should no longer get in. */
const removeClient = (ask: AccountRequest) => {
  const wanted = Number(textField(bodyFields(ask), "client_id") ?? ask.session.registration.id)
  const registration = ask.account.registrations.find(({ id, removed }) => id === wanted && !removed)
  if (registration === undefined) return json({ message: "Client not found", code: 404 }, 404)
  removeRegistration(ask.world, registration)
  registration.removedByUser = true
  return json({ message: "Client deleted", code: 240 })
}

const unlock = (ask: AccountRequest) => {
  const answer = verifyPin(ask)
  ask.session.registration.controlPanel ||= answer.status === 200
  return answer
}

const prefixes = [
  { path: "/api/v1/clients/:client/control_panel", evidence: "app" },
  { path: "/api/v1/accounts/:account/clients/:client/control_panel", evidence: "client" },
] as const

export const clientListRoutes: ReadonlyArray<Route> = prefixes.flatMap(({ path, evidence }) => [
  accountRoute(`POST ${path}/request_pin`, { evidence }, resendPin),
  accountRoute(`POST ${path}/pin/resend`, { evidence }, resendPin),
  accountRoute(`POST ${path}/pin/verify`, { evidence }, unlock),
  accountRoute(`GET ${path}/clients`, { evidence }, requirePin(list)),
  accountRoute(`POST ${path}/delete`, { evidence }, requirePin(removeClient)),
])
