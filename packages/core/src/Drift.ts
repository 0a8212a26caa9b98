import { Context, Effect, Layer, SubscriptionRef } from "effect"

/** One kind of surprise at one place: `homescreen.cameras[].battery`, `new word "critical"`, seen 3 times. */
export interface DriftEntry {
  readonly path: string
  readonly reason: string
  readonly count: number
}

/**
 * Where the cloud's answers differ from what we know: the vendor changes them without notice.
 *
 * Nothing of it is an error. Unknown fields and words pass, a broken item is left out, and each is counted here
 * by its path. Values are never part of it, only the words of enumerations.
 */
export class Drift extends Context.Service<
  Drift,
  {
    /** By path and reason, at most 500 places. */
    readonly state: SubscriptionRef.SubscriptionRef<ReadonlyMap<string, DriftEntry>>
    /** Adds the surprises of one answer. */
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

/** A bound, in case an answer uses data as keys. */
const maxEntries = 500
