import { DateTime } from "effect"
import { setArmed } from "./commands.ts"
import type { Network, Program, ProgramPoint, World } from "./World.ts"

const firstProgramId = 41_201
const day = 86_400_000
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

/** Only the time of day and the zone count: the date is the day on which somebody edited the schedule. */
const minuteOfDay = (time: string): number | null => {
  const match = /(\d\d):(\d\d):\d\d ([+-])(\d\d)(\d\d)$/.exec(time)
  if (match === null) return null
  const zone = (Number(match[4]) * 60 + Number(match[5])) * (match[3] === "-" ? -1 : 1)
  return (((Number(match[1]) * 60 + Number(match[2]) - zone) % 1440) + 1440) % 1440
}

/** The next instant after `now` at which a point is due; null when it names no weekday. */
const nextTime = (point: ProgramPoint, now: number): number | null => {
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

/** An edited program is another program to the appointments that were made for it before. */
const schedule = (world: World, network: Network, program: Program, now: number): void => {
  program.edition += 1
  const { schedule: points, edition } = program
  for (const point of points) {
    const wait = (from: number): void => {
      const due = nextTime(point, from)
      if (due === null) return
      world.agenda.add(due, (at) => {
        if (!program.enabled || program.edition !== edition) return
        setArmed(network, at, point.action === "arm", null)
        wait(at)
      })
    }
    wait(now)
  }
}

interface ProgramPlan {
  readonly name: string
  readonly schedule: ReadonlyArray<ProgramPoint>
}

export const addProgram = (world: World, network: Network, now: number, plan: ProgramPlan): Program => {
  const program: Program = {
    id: firstProgramId + world.counters.program++,
    createdAt: now,
    updatedAt: now,
    name: plan.name,
    enabled: true,
    schedule: plan.schedule,
    edition: 0,
  }
  network.programs.push(program)
  schedule(world, network, program, now)
  return program
}

export const setSchedule = (
  world: World,
  network: Network,
  program: Program,
  now: number,
  plan: ProgramPlan,
): void => {
  program.name = plan.name
  program.schedule = plan.schedule
  program.updatedAt = now
  schedule(world, network, program, now)
}

export const enableProgram = (
  world: World,
  network: Network,
  program: Program,
  enabled: boolean,
  now: number,
): void => {
  program.enabled = enabled
  program.updatedAt = now
  if (enabled) schedule(world, network, program, now)
}
