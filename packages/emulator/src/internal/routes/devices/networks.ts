import { json } from "../../http/HttpResponse.ts"
import {
  accountRoute,
  type AccountRequest,
  commandRoute,
  networkRoute,
  type Route,
} from "../../http/Route.ts"
import { textField, bodyFields } from "../../http/RouteRequest.ts"
import { armCommand, commandObject, commandStatus } from "../../wire/command.ts"
import { networks, oneNetwork, syncModules } from "../../wire/network.ts"
import { isBusy, isFinished, createArmCommand } from "../../world/commands.ts"
import { seededHex } from "../../world/seed.ts"
import type { Network } from "../../world/World.ts"

export const busyResponse = (request: AccountRequest) =>
  json({ message: "System is busy, please wait", error: null, code: 307 }, request.world.settings.busyStatus)

/** `by_whom` of a command: name of the client, app version, build and a hash. */
export const clientLabel = ({ session, world }: AccountRequest): string => {
  const { name, id } = session.registration
  return `${name.slice(0, 40)} - 50.1 (2511191620) #${seededHex(world.seed, `client/${id}`, 8)}`
}

const noCameras = json({ message: "No Cameras Enabled for Motion", code: 304 })

const arm =
  (armed: boolean, shape: "short" | "full") => (request: AccountRequest<{ readonly network: Network }>) => {
    if (isBusy(request.world, request.network, undefined, request.now)) return busyResponse(request)
    const command = createArmCommand(request.world, request.now, request.network, armed, clientLabel(request))
    if (command === null) return noCameras
    return json(shape === "short" ? armCommand(command) : commandObject(request.world, command, request.now))
  }

const commandStatusRoute = commandRoute(
  "GET /network/:network/command/:command",
  { dialect: "both", evidence: "live" },
  (request) => {
    // a poll extends a live view, but does not restart an ended one
    if (!isFinished(request.command, request.now)) request.command.lastPolledAt = request.now
    return json(commandStatus(request.world, request.command, request.now))
  },
)

const commandDoneRoute = commandRoute(
  "POST /network/:network/command/:command/done",
  { evidence: "live" },
  (request) => {
    request.command.endedAt ??= request.now
    return json({ message: `Command ${request.command.id} set to :done`, code: 902 })
  },
)

export const networkRoutes: ReadonlyArray<Route> = [
  accountRoute("GET /networks", { dialect: "both", evidence: "live", allowUnverified: true }, (request) =>
    json(networks(request.account)),
  ),
  networkRoute("GET /network/:network", { evidence: "client" }, (request) =>
    json(oneNetwork(request.network)),
  ),
  networkRoute("POST /network/:network/update", { evidence: "live" }, (request) => {
    const values = bodyFields(request)
    request.network.name = textField(values, "name") ?? request.network.name
    request.network.timeZone = textField(values, "time_zone") ?? request.network.timeZone
    request.network.liveviewMode = textField(values, "lv_mode") ?? request.network.liveviewMode
    if (typeof values["dst"] === "boolean") request.network.dst = values["dst"]
    if (typeof values["lv_save"] === "boolean") request.network.liveviewSave = values["lv_save"]
    request.network.updatedAt = request.now
    return json(oneNetwork(request.network))
  }),
  networkRoute("GET /network/:network/syncmodules", { dialect: "both", evidence: "live" }, (request) =>
    request.network.syncModule === null
      ? json({ message: "Sync module not found", code: 404 }, 404)
      : json(syncModules(request.network.syncModule, request.now)),
  ),
  networkRoute("POST /network/:network/arm", { dialect: "both", evidence: "document" }, arm(true, "full")),
  networkRoute(
    "POST /network/:network/disarm",
    { dialect: "both", evidence: "document" },
    arm(false, "full"),
  ),
  networkRoute(
    "POST /api/v1/accounts/:account/networks/:network/state/arm",
    { evidence: "live" },
    arm(true, "short"),
  ),
  networkRoute(
    "POST /api/v1/accounts/:account/networks/:network/state/disarm",
    { evidence: "live" },
    arm(false, "short"),
  ),
  commandStatusRoute,
  {
    ...commandStatusRoute,
    path: "/accounts/:account/networks/:network/commands/:command",
    dialect: "current",
    evidence: "app",
  },
  commandDoneRoute,
]
