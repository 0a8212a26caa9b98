import { Context, Effect, Layer, SubscriptionRef } from "effect"

/** One kind of schema drift: `homescreen.cameras[].battery`, `unknown value "critical"`, seen 3 times. */
export interface DriftEntry {
  readonly path: string
  readonly reason: string
  readonly count: number
}

/**
 * Counts schema drift: responses that differ from what the decoders expect. The vendor changes them without
 * notice.
 *
 * Drift is not an error. Unknown fields and enum values are accepted, an invalid list item is left out, and
 * each case is counted by its path. Entries contain unknown enum values, but no other data.
 */
export class Drift extends Context.Service<
  Drift,
  {
    /** Entries by path and reason, at most 500. */
    readonly state: SubscriptionRef.SubscriptionRef<ReadonlyMap<string, DriftEntry>>
    /** Counts the decode issues of one response. */
    report(issues: ReadonlyArray<{ readonly path: string; readonly reason: string }>): Effect.Effect<void>
  }
>()("@blink-streams/core/Drift") {
  static readonly layer: Layer.Layer<Drift> = Layer.effect(
    Drift,
    Effect.gen(function* () {
      const state = yield* SubscriptionRef.make<ReadonlyMap<string, DriftEntry>>(new Map())
      const report = (issues: ReadonlyArray<{ readonly path: string; readonly reason: string }>) =>
        issues.length === 0
          ? Effect.void
          : SubscriptionRef.update(state, (before) => {
              const after = new Map(before)
              for (const { path, reason } of issues) {
                const key = `${path} ${reason}`
                const count = (after.get(key)?.count ?? 0) + 1
                if (count > 1 || after.size < maxEntries) after.set(key, { path, reason, count })
              }
              return after
            })
      return { state, report }
    }),
  )
}

/** Bound for responses that use data as keys. */
const maxEntries = 500
