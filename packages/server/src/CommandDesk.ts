import type { Homes } from "@blink-streams/events/Homes"
import { Timestamps } from "@blink-streams/model"
import type { CommandStatus } from "@blink-streams/protocol/ServerMessage"
import { type ProtocolError, protocolError } from "@blink-streams/protocol/ProtocolError"
import {
  Cause,
  Clock,
  Deferred,
  Effect,
  Fiber,
  Random,
  Result,
  type Schema,
  Stream,
  SubscriptionRef,
} from "effect"
import { createHash } from "node:crypto"
import { type HomeFault, toProtocolError } from "./internal/commandErrors.ts"
import { logProblem } from "./internal/logProblem.ts"
import { type CommandWish, type Order, toOrder } from "./internal/wish.ts"
import type { MediaAddress } from "./MediaAddress.ts"
import type { Bearer } from "./Tokens.ts"

type Status = (typeof CommandStatus.Type)["status"]
/** The end of a command. */
export type Outcome = Result.Result<Schema.Json, ProtocolError>

interface Entry {
  readonly key: string
  /** Hash of what was asked for. */
  readonly body: string
  readonly outcome: Deferred.Deferred<Outcome>
  readonly listeners: Set<(status: Status) => void>
  fiber: Fiber.Fiber<unknown> | null
  status: Status
  /** When the outcome was known; `null` while it runs. */
  endedAt: number | null
}

/** How long an outcome is told again under its key, and of how many commands. */
const retentionMs = 10 * 60_000
const mostKept = 1_000

export interface Submission {
  readonly outcome: Effect.Effect<Outcome>
  readonly cancel: Effect.Effect<void>
}

export interface CommandDesk {
  /**
   * Runs a command, or joins the one that has its idempotency key. It goes on when nobody waits any more.
   *
   * `onStatus` gets the present step at once when there is one to join, then each further one.
   */
  submit(bearer: Bearer, wish: CommandWish, onStatus: (status: Status) => void): Effect.Effect<Submission>
  readonly underWay: () => number
}

export const makeCorrelationId = Effect.map(Random.nextIntBetween(0, 2 ** 40), (number) =>
  number.toString(36).padStart(8, "0"),
)

/** What a client is told of a command that has succeeded: the home was seen as it says. */
const outcomeOf = Effect.fnUntraced(function* (
  { home, wish }: Order,
  media: MediaAddress,
  value: Schema.Json,
) {
  const now = yield* Clock.currentTimeMillis
  const told = typeof value === "object" && value !== null ? Object.entries(value) : []
  const shown: Record<string, Schema.Json> = Object.fromEntries(told)
  shown["verifiedAt"] = Timestamps.fromMillis(now)
  if (wish?.name === "arm" || wish?.name === "disarm") shown["armed"] = wish.name === "arm"
  const thumbnail = shown["thumbnail"]
  if (typeof thumbnail === "string") shown["thumbnail"] = media.sign(home.account, thumbnail, now)
  return shown
})

const carryOut = (order: Order, media: MediaAddress, tell: (status: Status) => void) => {
  const { home, wish } = order
  const steps =
    wish === null
      ? Effect.as(home.refresh, null)
      : Stream.runFold(
          home.run(wish),
          (): Schema.Json => null,
          (value, progress) => {
            if (progress.status !== "done") tell(progress.status)
            return progress.value ?? value
          },
        )
  return steps.pipe(
    Effect.flatMap((value) => outcomeOf(order, media, value)),
    Effect.map((value): Outcome => Result.succeed(value)),
    Effect.catchTag("BlinkError", (error: HomeFault) =>
      Effect.gen(function* () {
        const correlationId = yield* makeCorrelationId
        const about = { correlationId, wish: wish?.name ?? "refresh", error: error.message }
        yield* Effect.logWarning("a command failed", about)
        return Result.fail(toProtocolError(error, correlationId))
      }),
    ),
  )
}

/** Commands of all doors, so that a key means the same on the socket and over HTTP. */
export const makeCommandDesk = Effect.fnUntraced(function* (homes: Homes["Service"], media: MediaAddress) {
  const scope = yield* Effect.scope
  const entries = new Map<string, Entry>()

  const refused = Effect.fnUntraced(function* (error: Pick<ProtocolError, "code" | "message" | "details">) {
    const { code, message, details } = error
    const more = details === undefined ? {} : { details }
    const problem = protocolError(code, message, yield* makeCorrelationId, more)
    yield* logProblem(problem)
    return Result.fail(problem)
  })

  const work = (bearer: Bearer, wish: CommandWish, entry: Entry) =>
    Effect.gen(function* () {
      const order = yield* toOrder(yield* SubscriptionRef.get(homes.all), bearer.grant, wish)
      if (Result.isFailure(order)) return yield* refused(order.failure)
      return yield* carryOut(order.success, media, (status) => {
        entry.status = status
        for (const listener of entry.listeners) listener(status)
      })
    })

  const afterCause = Effect.fnUntraced(function* (cause: Cause.Cause<never>) {
    if (Cause.hasInterruptsOnly(cause))
      return yield* refused({ code: "cancelled", message: "cancelled; it may still take effect" })
    const correlationId = yield* makeCorrelationId
    yield* Effect.logError("a command broke", cause).pipe(Effect.annotateLogs({ correlationId }))
    return Result.fail(protocolError("internal", "the server failed", correlationId))
  })

  /** However it ends, whoever waits is told. */
  const execute = (bearer: Bearer, wish: CommandWish, entry: Entry) =>
    Effect.uninterruptibleMask((restore) =>
      restore(work(bearer, wish, entry)).pipe(
        Effect.catchCause(afterCause),
        Effect.flatMap((outcome) =>
          Effect.gen(function* () {
            entry.endedAt = yield* Clock.currentTimeMillis
            entry.listeners.clear()
            // Nobody can ask for it again.
            if (wish.idempotencyKey === undefined) entries.delete(entry.key)
            yield* Deferred.succeed(entry.outcome, outcome)
          }),
        ),
      ),
    )

  const forget = (now: number) => {
    for (const [key, { endedAt }] of entries)
      if (endedAt !== null && (now - endedAt > retentionMs || entries.size > mostKept)) entries.delete(key)
  }

  const desk: CommandDesk = {
    underWay: () => [...entries.values()].filter(({ endedAt }) => endedAt === null).length,
    submit: Effect.fnUntraced(function* (bearer, wish, onStatus) {
      const { idempotencyKey, timeoutMs, name, target, args, expect } = wish
      const body = createHash("sha256")
        .update(JSON.stringify([name, target, args, expect]))
        .digest("base64url")
      forget(yield* Clock.currentTimeMillis)
      const key = `${bearer.tokenId} ${idempotencyKey ?? `own ${yield* makeCorrelationId}`}`
      let entry = entries.get(key)
      if (entry !== undefined && entry.body !== body) {
        const outcome = yield* refused({ code: "key_reused", message: "the key belongs to another command" })
        return { outcome: Effect.succeed(outcome), cancel: Effect.void }
      }
      if (entry === undefined) {
        const made: Entry = {
          key,
          body,
          outcome: yield* Deferred.make<Outcome>(),
          listeners: new Set([onStatus]),
          fiber: null,
          status: "queued",
          endedAt: null,
        }
        entry = made
        entries.set(key, made)
        // Started at once: one that is cancelled before its first step would tell nobody how it ended.
        made.fiber = yield* Effect.forkIn(execute(bearer, wish, made), scope, { startImmediately: true })
      } else if (entry.endedAt === null) {
        onStatus(entry.status)
        entry.listeners.add(onStatus)
      }
      const { outcome, fiber } = entry
      const verdict = Deferred.await(outcome)
      const { listeners } = entry
      return {
        outcome:
          timeoutMs === undefined
            ? verdict
            : Effect.timeoutOrElse(verdict, {
                duration: timeoutMs,
                orElse: () => {
                  // Whoever was told of the end hears of no further step.
                  listeners.delete(onStatus)
                  return refused({
                    code: "timed_out",
                    message: "no verdict in time; it may still take effect",
                  })
                },
              }),
        cancel: fiber === null ? Effect.void : Fiber.interrupt(fiber),
      }
    }),
  }
  return desk
})
