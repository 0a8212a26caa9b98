import { Effect, Semaphore } from "effect"
import type { TokenRecord } from "../../TokenRecord.ts"
import { isSameHash } from "./secrets.ts"
import type { TokenRecordStore } from "./TokenRecordStore.ts"

/** Makes the records of a store. One change is saved at a time, and takes effect once it is saved. */
export const makeTokenRecords = Effect.fnUntraced(function* (store: TokenRecordStore) {
  const writeLock = yield* Semaphore.make(1)
  let records = yield* store.load
  return {
    all: () => records,
    has: (id: string) => records.some((record) => record.id === id),
    /** Finds the valid record of a hash. Compares every hash, so that timing reveals nothing. */
    find: (givenHash: Buffer, now: number): TokenRecord | null =>
      records.reduce<TokenRecord | null>((found, record) => {
        const isSame = isSameHash(givenHash, Buffer.from(record.hash, "base64url"))
        return isSame && (record.expiresAt === null || record.expiresAt > now) ? record : found
      }, null),
    update: (change: (current: ReadonlyArray<TokenRecord>) => ReadonlyArray<TokenRecord>) =>
      writeLock.withPermit(
        Effect.suspend(() => {
          const next = change(records)
          return Effect.map(store.save(next), () => {
            records = next
          })
        }),
      ),
  }
})
