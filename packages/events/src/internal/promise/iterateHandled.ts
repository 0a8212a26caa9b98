import type { EventKind } from "@blink-streams/model"
import { Effect } from "effect"
import type { Delivery } from "../../AccountMonitorContract.ts"

/**
 * Iterates over the events of a reader. An event is handled when the loop asks for the next one; `break` and `throw` leave
 * the one in hand unhandled.
 */
export const iterateHandled = <Kind extends EventKind>(
  deliveries: AsyncIterable<Delivery<Kind>>,
): AsyncIterable<Delivery<Kind>["event"]> => ({
  [Symbol.asyncIterator]: () => {
    const iterator = deliveries[Symbol.asyncIterator]()
    let inHand: Effect.Effect<void> = Effect.void
    return {
      next: async () => {
        const previous = inHand
        inHand = Effect.void
        await Effect.runPromise(previous)
        const { done, value } = await iterator.next()
        if (done === true) return { done, value: undefined }
        inHand = value.handled
        return { done: false, value: value.event }
      },
      return: async () => {
        await iterator.return?.()
        return { done: true, value: undefined }
      },
    }
  },
})
