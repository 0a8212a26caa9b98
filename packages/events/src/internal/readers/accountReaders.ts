import type { AccountId } from "@blink-streams/model"
import { Effect, Stream } from "effect"
import type { AccountMonitorContract } from "../../AccountMonitorContract.ts"
import type { EventLogContract } from "../../EventLogContract.ts"
import { allAccounts, readerEvents } from "./readerEvents.ts"

type AccountReaders = Pick<AccountMonitorContract, "deliveries" | "handleEvents" | "readers" | "removeReader">

/** The durable readers of one account, or with `null` those over all accounts of a log. */
export const accountReaders = (log: EventLogContract, account: AccountId | null): AccountReaders => ({
  deliveries: (options) => readerEvents(log, account, options),
  handleEvents: (options, handler) =>
    Stream.runForEach(readerEvents(log, account, options), ({ event, handled }) =>
      Effect.andThen(handler(event), handled),
    ),
  readers: Effect.map(log.readers, (readers) =>
    readers.filter((reader) => reader.account === (account ?? allAccounts)),
  ),
  removeReader: (name) => log.removeReader(account ?? allAccounts, name),
})
