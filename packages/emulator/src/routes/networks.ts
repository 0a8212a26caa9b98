import { json } from "../http/Answer.ts"
import { account, type Asked, command, network, type Route } from "../http/Route.ts"
import { field, fields } from "../http/Ask.ts"
import { armCommand, commandObject, commandStatus } from "../wire/command.ts"
import { networks, oneNetwork, syncModules } from "../wire/network.ts"
import { isBusy, isOver, orderArm } from "../world/commands.ts"
import { hexFrom } from "../world/seed.ts"
import type { Network } from "../world/World.ts"

export const busy = (ask: Asked) =>
  json({ message: "System is busy, please wait", error: null, code: 307 }, ask.world.settings.busyStatus)

/** How the command object names whoever gave the order: client, app version, build and a hash. */
export const by = ({ session, world }: Asked): string => {
  const { name, id } = session.registration
  return `${name.slice(0, 40)} - 50.1 (2511191620) #${hexFrom(world.seed, `client/${id}`, 8)}`
}

const noCameras = json({ message: "No Cameras Enabled for Motion", code: 304 })

const arm = (armed: boolean, shape: "short" | "full") => (ask: Asked<{ readonly network: Network }>) => {
  if (isBusy(ask.world, ask.network, undefined, ask.now)) return busy(ask)
  const given = orderArm(ask.world, ask.now, ask.network, armed, by(ask))
  if (given === null) return noCameras
  return json(shape === "short" ? armCommand(given) : commandObject(ask.world, given, ask.now))
}

const poll = command(
  "GET /network/:network/command/:command",
  { dialect: "both", evidence: "live" },
  (ask) => {
    // a poll keeps a live view alive; it does not bring a dead one back
    if (!isOver(ask.command, ask.now)) ask.command.lastPolledAt = ask.now
    return json(commandStatus(ask.world, ask.command, ask.now))
  },
)

const end = command("POST /network/:network/command/:command/done", { evidence: "live" }, (ask) => {
  ask.command.endedAt ??= ask.now
  return json({ message: `Command ${ask.command.id} set to :done`, code: 902 })
})

export const networkRoutes: ReadonlyArray<Route> = [
  account("GET /networks", { dialect: "both", evidence: "live", unverified: true }, (ask) =>
    json(networks(ask.account)),
  ),
  network("GET /network/:network", { evidence: "client" }, (ask) => json(oneNetwork(ask.network))),
  network("POST /network/:network/update", { evidence: "live" }, (ask) => {
    const values = fields(ask)
    ask.network.name = field(values, "name") ?? ask.network.name
    ask.network.timeZone = field(values, "time_zone") ?? ask.network.timeZone
    ask.network.liveviewMode = field(values, "lv_mode") ?? ask.network.liveviewMode
    if (typeof values["dst"] === "boolean") ask.network.dst = values["dst"]
    if (typeof values["lv_save"] === "boolean") ask.network.liveviewSave = values["lv_save"]
    ask.network.updatedAt = ask.now
    return json(oneNetwork(ask.network))
  }),
  network("GET /network/:network/syncmodules", { dialect: "both", evidence: "live" }, (ask) =>
    ask.network.syncModule === null
      ? json({ message: "Sync module not found", code: 404 }, 404)
      : json(syncModules(ask.network.syncModule, ask.now)),
  ),
  network("POST /network/:network/arm", { dialect: "both", evidence: "seed" }, arm(true, "full")),
  network("POST /network/:network/disarm", { dialect: "both", evidence: "seed" }, arm(false, "full")),
  network(
    "POST /api/v1/accounts/:account/networks/:network/state/arm",
    { evidence: "live" },
    arm(true, "short"),
  ),
  network(
    "POST /api/v1/accounts/:account/networks/:network/state/disarm",
    { evidence: "live" },
    arm(false, "short"),
  ),
  poll,
  {
    ...poll,
    path: "/accounts/:account/networks/:network/commands/:command",
    dialect: "today",
    evidence: "app",
  },
  end,
]
