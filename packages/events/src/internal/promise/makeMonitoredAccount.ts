import { Command } from "@blink-streams/core"
import type { CameraState, EventKind } from "@blink-streams/model"
import { Effect, type ManagedRuntime, Schema, Stream, SubscriptionRef } from "effect"
import type { AccountMonitorContract, HistoryOptions } from "../../AccountMonitorContract.ts"
import { isOfCamera } from "../operators/subjects.ts"
import type { AccountCalls, CommandInput } from "../handles/AccountCalls.ts"
import { type CallOptions, withSignal } from "./CallOptions.ts"
import { cameraHandle } from "../handles/cameraHandle.ts"
import { findCamera } from "../handles/findCamera.ts"
import { makeIterateEvents } from "./iterateEvents.ts"
import { iterateUntil } from "./iterateUntil.ts"
import type { MonitoredAccount } from "./MonitoredAccount.ts"
import { networkHandle } from "../handles/networkHandle.ts"

interface AccountLifetime {
  readonly runtime: Pick<ManagedRuntime.ManagedRuntime<never, unknown>, "runPromise">
  /** Completes when the account is closed, whatever closes it. */
  readonly closed: Effect.Effect<void>
  readonly close: () => Promise<void>
}

const decodeCommand = (input: unknown) =>
  Effect.mapError(Schema.decodeUnknownEffect(Command)(input), ({ message }) => new TypeError(message))

const cameraClips = (monitor: AccountMonitorContract, { kind, id }: CameraState) =>
  Stream.filter(monitor.history({ kinds: ["clip.added"] }), isOfCamera({ kind, id }))

/** The monitor of one account with promises. */
export const makeMonitoredAccount = (
  monitor: AccountMonitorContract,
  { runtime, closed, close }: AccountLifetime,
): MonitoredAccount => {
  const state = () => SubscriptionRef.getUnsafe(monitor.state)
  const command = async (input: CommandInput, options: CallOptions = {}): Promise<unknown> => {
    const progress = Stream.unwrap(Effect.map(decodeCommand(input), (decoded) => monitor.command(decoded)))
    const last = await runtime.runPromise(Stream.runLast(progress), withSignal(options))
    return last._tag === "Some" ? (last.value.value ?? null) : null
  }
  const bytes = (path: string, options: CallOptions = {}) =>
    runtime.runPromise(monitor.bytes(path), withSignal(options))
  const calls: AccountCalls = {
    state,
    command,
    bytes,
    clips: (camera) => iterateUntil(cameraClips(monitor, camera), closed, undefined),
    live: (camera, { signal } = {}) => iterateUntil(monitor.watch(camera), closed, signal),
  }
  return {
    get state() {
      return state()
    },
    network: (nameOrId) => networkHandle(calls, nameOrId),
    camera: (nameOrId) => cameraHandle(calls, findCamera(state().cameras, nameOrId)),
    events: makeIterateEvents(monitor, closed),
    readers: (options = {}) => runtime.runPromise(monitor.readers, withSignal(options)),
    removeReader: (name, options = {}) => runtime.runPromise(monitor.removeReader(name), withSignal(options)),
    history: <Kind extends EventKind>({ signal, ...options }: HistoryOptions<Kind> & CallOptions = {}) =>
      iterateUntil(monitor.history(options), closed, signal),
    states: ({ signal } = {}) => {
      const newest = Stream.buffer(SubscriptionRef.changes(monitor.state), {
        capacity: 1,
        strategy: "sliding",
      })
      return iterateUntil(newest, closed, signal)
    },
    command,
    refresh: (options = {}) => runtime.runPromise(monitor.refresh, withSignal(options)),
    bytes,
    close,
    [Symbol.asyncDispose]: close,
  }
}
