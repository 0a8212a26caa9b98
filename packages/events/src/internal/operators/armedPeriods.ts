import type { AccountState, NetworkId } from "@blink-streams/model"
import type { WithSubject } from "./subjects.ts"
import type { WithTimes } from "./withLagMs.ts"

/** The last period in which a network was certainly armed; `until` is `null` while it is. */
interface ArmedPeriod {
  readonly from: string
  readonly until: string | null
}

/** The last armed period of each network. */
export type ArmedPeriods = ReadonlyMap<NetworkId, ArmedPeriod>

export const noArmedPeriods: ArmedPeriods = new Map()

export const updateArmedPeriods = (periods: ArmedPeriods, { networks }: AccountState): ArmedPeriods => {
  const after = new Map(periods)
  for (const { id, arm } of networks) {
    const period = periods.get(id)
    const isArmed = period?.until === null
    const at = arm.asOf ?? ""
    if (arm.state === "armed" && !isArmed) after.set(id, { from: at, until: null })
    if (arm.state !== "armed" && isArmed) after.set(id, { ...period, until: at })
  }
  return after
}

/** True for what occurred while its network was certainly armed: the network is armed now, or was at that time. */
export const occurredWhileArmed = (
  periods: ArmedPeriods,
  { subject, occurredAt }: WithSubject & WithTimes,
): boolean => {
  const period = subject.network === undefined ? undefined : periods.get(subject.network)
  if (period === undefined) return false
  return period.until === null || (period.from <= occurredAt && occurredAt < period.until)
}
