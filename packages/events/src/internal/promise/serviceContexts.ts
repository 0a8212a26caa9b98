import type { Context } from "effect"
import type { AccountMonitors } from "../../AccountMonitors.ts"
import type { EventLog } from "../../EventLog.ts"

/** The Effect services behind each object that `monitorAccounts` or `monitorAccount` has made. */
export const serviceContexts = new WeakMap<object, Context.Context<AccountMonitors | EventLog>>()
