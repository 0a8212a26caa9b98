import { Duration } from "effect"

/**
 * Requests left of an hourly budget, which refills continuously (a token bucket). Times are milliseconds.
 */
export const makeHourlyBudget = (capacity: number, startedAt: number) => {
  const refillPerMilli = capacity / Duration.toMillis("1 hour")
  let remaining = capacity
  let refilledAt = startedAt
  return {
    remaining: (): number => remaining,
    refill: (now: number): void => {
      remaining = Math.min(capacity, remaining + Math.max(0, now - refilledAt) * refillPerMilli)
      refilledAt = now
    },
    take: (): void => {
      remaining -= 1
    },
    /** Wait until `needed` requests are left; `null` when they are. */
    waitFor: (needed: number): Duration.Duration | null =>
      remaining >= needed ? null : Duration.millis(Math.ceil((needed - remaining) / refillPerMilli)),
  }
}
