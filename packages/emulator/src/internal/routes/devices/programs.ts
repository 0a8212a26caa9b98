import { type HttpResponse, json } from "../../http/HttpResponse.ts"
import { textField, bodyFields, isFields } from "../../http/RouteRequest.ts"
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
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : []

const scheduleEntries = (value: unknown): ReadonlyArray<ScheduleEntry> =>
  (Array.isArray(value) ? value : []).filter(isFields).map((entry) => ({
    dow: textValues(entry["dow"]),
    devices: Array.isArray(entry["devices"]) ? entry["devices"].map(Number) : [],
    time: textField(entry, "time") ?? "1970-01-01 00:00:00 +0000",
    action: entry["action"] === "disarm" ? "disarm" : "arm",
  }))

/** Long form of a program: the schedule as text, and one action per entry and weekday. */
const programResponse = (request: NetworkRequest, one: Program): HttpResponse => {
  const ids = {
    network_id: request.network.id,
    user_id: request.account.userId,
    account_id: request.account.id,
  }
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
    actions: one.schedule.flatMap((entry, index) =>
      entry.dow.map((dow, day) => ({
        id: one.id * 100 + index * 7 + day,
        ...times,
        time: entry.time.slice(11, 16),
        dow,
        alt_when: null,
        action: entry.action,
        devices: JSON.stringify(entry.devices),
        status: one.enabled ? "active" : "inactive",
        last_execution: null,
        program_id: one.id,
        ...ids,
      })),
    ),
  })
}

const withProgram =
  (handle: (request: NetworkRequest, program: Program) => HttpResponse) => (request: NetworkRequest) => {
    const one = request.network.programs.find(({ id }) => id === Number(request.params["program"]))
    return one === undefined ? json({ message: "Program not found", code: 404 }, 404) : handle(request, one)
  }

const setEnabled = (enabled: boolean) =>
  withProgram((request, one) => {
    setProgramEnabled(request.world, request.network, one, enabled, request.now)
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
  networkRoute(`GET ${path}`, { dialect: "both", evidence: "live" }, (request) =>
    json(request.network.programs.map((one) => program(request, one))),
  ),
  networkRoute(`POST ${path}/create`, { evidence: "live" }, (request) => {
    const values = bodyFields(request)
    const one = addProgram(request.world, request.network, request.now, {
      name: textField(values, "name") ?? `Schedule of ${isoDay(request.now)}`,
      schedule: scheduleEntries(values["schedule"]),
    })
    return programResponse(request, one)
  }),
  networkRoute(
    `POST ${path}/:program/update`,
    { evidence: "live" },
    withProgram((request, one) => {
      const values = bodyFields(request)
      updateProgram(request.world, request.network, one, request.now, {
        name: textField(values, "name") ?? one.name,
        schedule: values["schedule"] === undefined ? one.schedule : scheduleEntries(values["schedule"]),
      })
      return programResponse(request, one)
    }),
  ),
  networkRoute(`POST ${path}/:program/enable`, { evidence: "live" }, setEnabled(true)),
  networkRoute(`POST ${path}/:program/disable`, { evidence: "live" }, setEnabled(false)),
  networkRoute(
    `POST ${path}/:program/delete`,
    {},
    withProgram((request, one) => {
      setProgramEnabled(request.world, request.network, one, false, request.now)
      request.network.programs.splice(request.network.programs.indexOf(one), 1)
      return json({ message: `Successfully deleted program ${one.id}`, code: 804 })
    }),
  ),
]

/** Schedules, which the cloud calls programs. */
export const programRoutes: ReadonlyArray<Route> = prefixes.flatMap(routesUnder)
