import { Clock, Effect, Schema } from "effect"
import { randomUUID } from "node:crypto"
import { link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { blinkError, TokenStoreError } from "../../BlinkError.ts"
import { type StoredSession, StoredSessionText } from "../../StoredSession.ts"

const attempt = <A>(operation: string, run: () => Promise<A>) =>
  Effect.tryPromise({ try: run, catch: (cause) => blinkError(operation, new TokenStoreError({ cause })) })

const errorCode = (cause: unknown): unknown =>
  typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined

/** `null` instead of a failure when there is no such file. */
const orNull = async <A>(promise: Promise<A>): Promise<A | null> => {
  try {
    return await promise
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return null
    throw cause
  }
}

/** Written beside, flushed, then renamed: a reader sees the old file or the new one, also after a power cut. */
const replace = async (path: string, text: string): Promise<void> => {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporaryPath = `${path}.${randomUUID()}`
  try {
    const file = await open(temporaryPath, "wx", 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporaryPath, path)
  } catch (cause) {
    await rm(temporaryPath, { force: true })
    throw cause
  }
  const directory = await open(folder, "r")
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return errorCode(cause) === "EPERM"
  }
}

/** No sign-in takes as long, so a lock of this age is a leftover: its number may belong to somebody else by now. */
const maxLockAgeMs = 5 * 60_000

/**
 * Whether whoever made the lock at `madeAt` is gone. One of our own number that is older than we are comes from a
 * life before: in a container every life has the same number.
 */
const isStale = (owner: string, createdAt: number, now: number): boolean => {
  const pid = Number.parseInt(owner, 10)
  if (now - createdAt > maxLockAgeMs || !isAlive(pid)) return true
  return pid === process.pid && createdAt < now - process.uptime() * 1000
}

/** An abandoned lock is taken out of the way, by one of those who wait and no other. */
const removeStaleLock = async (lock: string, now: number): Promise<void> => {
  const owner = await orNull(readFile(lock, "utf8"))
  const lockStat = await orNull(stat(lock))
  if (owner === null || lockStat === null || !isStale(owner, lockStat.mtimeMs, now)) return
  const stalePath = `${lock}.${randomUUID()}`
  if ((await orNull(rename(lock, stalePath).then(() => true))) === null) return
  // Somebody else may have cleared it and locked anew in the meantime: then give that lock back.
  if ((await readFile(stalePath, "utf8")) !== owner) await orNull(link(stalePath, lock))
  await rm(stalePath, { force: true })
}

/** Whether the lock is ours now. */
const tryLock = async (lock: string, owner: string, now: number): Promise<boolean> => {
  await mkdir(dirname(lock), { recursive: true, mode: 0o700 })
  const temporaryPath = `${lock}.${randomUUID()}`
  const file = await open(temporaryPath, "wx", 0o600)
  await file.writeFile(owner)
  await file.close()
  try {
    // Linking makes the lock appear with its content, never empty.
    await link(temporaryPath, lock)
    return true
  } catch (cause) {
    if (errorCode(cause) !== "EEXIST") throw cause
    await removeStaleLock(lock, now)
    return false
  } finally {
    await rm(temporaryPath, { force: true })
  }
}

/** Gives up our lock, if it still is ours. */
const unlock = async (lock: string, owner: string): Promise<void> => {
  if ((await orNull(readFile(lock, "utf8"))) === owner) await rm(lock, { force: true })
}

/** Longer than any renewal takes; then something is wrong and a person should hear of it. */
const lockTimeoutMs = 60_000

/** One account's session in one file of mode 0600, with a lock file beside it for other processes. */
export const fileTokenStore = (path: string) => {
  const lock = `${path}.lock`

  /** Each try is whole; what may be given up is the waiting between them. */
  const acquire = (owner: string, retryDelay: Effect.Effect<void>) =>
    Effect.gen(function* () {
      const startedAt = yield* Clock.currentTimeMillis
      for (
        let now = startedAt;
        Math.abs(now - startedAt) < lockTimeoutMs;
        now = yield* Clock.currentTimeMillis
      ) {
        if (yield* attempt("lock", () => tryLock(lock, owner, now))) return true
        yield* retryDelay
      }
      return false
    }).pipe(
      Effect.filterOrFail(
        (acquired) => acquired,
        () =>
          blinkError("lock", new TokenStoreError({ cause: new Error(`${lock} is held by another process`) })),
      ),
    )

  return {
    load: attempt("load session", () => orNull(readFile(path, "utf8"))).pipe(
      Effect.flatMap((text) =>
        text === null
          ? Effect.succeed(null)
          : Schema.decodeEffect(StoredSessionText)(text).pipe(
              // The decoder's own words could quote the file.
              Effect.mapError(() =>
                blinkError(
                  "load session",
                  new TokenStoreError({ cause: new Error(`${path} is not a session of ours`) }),
                ),
              ),
            ),
      ),
    ),
    save: (session: StoredSession) =>
      Schema.encodeEffect(StoredSessionText)(session).pipe(
        Effect.orDie,
        Effect.flatMap((text) => attempt("save session", () => replace(path, text))),
        // Half a save is worse than a late interruption.
        Effect.uninterruptible,
      ),
    remove: attempt("remove session", () => rm(path, { force: true })),
    withLock: <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      Effect.uninterruptibleMask((restore) => {
        const owner = `${process.pid} ${randomUUID()}`
        return Effect.andThen(
          acquire(owner, restore(Effect.sleep("25 millis"))),
          Effect.ensuring(restore(effect), Effect.ignore(attempt("unlock", () => unlock(lock, owner)))),
        )
      }),
  }
}
