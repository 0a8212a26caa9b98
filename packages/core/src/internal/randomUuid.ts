import { Effect, Random } from "effect"

/** UUID of version 4 from `Random`, for ids. Secrets come from `crypto` instead. */
export const randomUuid: Effect.Effect<string> = Effect.gen(function* () {
  const random = yield* Random.Random
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replaceAll(/[xy]/g, (digit) => {
    const value = Math.floor(random.nextDoubleUnsafe() * 16)
    return (digit === "x" ? value : (value % 4) + 8).toString(16)
  })
})
