import { type HttpResponse, json } from "../../http/HttpResponse.ts"
import { textField, bodyFields, isRecord } from "../../http/RouteRequest.ts"
import { type AccountRequest, networkRoute, type Route } from "../../http/Route.ts"
import { isoDay, timestamp } from "../../wire/time.ts"
import { addProgram, setProgramEnabled, updateProgram } from "../../world/programs.ts"
import type { Network, Program, ScheduleEntry } from "../../world/World.ts"

type NetworkRequest = AccountRequest<{ readonly network: Network }>

const program = ({ network }: NetworkRequest, { id, enabled, name, schedule }: Program) => ({
  id,
  network_id: network.id,
  status: enabled ? "enabled" : "disabled",
  name,
  schedule,
  format: "v1",
})

const textValues = (value: unknown): Array<string> =>
  Array.isArray(value) ? value.filter((word) => typeof word === "string") : []

const scheduleEntries = (value: unknown): ReadonlyArray<ScheduleEntry> =>
  (Array.isArray(value) ? value : []).filter(isRecord).map((point) => ({
    dow: textValues(point["dow"]),
    devices: Array.isArray(point["devices"]) ? point["devices"].map(Number) : [],
    time: textField(point, "time") ?? "1970-01-01 00:00:00 +0000",
    action: point["action"] === "disarm" ? "disarm" : "arm",
  }))

/** The long form: the schedule as text, and one action for each point and weekday. */
const programResponse = (ask: NetworkRequest, one: Program): HttpResponse => {
  const ids = { network_id: ask.network.id, user_id: ask.account.userId, account_id: ask.account.id }
  const times = { created_at: timestamp(one.createdAt), updated_at: timestamp(one.updatedAt) }
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

const withProgram =
  (answer: (ask: NetworkRequest, program: Program) => HttpResponse) => (ask: NetworkRequest) => {
    const one = ask.network.programs.find(({ id }) => id === Number(ask.params["program"]))
    return one === undefined ? json({ message: "Program not found", code: 404 }, 404) : answer(ask, one)
  }

const setEnabled = (enabled: boolean) =>
  withProgram((ask, one) => {
    setProgramEnabled(ask.world, ask.network, one, enabled, ask.now)
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
  networkRoute(`GET ${path}`, { dialect: "both", evidence: "live" }, (ask) =>
    json(ask.network.programs.map((one) => program(ask, one))),
  ),
  networkRoute(`POST ${path}/create`, { evidence: "live" }, (ask) => {
    const values = bodyFields(ask)
    const one = addProgram(ask.world, ask.network, ask.now, {
      name: textField(values, "name") ?? `Schedule of ${isoDay(ask.now)}`,
      schedule: scheduleEntries(values["schedule"]),
    })
    return programResponse(ask, one)
  }),
  networkRoute(
    `POST ${path}/:program/update`,
    { evidence: "live" },
    withProgram((ask, one) => {
      const values = bodyFields(ask)
      updateProgram(ask.world, ask.network, one, ask.now, {
        name: textField(values, "name") ?? one.name,
        schedule: values["schedule"] === undefined ? one.schedule : scheduleEntries(values["schedule"]),
      })
      return programResponse(ask, one)
    }),
  ),
  networkRoute(`POST ${path}/:program/enable`, { evidence: "live" }, setEnabled(true)),
  networkRoute(`POST ${path}/:program/disable`, { evidence: "live" }, setEnabled(false)),
  networkRoute(
    `POST ${path}/:program/delete`,
    {},
    withProgram((ask, one) => {
      setProgramEnabled(ask.world, ask.network, one, false, ask.now)
      ask.network.programs.splice(ask.network.programs.indexOf(one), 1)
      return json({ message: `Successfully deleted program ${one.id}`, code: 804 })
    }),
  ),
]

/** Schedules that arm and disarm by themselves. */
export const programRoutes: ReadonlyArray<Route> = prefixes.flatMap(routesUnder)
