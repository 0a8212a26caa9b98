import type { Command } from "@blink-streams/core"
import type { AccountState } from "@blink-streams/model"
import type { CallOptions } from "./CallOptions.ts"

/** Calls that the handles of networks and cameras share. */
export interface AccountCalls {
  readonly state: () => AccountState
  readonly command: (command: Command, options?: CallOptions) => Promise<unknown>
  readonly bytes: (path: string, options?: CallOptions) => Promise<Uint8Array>
}
