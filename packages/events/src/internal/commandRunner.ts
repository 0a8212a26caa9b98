import { type BlinkError, blinkError, OutcomeUnknown } from "@blink-streams/core/BlinkError"
import type { CommandProgress, Commands } from "@blink-streams/core/Commands"
import type { Wish } from "@blink-streams/core/Wish"
import {
  type AccountId,
  type AccountState,
  type ArmState,
  EventId,
  type EventOf,
  type HomeEvent,
  type NetworkId,
  type Timestamp,
  Timestamps,
} from "@blink-streams/model"
import { Cause, Clock, Effect, Exit, Option, Queue, type Scope, Stream } from "effect"
import { armChanged } from "../diff.ts"
import type { EventLog } from "../EventLog.ts"
import type { HomeMemory } from "../HomeMemory.ts"
import type { LogError } from "../LogError.ts"
import type { Holds } from "./holds.ts"
import type { Recorder } from "./recorder.ts"

const underWay = { arm: "arming", disarm: "disarming" } as const
const done = { arm: "armed", disarm: "disarmed" } as const
const isArming = (name: Wish["name"]): name is keyof typeof done => name in done

/** How long a command of which nobody knows how it ended may still be what armed or disarmed a network. */
const doubtfulFor = 15 * 60_000

/** Under what is noted that a network's last arming or disarming was not told to be done. */
const pendingKey = (network: NetworkId): string => `arming pending:${network}`

/** After a start: commands of the life before may still take effect. */
export const doubtPending = Effect.fnUntraced(function* (
  log: EventLog["Service"],
  account: AccountId,
  networks: ReadonlyArray<NetworkId>,
  holds: Holds,
) {
  const pending = yield* log.recall(account, networks.map(pendingKey))
  const until = (yield* Clock.currentTimeMillis) + doubtfulFor
  for (const network of networks) if (pending.get(pendingKey(network)) === true) holds.doubt(network, until)
})

type Status = EventOf<"command.progress">["data"]["status"]

const subjectOf = (wish: Wish, state: AccountState) => {
  if (!("camera" in wish)) {
    const network = state.networks.find(({ id }) => id === wish.network)
    return { network: wish.network, ...(network === undefined ? {} : { name: network.name }) }
  }
  const camera = state.cameras.find(({ id, kind }) => id === wish.camera && kind === wish.kind)
  return {
    network: wish.network,
    camera: wish.camera,
    kind: wish.kind,
    ...(camera === undefined ? {} : { name: camera.name }),
  }
}

const withArm =
  (home: HomeMemory, asOf: Timestamp) =>
  (state: AccountState): AccountState => ({
    ...state,
    networks: state.networks.map((network) => {
      const arm = home.networks.find(({ id }) => id === network.id)?.arm
      return arm === undefined || arm === network.arm.state
        ? network
        : Object.assign({}, network, { arm: { state: arm, asOf } })
    }),
  })

/** A command goes on even when the log refuses to note it, for whatever reason. Answers whether it was noted. */
const logged = (effect: Effect.Effect<void, LogError>): Effect.Effect<boolean> =>
  effect.pipe(
    Effect.as(true),
    Effect.catch((error) => Effect.as(Effect.logError(error.message), false)),
    Effect.catchDefect((cause) =>
      Effect.as(Effect.logError("a step of a command could not be noted", cause), false),
    ),
  )

/** Runs commands in `scope`, writes each step to the log, and keeps looks from contradicting them. */
export const makeCommandRunner = (options: {
  readonly commands: Commands["Service"]
  readonly recorder: Recorder
  readonly holds: Holds
  readonly scope: Scope.Scope
  /** Looks at what the command changed. */
  readonly lookAgain: (wish: Wish) => Effect.Effect<void>
}) => {
  const { commands, recorder, holds } = options
  /**
   * The arming or disarming of each network that was told to its end last. Whoever joined it late, or has to wait for a
   * slow disk, goes through its steps when they are no longer so.
   */
  const ended = new Map<NetworkId, string>()

  const note = (
    wish: Wish,
    commandId: string,
    status: Status,
    /** What the step says of the network; `null` when nothing. */
    arm: ArmState | null,
    error?: BlinkError,
  ): Effect.Effect<void, LogError> =>
    recorder.record((home, state) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const observedAt = Timestamps.fromMillis(now)
        const { account } = state
        const progress: HomeEvent = {
          kind: "command.progress",
          id: EventId.make(`command.progress:${commandId}:${status}`),
          occurredAt: observedAt,
          observedAt,
          source: "command",
          subject: { account, ...subjectOf(wish, state) },
          data: {
            commandId,
            name: wish.name,
            status,
            ...(error === undefined ? {} : { error: error.advice }),
          },
        }
        if (!isArming(wish.name) || ended.get(wish.network) === commandId) return { events: [progress] }
        const memory = [{ key: pendingKey(wish.network), value: status !== "done" }]
        const whenWritten = () => {
          if (status === "done" || status === "failed") ended.set(wish.network, commandId)
        }
        if (arm === null) return { events: [progress], memory, whenWritten }
        const caused = armChanged(home, { account, network: wish.network, observedAt }, arm, "command")
        return {
          events: [progress, ...caused.events],
          home: caused.memory,
          memory,
          patch: withArm(caused.memory, observedAt),
          whenWritten,
        }
      }),
    )

  /** A command without a verdict may still take effect: until a look from `since` on tells, nobody knows. */
  const confess = (wish: Wish, since: Timestamp): Effect.Effect<void, LogError> =>
    recorder.record((home, state) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const asOf = state.networks.find(({ id }) => id === wish.network)?.arm.asOf ?? null
        const isSeen = asOf !== null && asOf >= since
        // While another command is under way, that one says how it ends.
        if (isSeen || holds.during(holds.now()).has(wish.network)) return {}
        const at = { account: state.account, network: wish.network, observedAt: Timestamps.fromMillis(now) }
        const caused = armChanged(home, at, "unknown", "unknown")
        return { events: caused.events, home: caused.memory, patch: withArm(caused.memory, at.observedAt) }
      }),
    )

  const carryOut = Effect.fnUntraced(function* (
    wish: Wish,
    steps: Queue.Queue<CommandProgress, BlinkError | Cause.Done>,
  ) {
    const arming = isArming(wish.name) ? wish.name : null
    let commandId: string | null = null
    /** Only then is anything under way: a busy hub may never take it. */
    let isTaken = false
    /** Whether the log has its newest step. */
    let isNoted = false
    const armAt = (status: Status): ArmState | null => {
      if (arming === null) return null
      if (status === "done") return done[arming]
      return isTaken ? underWay[arming] : null
    }
    if (arming !== null) holds.take(wish.network)
    const exit = yield* commands.run(wish).pipe(
      Stream.runForEach((step) => {
        commandId = step.commandId
        isTaken ||= step.status === "accepted"
        return Effect.flatMap(
          logged(note(wish, step.commandId, step.status, armAt(step.status))),
          (noted) => {
            isNoted = noted
            return Queue.offer(steps, step)
          },
        )
      }),
      Effect.exit,
    )
    const error = Exit.isFailure(exit) ? Cause.findErrorOption(exit.cause) : Option.none()
    if (commandId !== null && Option.isSome(error))
      yield* logged(note(wish, commandId, "failed", null, error.value))
    if (arming !== null) holds.release(wish.network)
    const now = yield* Clock.currentTimeMillis
    const isDoubtful =
      arming !== null &&
      Exit.isFailure(exit) &&
      (isTaken || (Option.isSome(error) && error.value.code === "OutcomeUnknown"))
    // What the log does not say of us would look like somebody else's doing.
    if (isDoubtful || (arming !== null && Exit.isSuccess(exit) && !isNoted))
      holds.doubt(wish.network, now + doubtfulFor)
    yield* options.lookAgain(wish)
    if (isDoubtful) yield* logged(confess(wish, Timestamps.fromMillis(now)))
    yield* Exit.match(exit, {
      onSuccess: () => Queue.end(steps),
      onFailure: (cause) => Queue.failCause(steps, cause),
    })
  })

  return (wish: Wish): Stream.Stream<CommandProgress, BlinkError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const steps = yield* Queue.unbounded<CommandProgress, BlinkError | Cause.Done>()
        const fiber = yield* Effect.forkIn(carryOut(wish, steps), options.scope)
        // The home may stop while somebody waits; what was carried out to its end has ended the steps by itself.
        const what = "this program has stopped looking at the home"
        fiber.addObserver(() =>
          Queue.failCauseUnsafe(steps, Cause.fail(blinkError(wish.name, new OutcomeUnknown({ what })))),
        )
        return Stream.fromQueue(steps)
      }),
    )
}
