import { DateTime } from "effect"
import { setArmed } from "./commands.ts"
import type { Network, Program, ScheduleEntry, World } from "./World.ts"

const firstProgramId = 41_201
const day = 86_400_000
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

/** Minute of the UTC day. The date is ignored: it is the day of the last edit. */
const minuteOfDay = (time: string): number | null => {
  const match = /(\d\d):(\d\d):\d\d ([+-])(\d\d)(\d\d)$/.exec(time)
  if (match === null) return null
  const zone = (Number(match[4]) * 60 + Number(match[5])) * (match[3] === "-" ? -1 : 1)
  return (((Number(match[1]) * 60 + Number(match[2]) - zone) % 1440) + 1440) % 1440
}

/** Next time after `now` at which the entry is due; null without a weekday or a valid time. */
const nextRun = (point: ScheduleEntry, now: number): number | null => {
  const minute = minuteOfDay(point.time)
  if (minute === null) return null
  const midnight = Math.floor(now / day) * day
  for (let ahead = 0; ahead <= 7; ahead++) {
    const at = midnight + ahead * day + minute * 60_000
    const weekday = weekdays[DateTime.getPartUtc(DateTime.makeUnsafe(at), "weekDay")]
    if (at > now && weekday !== undefined && point.dow.includes(weekday)) return at
  }
  return null
}

/** Schedules the entries. A new revision makes the tasks of earlier revisions do nothing. */
const scheduleProgram = (world: World, network: Network, program: Program, now: number): void => {
  program.revision += 1
  const { schedule: points, revision } = program
  for (const point of points) {
    const scheduleNext = (from: number): void => {
      const due = nextRun(point, from)
      if (due === null) return
      world.scheduler.add(due, (at) => {
        if (!program.enabled || program.revision !== revision) return
        setArmed(network, at, point.action === "arm", null)
        scheduleNext(at)
      })
    }
    scheduleNext(now)
  }
}

interface ProgramPlan {
  readonly name: string
  readonly schedule: ReadonlyArray<ScheduleEntry>
}

export const addProgram = (world: World, network: Network, now: number, plan: ProgramPlan): Program => {
  const program: Program = {
    id: firstProgramId + world.counters.program++,
    createdAt: now,
    updatedAt: now,
    name: plan.name,
    enabled: true,
    schedule: plan.schedule,
    revision: 0,
  }
  network.programs.push(program)
  scheduleProgram(world, network, program, now)
  return program
}

export const updateProgram = (
  world: World,
  network: Network,
  program: Program,
  now: number,
  plan: ProgramPlan,
): void => {
  program.name = plan.name
  program.schedule = plan.schedule
  program.updatedAt = now
  scheduleProgram(world, network, program, now)
}

export const setProgramEnabled = (
  world: World,
  network: Network,
  program: Program,
  enabled: boolean,
  now: number,
): void => {
  program.enabled = enabled
  program.updatedAt = now
  if (enabled) scheduleProgram(world, network, program, now)
}
