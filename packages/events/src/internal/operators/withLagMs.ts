export interface WithTimes {
  readonly occurredAt: string
  readonly observedAt: string
}

/** Adds the delay between occurrence and observation, in milliseconds. */
export const withLagMs = <A extends WithTimes>(event: A): A & { readonly lagMs: number } => ({
  ...event,
  lagMs: Date.parse(event.observedAt) - Date.parse(event.occurredAt),
})
