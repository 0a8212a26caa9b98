/** The part of the standard `WebSocket` that is used here: browsers, Node and the package `ws` all have it. */
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
 * Time, chance and sockets. This package has no run-time dependency, so Effect's clock is not there to be moved;
 * tests hand in their own instead.
 */
export interface Platform {
  now(): number
  /** Runs `run` after `ms`, unless the answered function is called before. */
  setTimer(ms: number, callback: () => void): () => void
  /** In [0, 1). */
  random(): number
  readonly WebSocket: SocketConstructor
}

/** The real ones. Not Effect's: users of this small package have no Effect, and its tests move `Platform` instead. */
export const makePlatform = (WebSocket: SocketConstructor = globalThis.WebSocket): Platform => ({
  now: () => Date.now(),
  setTimer: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
  WebSocket,
})
