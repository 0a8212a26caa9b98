import { json } from "../../http/HttpResponse.ts"
import { textField, bodyFields } from "../../http/RouteRequest.ts"
import { accountRoute, type AccountRequest, type Route } from "../../http/Route.ts"
import { timestamp } from "../../wire/time.ts"
import { removeRegistration } from "../../world/signIn.ts"
import type { Registration } from "../../world/World.ts"
import { resendPin, verifyPin } from "../signIn/pin.ts"

/** Response before the PIN of the client list. Its real form is not published. */
const locked = json({ message: "PIN verification required", code: 1621 }, 403)

const requirePin =
  (handle: (request: AccountRequest) => ReturnType<typeof json>) => (request: AccountRequest) =>
    request.session.registration.controlPanel ? handle(request) : locked

const row = ({ id, name, dialect, createdAt, updatedAt }: Registration) => ({
  id,
  name,
  client_type: dialect === "legacy" ? "android" : "ios",
  created_at: timestamp(createdAt),
  updated_at: timestamp(updatedAt),
})

const list = ({ account }: AccountRequest) =>
  json({ clients: account.registrations.filter(({ removed }) => !removed).map(row) })

/** Removes an install from the account, as the user does in the app. */
const removeClient = (request: AccountRequest) => {
  const clientId = Number(textField(bodyFields(request), "client_id") ?? request.session.registration.id)
  const registration = request.account.registrations.find(({ id, removed }) => id === clientId && !removed)
  if (registration === undefined) return json({ message: "Client not found", code: 404 }, 404)
  removeRegistration(request.world, registration)
  registration.removedByUser = true
  return json({ message: "Client deleted", code: 240 })
}

const unlock = (request: AccountRequest) => {
  const response = verifyPin(request)
  request.session.registration.controlPanel ||= response.status === 200
  return response
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
