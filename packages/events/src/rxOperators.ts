import {
  type AccountState,
  type CameraId,
  type CameraKind,
  cameraKey,
  type NetworkId,
  type Subject,
} from "@blink-streams/model"
import {
  bufferToggle,
  connect,
  debounceTime,
  filter,
  groupBy,
  map,
  mergeMap,
  type MonoTypeOperatorFunction,
  type Observable,
  type OperatorFunction,
  scan,
  throttleTime,
  timer,
  toArray,
  withLatestFrom,
} from "rxjs"

interface WithSubject {
  readonly subject: Subject
}
interface WithTimes {
  readonly occurredAt: string
  readonly observedAt: string
}

/** Passes what concerns a camera: events as well as state values. Camera ids are unique per kind only. */
export const forCamera = <A extends WithSubject>(camera: {
  readonly kind: CameraKind
  readonly id: CameraId
}): MonoTypeOperatorFunction<A> =>
  filter(({ subject }) => subject.camera === camera.id && subject.kind === camera.kind)

/** Passes what concerns a network, its sync module or its cameras. */
export const forNetwork = <A extends WithSubject>(network: NetworkId): MonoTypeOperatorFunction<A> =>
  filter(({ subject }) => subject.network === network)

/** The last period in which a network was certainly armed; `until` is `null` while it is. */
interface ArmedPeriod {
  readonly from: string
  readonly until: string | null
}

const updateArmedPeriods = (
  periods: ReadonlyMap<NetworkId, ArmedPeriod>,
  { networks }: AccountState,
): ReadonlyMap<NetworkId, ArmedPeriod> => {
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

/**
 * Passes what occurs while its network is certainly armed by `state$`: now, or at the time it occurred. A clip arrives
 * half a minute after its motion, when the network may be disarmed again.
 */
export const armedOnly =
  <A extends WithSubject & WithTimes>(state$: Observable<AccountState>): MonoTypeOperatorFunction<A> =>
  (events) =>
    events.pipe(
      withLatestFrom(state$.pipe(scan(updateArmedPeriods, new Map<NetworkId, ArmedPeriod>()))),
      filter(([{ subject, occurredAt }, periods]) => {
        const period = subject.network === undefined ? undefined : periods.get(subject.network)
        if (period === undefined) return false
        return period.until === null || (period.from <= occurredAt && occurredAt < period.until)
      }),
      map(([event]) => event),
    )

/** Motion events of one camera without a longer pause. */
export interface MotionSession<A> {
  readonly subject: Subject
  readonly startedAt: string
  readonly endedAt: string
  readonly events: ReadonlyArray<A>
}

/** Groups motion into sessions per camera. A session is emitted when nothing has come from the camera for `gapMs`. */
export const motionSessions =
  <A extends WithSubject & WithTimes>(gapMs: number): OperatorFunction<A, MotionSession<A>> =>
  (events) =>
    events.pipe(
      groupBy(
        ({ subject }) =>
          subject.camera === undefined || subject.kind === undefined
            ? `${subject.network}:${subject.name}`
            : cameraKey({ kind: subject.kind, id: subject.camera }),
        { duration: (group) => group.pipe(debounceTime(gapMs)) },
      ),
      mergeMap((group) => group.pipe(toArray())),
      mergeMap((session) => {
        const times = session.map(({ occurredAt }) => occurredAt).toSorted()
        const [first] = session
        const [startedAt, endedAt] = [times[0], times.at(-1)]
        if (first === undefined || startedAt === undefined || endedAt === undefined) return []
        return [{ subject: first.subject, startedAt, endedAt, events: session }]
      }),
    )

/** Collects what comes within `windowMs` of a first value into one array. */
export const burst =
  <A>(windowMs: number): OperatorFunction<A, ReadonlyArray<A>> =>
  (source) =>
    source.pipe(
      connect((shared) =>
        shared.pipe(bufferToggle(shared.pipe(throttleTime(windowMs)), () => timer(windowMs))),
      ),
      filter((values) => values.length > 0),
    )

/** Adds the delay between occurrence and observation, in milliseconds. */
export const withLag = <A extends WithTimes>(): OperatorFunction<A, A & { readonly lagMs: number }> =>
  map((event) => ({ ...event, lagMs: Date.parse(event.observedAt) - Date.parse(event.occurredAt) }))
