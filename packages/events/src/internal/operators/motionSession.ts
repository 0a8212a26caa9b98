import { cameraKey, type Subject } from "@blink-streams/model"
import type { WithSubject } from "./subjects.ts"
import type { WindowOptions } from "./Windows.ts"
import type { WithTimes } from "./withLagMs.ts"

/** Motion events of one camera without a longer pause. */
export interface MotionSession<A> {
  readonly subject: Subject
  readonly startedAt: string
  readonly endedAt: string
  readonly events: ReadonlyArray<A>
}

/** Windows of motion per camera, which end when nothing has come from the camera for `gapMs`. */
export const sessionWindows = (gapMs: number): WindowOptions<WithSubject> => ({
  keyOf: ({ subject }) =>
    subject.camera === undefined || subject.kind === undefined
      ? `${subject.network}:${subject.name}`
      : cameraKey({ kind: subject.kind, id: subject.camera }),
  length: gapMs,
  after: "latest",
})

/** The session of the events of one window. */
export const toMotionSession = <A extends WithSubject & WithTimes>(
  events: ReadonlyArray<A>,
): MotionSession<A> => {
  const times = events.map(({ occurredAt }) => occurredAt).toSorted()
  return { subject: events[0]!.subject, startedAt: times[0]!, endedAt: times.at(-1)!, events }
}
