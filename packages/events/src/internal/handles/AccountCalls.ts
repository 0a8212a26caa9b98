import type { Command, LiveViewTarget } from "@blink-streams/core"
import type { AccountState, CameraState, CursorEvent } from "@blink-streams/model"
import type { CallOptions } from "../promise/CallOptions.ts"

/** A command whose ids are plain numbers. */
export type CommandInput = typeof Command.Encoded

/** Calls that the handles of networks and cameras share. */
export interface AccountCalls {
  readonly state: () => AccountState
  readonly command: (command: CommandInput, options?: CallOptions) => Promise<unknown>
  readonly bytes: (path: string, options?: CallOptions) => Promise<Uint8Array>
  readonly clips: (camera: CameraState) => AsyncIterable<CursorEvent<"clip.added">>
  readonly live: (camera: LiveViewTarget, options?: CallOptions) => AsyncIterable<Uint8Array>
}
