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

export const busyResponse = (ask: AccountRequest) =>
  json({ message: "System is busy, please wait", error: null, code: 307 }, ask.world.settings.busyStatus)

/** How the command object names whoever gave the order: client, app version, build and a hash. */
export const clientLabel = ({ session, world }: AccountRequest): string => {
  const { name, id } = session.registration
  return `${name.slice(0, 40)} - 50.1 (2511191620) #${seededHex(world.seed, `client/${id}`, 8)}`
}

const noCameras = json({ message: "No Cameras Enabled for Motion", code: 304 })

const arm =
  (armed: boolean, shape: "short" | "full") => (ask: AccountRequest<{ readonly network: Network }>) => {
    if (isBusy(ask.world, ask.network, undefined, ask.now)) return busyResponse(ask)
    const command = createArmCommand(ask.world, ask.now, ask.network, armed, clientLabel(ask))
    if (command === null) return noCameras
    return json(shape === "short" ? armCommand(command) : commandObject(ask.world, command, ask.now))
  }

const commandStatusRoute = commandRoute(
  "GET /network/:network/command/:command",
  { dialect: "both", evidence: "live" },
  (ask) => {
    // a poll keeps a live view alive; it does not bring a dead one back
    if (!isFinished(ask.command, ask.now)) ask.command.lastPolledAt = ask.now
    return json(commandStatus(ask.world, ask.command, ask.now))
  },
)

const commandDoneRoute = commandRoute(
  "POST /network/:network/command/:command/done",
  { evidence: "live" },
  (ask) => {
    ask.command.endedAt ??= ask.now
    return json({ message: `Command ${ask.command.id} set to :done`, code: 902 })
  },
)

export const networkRoutes: ReadonlyArray<Route> = [
  accountRoute("GET /networks", { dialect: "both", evidence: "live", allowUnverified: true }, (ask) =>
    json(networks(ask.account)),
  ),
  networkRoute("GET /network/:network", { evidence: "client" }, (ask) => json(oneNetwork(ask.network))),
  networkRoute("POST /network/:network/update", { evidence: "live" }, (ask) => {
    const values = bodyFields(ask)
    ask.network.name = textField(values, "name") ?? ask.network.name
    ask.network.timeZone = textField(values, "time_zone") ?? ask.network.timeZone
    ask.network.liveviewMode = textField(values, "lv_mode") ?? ask.network.liveviewMode
    if (typeof values["dst"] === "boolean") ask.network.dst = values["dst"]
    if (typeof values["lv_save"] === "boolean") ask.network.liveviewSave = values["lv_save"]
    ask.network.updatedAt = ask.now
    return json(oneNetwork(ask.network))
  }),
  networkRoute("GET /network/:network/syncmodules", { dialect: "both", evidence: "live" }, (ask) =>
    ask.network.syncModule === null
      ? json({ message: "Sync module not found", code: 404 }, 404)
      : json(syncModules(ask.network.syncModule, ask.now)),
  ),
  networkRoute("POST /network/:network/arm", { dialect: "both", evidence: "seed" }, arm(true, "full")),
  networkRoute("POST /network/:network/disarm", { dialect: "both", evidence: "seed" }, arm(false, "full")),
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
    dialect: "today",
    evidence: "app",
  },
  commandDoneRoute,
]
