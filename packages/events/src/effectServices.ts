import type { Context } from "effect"
import type { AccountMonitors } from "./AccountMonitors.ts"
import type { EventLog } from "./EventLog.ts"
import type { MonitoredAccount } from "./internal/promise/MonitoredAccount.ts"
import type { MonitoredAccounts } from "./internal/promise/MonitoredAccounts.ts"
import { serviceContexts } from "./internal/promise/serviceContexts.ts"

/**
 * Returns the Effect services behind what `monitorAccounts` or `monitorAccount` has resolved with, for the other packages
 * of this project. They are valid until it is closed. Throws a `TypeError` for any other object.
 */
export const effectServices = (
  accounts: MonitoredAccounts | MonitoredAccount,
): Context.Context<AccountMonitors | EventLog> => {
  const services = serviceContexts.get(accounts)
  if (services === undefined)
    throw new TypeError("pass what monitorAccounts or monitorAccount has resolved with")
  return services
}
