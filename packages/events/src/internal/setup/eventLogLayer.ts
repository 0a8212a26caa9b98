import type { Layer } from "effect"
import { EventLog } from "../../EventLog.ts"
import type { LogError } from "../../LogError.ts"

/** The log in a file; in memory without one. */
export const eventLogLayer = (filename: string | undefined): Layer.Layer<EventLog, LogError> =>
  filename === undefined ? EventLog.layerMemory : EventLog.layerSqlite({ filename })
