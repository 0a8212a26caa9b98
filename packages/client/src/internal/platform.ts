/**
 * The members of the standard `WebSocket` that the client uses. Browsers, Node and the package `ws` provide
 * them.
 */
export interface Socket {
  send(text: string): void
  close(code?: number, reason?: string): void
  addEventListener(
    type: "open" | "message" | "close" | "error",
    listener: (event: { readonly data?: unknown; readonly code?: number; readonly reason?: string }) => void,
  ): void
}

export type SocketConstructor = new (url: string, protocols: string) => Socket

/**
 * Clock, timers, randomness and websockets. The package has no run-time dependency and so no Effect clock; tests
 * inject their own platform.
 */
export interface Platform {
  now(): number
  /** Calls `callback` after `ms` milliseconds. Returns a function that cancels the timer. */
  setTimer(ms: number, callback: () => void): () => void
  /** Random number in [0, 1). */
  random(): number
  readonly WebSocket: SocketConstructor
}

/** Time in milliseconds since the Unix epoch. */
export const systemTime = (): number => Date.now()

/** Platform of the browser or Node. */
export const makePlatform = (WebSocket: SocketConstructor): Platform => ({
  now: systemTime,
  setTimer: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
  WebSocket,
})
