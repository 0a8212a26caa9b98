import { Clock, Effect, Predicate, Schema } from "effect"
import { randomUUID } from "node:crypto"
import { link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { blinkError } from "../../../BlinkError.ts"
import { type StoredSession, StoredSessionText } from "../../../StoredSession.ts"
import { TokenStoreError } from "../../../Reason.ts"

const attempt = <A>(operation: string, run: () => Promise<A>) =>
  Effect.tryPromise({
    try: run,
    catch: (cause) => blinkError(operation, new TokenStoreError({ cause }), "no"),
  })

const errorCode = (cause: unknown): unknown => (Predicate.hasProperty(cause, "code") ? cause.code : undefined)

/** Resolves to `null` when the file does not exist. */
const orNull = async <A>(promise: Promise<A>): Promise<A | null> => {
  try {
    return await promise
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return null
    throw cause
  }
}

/** Replaces the file atomically (write, flush, rename), so that it is complete even after a power loss. */
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

/** No sign-in takes this long, so an older lock is stale, and its process id may have been reused. */
const maxLockAgeMs = 5 * 60_000

/**
 * True when the process that created the lock is gone. A lock with our own process id that is older than this
 * process is from an earlier run: in a container every run has the same id.
 */
const isStale = (owner: string, createdAt: number, now: number): boolean => {
  const pid = Number.parseInt(owner, 10)
  if (now - createdAt > maxLockAgeMs || !isAlive(pid)) return true
  return pid === process.pid && createdAt < now - process.uptime() * 1000
}

/** Removes a stale lock. Of several waiting processes only one succeeds. */
const removeStaleLock = async (lock: string, now: number): Promise<void> => {
  const owner = await orNull(readFile(lock, "utf8"))
  const lockStat = await orNull(stat(lock))
  if (owner === null || lockStat === null || !isStale(owner, lockStat.mtimeMs, now)) return
  const stalePath = `${lock}.${randomUUID()}`
  if ((await orNull(rename(lock, stalePath).then(() => true))) === null) return
  // Another process may have removed and re-created the lock meanwhile: restore it then.
  if ((await readFile(stalePath, "utf8")) !== owner) await orNull(link(stalePath, lock))
  await rm(stalePath, { force: true })
}

/** Resolves to true when the lock was acquired. */
const tryLock = async (lock: string, owner: string, now: number): Promise<boolean> => {
  await mkdir(dirname(lock), { recursive: true, mode: 0o700 })
  const temporaryPath = `${lock}.${randomUUID()}`
  const file = await open(temporaryPath, "wx", 0o600)
  await file.writeFile(owner)
  await file.close()
  try {
    // A hard link makes the lock appear with its content, never empty.
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

/** Removes the lock if it is still ours. */
const unlock = async (lock: string, owner: string): Promise<void> => {
  if ((await orNull(readFile(lock, "utf8"))) === owner) await rm(lock, { force: true })
}

/** Longer than any renewal takes. A user should then see an error. */
const lockTimeoutMs = 60_000

/** Stores one account's session in a file of mode 0600, with a lock file for other processes. */
export const fileTokenStore = (path: string) => {
  const lock = `${path}.lock`

  /** Attempts are atomic; only the wait between them is interruptible. */
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
          blinkError(
            "lock",
            new TokenStoreError({ cause: new Error(`${lock} is held by another process`) }),
            "no",
          ),
      ),
    )

  return {
    load: attempt("load session", () => orNull(readFile(path, "utf8"))).pipe(
      Effect.flatMap((text) =>
        text === null
          ? Effect.succeed(null)
          : Schema.decodeEffect(StoredSessionText)(text).pipe(
              // The decoder's message could quote the file.
              Effect.mapError(() =>
                blinkError(
                  "load session",
                  new TokenStoreError({ cause: new Error(`${path} is not a session file`) }),
                  "no",
                ),
              ),
            ),
      ),
    ),
    save: (session: StoredSession) =>
      Schema.encodeEffect(StoredSessionText)(session).pipe(
        Effect.orDie,
        Effect.flatMap((text) => attempt("save session", () => replace(path, text))),
        // A late interruption is better than a partial write.
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
