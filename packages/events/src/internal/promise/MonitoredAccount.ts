import type { AccountState, CursorEvent, EventKind } from "@blink-streams/model"
import type { HistoryOptions } from "../../AccountMonitorContract.ts"
import type { ReaderStatus } from "../../EventLogContract.ts"
import type { CommandInput } from "../handles/AccountCalls.ts"
import type { CallOptions } from "./CallOptions.ts"
import type { CameraHandle } from "../handles/cameraHandle.ts"
import type { IterateEvents } from "./iterateEvents.ts"
import type { NetworkHandle } from "../handles/networkHandle.ts"

/**
 * One monitored account, for code that uses promises. Rejects with a `BlinkError` (`code`, `retryable`, `retryAfterMs`
 * and a readable `message`) or a `LogError`.
 */
export interface MonitoredAccount extends AsyncDisposable {
  /** The newest state. */
  readonly state: AccountState
  /**
   * Finds a network by name or id. An equal name wins over one that differs in upper and lower case. Throws a `TypeError`
   * with a list of the networks when none or more than one matches.
   */
  network(nameOrId: string | number): NetworkHandle
  /** Finds a camera by name, id, or kind and id as in `"mini:88001"`; as `network`. */
  camera(nameOrId: string | number): CameraHandle
  /**
   * Emits each event once, in order, from the time of this call on. What a slow reader has not read waits in the log, not in memory. Rejects with
   * `CursorExpired` when the log has deleted events that were not read.
   *
   * With `reader`, the position of that reader in the log moves when the loop asks for the next event. `break` and `throw`
   * leave the event in hand unhandled: it is the first one of the next loop, after a restart as well. A second loop of one
   * reader rejects with `ReaderInUse`.
   */
  readonly events: IterateEvents
  /** The readers of this account, with their lag. */
  readers(options?: CallOptions): Promise<ReadonlyArray<ReaderStatus>>
  /** Removes a reader. Resolves with false when there is none of this name; rejects with `ReaderInUse` while it is open. */
  removeReader(name: string, options?: CallOptions): Promise<boolean>
  /** Emits past events and ends, in the order of the log: what arrived late is emitted late. Sends no request. */
  history<Kind extends EventKind = EventKind>(
    options?: HistoryOptions<Kind> & CallOptions,
  ): AsyncIterable<CursorEvent<Kind>>
  /** Emits the present state, then each new one. A slow reader gets only the newest. */
  states(options?: CallOptions): AsyncIterable<AccountState>
  /** Runs any `Command` of core. Resolves with its result, or `null`. Rejects with a `TypeError` for any other value. */
  command(command: CommandInput, options?: CallOptions): Promise<unknown>
  /** Polls everything now. */
  refresh(options?: CallOptions): Promise<void>
  /** Downloads a thumbnail or clip by its path in an event or the state. */
  bytes(path: string, options?: CallOptions): Promise<Uint8Array>
  /** Stops polling and ends every iteration of events and states. */
  close(): Promise<void>
}
