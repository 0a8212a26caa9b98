export interface CallOptions {
  /** Stops waiting, not the command. */
  readonly signal?: AbortSignal
}

/** Options of a promise runner that stops waiting when the call does. */
export const withSignal = ({ signal }: CallOptions) => (signal === undefined ? {} : { signal })
