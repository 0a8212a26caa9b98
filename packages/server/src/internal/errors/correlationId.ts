import { Effect, Random } from "effect"

/** Generates a random id of 8 characters, which links an error to its log line. */
export const makeCorrelationId = Effect.map(Random.nextIntBetween(0, 2 ** 40), (number) =>
  number.toString(36).padStart(8, "0"),
)
