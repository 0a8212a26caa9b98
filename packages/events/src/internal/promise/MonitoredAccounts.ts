import type { CursorEvent, EventKind } from "@blink-streams/model"
import type { HistoryOptions } from "../../AccountMonitorContract.ts"
import type { ReaderStatus } from "../../EventLogContract.ts"
import type { MonitorAccountOptions } from "../setup/MonitorAccountOptions.ts"
import type { CallOptions } from "./CallOptions.ts"
import type { IterateEvents } from "./iterateEvents.ts"
import type { MonitoredAccount } from "./MonitoredAccount.ts"

/** Several monitored accounts over one event log, for code that uses promises. */
export interface MonitoredAccounts extends AsyncDisposable {
  /** In the order in which they were added. */
  readonly accounts: ReadonlyArray<MonitoredAccount>
  /**
   * Adds an account. Resolves after its first poll. Rejects with `AccountLeaseHeld` when this process monitors the
   * account already, and as `monitorAccount`. Its `close` is that of `remove`.
   */
  add(options: MonitorAccountOptions, callOptions?: CallOptions): Promise<MonitoredAccount>
  /** Stops an account by its id, `state.account`. Its events stay in the log. */
  remove(account: number): Promise<void>
  /** Emits the events of all accounts, also of those that are added later; as `events` of one account. */
  readonly events: IterateEvents
  /** The readers over all accounts, with their lag. Those of one account are in its `readers`. */
  readers(options?: CallOptions): Promise<ReadonlyArray<ReaderStatus>>
  /** As `removeReader` of one account. */
  removeReader(name: string, options?: CallOptions): Promise<boolean>
  /** Emits past events of all accounts and ends, in the order of the log: what arrived late is emitted late. Sends no request. */
  history<Kind extends EventKind = EventKind>(
    options?: HistoryOptions<Kind> & CallOptions,
  ): AsyncIterable<CursorEvent<Kind>>
  /** Closes every account and the log. */
  close(): Promise<void>
}
