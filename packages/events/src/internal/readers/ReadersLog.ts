import type { Epoch } from "@blink-streams/model"
import type { EventLogContract, Retention } from "../../EventLogContract.ts"
import type { LogStats } from "../log/retention.ts"
import type { Database } from "../log/sqlite.ts"

/** Parts of a log that its readers use. */
export interface ReadersLog {
  readonly database: Database
  readonly epoch: Epoch
  readonly stats: () => LogStats
  readonly retention: Retention
  readonly startPosition: EventLogContract["startPosition"]
}
