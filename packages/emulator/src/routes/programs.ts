import { type Answer, json } from "../http/Answer.ts"
import { field, fields, isRecord } from "../http/Ask.ts"
import { type Asked, network, type Route } from "../http/Route.ts"
import { isoDay, ts } from "../wire/time.ts"
import { addProgram, enableProgram, setSchedule } from "../world/programs.ts"
import type { Network, Program, ProgramPoint } from "../world/World.ts"

type OnNetwork = Asked<{ readonly network: Network }>

const program = ({ network }: OnNetwork, { id, enabled, name, schedule }: Program) => ({
  id,
  network_id: network.id,
  status: enabled ? "enabled" : "disabled",
  name,
  schedule,
  format: "v1",
})

const words = (value: unknown): Array<string> =>
  Array.isArray(value) ? value.filter((word) => typeof word === "string") : []

const points = (value: unknown): ReadonlyArray<ProgramPoint> =>
  (Array.isArray(value) ? value : []).filter(isRecord).map((point) => ({
    dow: words(point["dow"]),
    devices: Array.isArray(point["devices"]) ? point["devices"].map(Number) : [],
    time: field(point, "time") ?? "1970-01-01 00:00:00 +0000",
    action: point["action"] === "disarm" ? "disarm" : "arm",
  }))

/** The long form: the schedule as text, and one action for each point and weekday. */
const written = (ask: OnNetwork, one: Program): Answer => {
  const ids = { network_id: ask.network.id, user_id: ask.account.userId, account_id: ask.account.id }
  const times = { created_at: ts(one.createdAt), updated_at: ts(one.updatedAt) }
  return json({
    program: {
      id: one.id,
      ...times,
      name: one.name,
      data: JSON.stringify({ name: one.name, schedule: one.schedule, format: "v1" }),
      status: one.enabled ? "enabled" : "disabled",
      ...ids,
    },
    actions: one.schedule.flatMap((point, nth) =>
      point.dow.map((dow, day) => ({
        id: one.id * 100 + nth * 7 + day,
        ...times,
        time: point.time.slice(11, 16),
        dow,
        alt_when: null,
        action: point.action,
        devices: JSON.stringify(point.devices),
        status: one.enabled ? "active" : "inactive",
        last_execution: null,
        program_id: one.id,
        ...ids,
      })),
    ),
  })
}

const onProgram = (answer: (ask: OnNetwork, program: Program) => Answer) => (ask: OnNetwork) => {
  const one = ask.network.programs.find(({ id }) => id === Number(ask.params["program"]))
  return one === undefined ? json({ message: "Program not found", code: 404 }, 404) : answer(ask, one)
}

const switched = (enabled: boolean) =>
  onProgram((ask, one) => {
    enableProgram(ask.world, ask.network, one, enabled, ask.now)
    return json({
      message: `Successfully ${enabled ? "enabled" : "disabled"} program ${one.id}`,
      code: enabled ? 802 : 803,
    })
  })

const prefixes = [
  "/api/v1/networks/:network/programs",
  "/api/v1/accounts/:account/networks/:network/programs",
] as const

const routesUnder = (path: (typeof prefixes)[number]): ReadonlyArray<Route> => [
  network(`GET ${path}`, { dialect: "both", evidence: "live" }, (ask) =>
    json(ask.network.programs.map((one) => program(ask, one))),
  ),
  network(`POST ${path}/create`, { evidence: "live" }, (ask) => {
    const values = fields(ask)
    const one = addProgram(ask.world, ask.network, ask.now, {
      name: field(values, "name") ?? `Schedule of ${isoDay(ask.now)}`,
      schedule: points(values["schedule"]),
    })
    return written(ask, one)
  }),
  network(
    `POST ${path}/:program/update`,
    { evidence: "live" },
    onProgram((ask, one) => {
      const values = fields(ask)
      setSchedule(ask.world, ask.network, one, ask.now, {
        name: field(values, "name") ?? one.name,
        schedule: values["schedule"] === undefined ? one.schedule : points(values["schedule"]),
      })
      return written(ask, one)
    }),
  ),
  network(`POST ${path}/:program/enable`, { evidence: "live" }, switched(true)),
  network(`POST ${path}/:program/disable`, { evidence: "live" }, switched(false)),
  network(
    `POST ${path}/:program/delete`,
    {},
    onProgram((ask, one) => {
      enableProgram(ask.world, ask.network, one, false, ask.now)
      ask.network.programs.splice(ask.network.programs.indexOf(one), 1)
      return json({ message: `Successfully deleted program ${one.id}`, code: 804 })
    }),
  ),
]

/** Schedules that arm and disarm by themselves. */
export const programRoutes: ReadonlyArray<Route> = prefixes.flatMap(routesUnder)
