import type { BlinkError } from "@blink-streams/core/BlinkError"
import type { CommandProgress, Commands } from "@blink-streams/core/Commands"
import type { Wish } from "@blink-streams/core/Wish"
import {
  type AccountState,
  EventId,
  type EventOf,
  type HomeEvent,
  type Timestamp,
  Timestamps,
} from "@blink-streams/model"
import { Cause, Clock, Effect, Exit, Queue, type Scope, Stream } from "effect"
import { armChanged } from "../diff.ts"
import type { HomeMemory } from "../HomeMemory.ts"
import type { LogError } from "../LogError.ts"
import type { Holds } from "./holds.ts"
import type { Recorder } from "./recorder.ts"

const underWay = { arm: "arming", disarm: "disarming" } as const
const done = { arm: "armed", disarm: "disarmed" } as const
const isArming = (name: Wish["name"]): name is keyof typeof done => name in done

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

/** A command goes on even when the log refuses to note it. */
const logged = (effect: Effect.Effect<void, LogError>) =>
  effect.pipe(Effect.catch((error) => Effect.logError(error.message)))

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

  const note = (
    wish: Wish,
    commandId: string,
    status: Status,
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
        if (!isArming(wish.name) || status === "failed") return { events: [progress] }
        const arm = status === "done" ? done[wish.name] : underWay[wish.name]
        const caused = armChanged(home, { account, network: wish.network, observedAt }, arm, "command")
        return {
          events: [progress, ...caused.events],
          home: caused.memory,
          patch: withArm(caused.memory, observedAt),
        }
      }),
    )

  /** A command without a verdict may still take effect: until a look tells, nobody knows. */
  const confess = (wish: Wish): Effect.Effect<void, LogError> =>
    recorder.record((home, state) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const stuck = home.networks.find(({ id }) => id === wish.network)?.arm
        if (!isArming(wish.name) || stuck !== underWay[wish.name]) return {}
        const at = { account: state.account, network: wish.network, observedAt: Timestamps.fromMillis(now) }
        const caused = armChanged(home, at, "unknown", "unknown")
        return { events: caused.events, home: caused.memory, patch: withArm(caused.memory, at.observedAt) }
      }),
    )

  const carryOut = Effect.fnUntraced(function* (
    wish: Wish,
    steps: Queue.Queue<CommandProgress, BlinkError | Cause.Done>,
  ) {
    const arming = isArming(wish.name)
    let commandId: string | null = null
    if (arming) holds.take(wish.network)
    const exit = yield* commands.run(wish).pipe(
      Stream.runForEach((step) => {
        commandId = step.commandId
        return Effect.andThen(logged(note(wish, step.commandId, step.status)), Queue.offer(steps, step))
      }),
      Effect.exit,
    )
    if (Exit.isFailure(exit)) {
      const error = Cause.findErrorOption(exit.cause)
      if (commandId !== null && error._tag === "Some")
        yield* logged(note(wish, commandId, "failed", error.value))
    }
    if (arming) holds.release(wish.network)
    yield* options.lookAgain(wish)
    if (Exit.isFailure(exit)) yield* logged(confess(wish))
    yield* Exit.match(exit, {
      onSuccess: () => Queue.end(steps),
      onFailure: (cause) => Queue.failCause(steps, cause),
    })
  })

  return (wish: Wish): Stream.Stream<CommandProgress, BlinkError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const steps = yield* Queue.unbounded<CommandProgress, BlinkError | Cause.Done>()
        yield* Effect.forkIn(carryOut(wish, steps), options.scope)
        return Stream.fromQueue(steps)
      }),
    )
}
