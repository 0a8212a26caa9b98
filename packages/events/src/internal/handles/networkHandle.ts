import type { NetworkState } from "@blink-streams/model"
import { Schema } from "effect"
import type { AccountCalls } from "./AccountCalls.ts"
import type { CallOptions } from "../promise/CallOptions.ts"
import { type CameraHandle, cameraHandle } from "./cameraHandle.ts"
import { findItem } from "./findItem.ts"

export interface ArmOptions extends CallOptions {
  /** Sends the command without the poll that may find the state already there. */
  readonly force?: boolean
}

export interface NetworkHandle {
  readonly state: NetworkState
  readonly cameras: ReadonlyArray<CameraHandle>
  /**
   * Resolves once the cloud reports the command as done and a poll confirms it. Resolves with `changed: false` and sends
   * nothing when a poll that begins now shows that the network is armed already.
   */
  arm(options?: ArmOptions): Promise<{ readonly changed: boolean }>
  /** As `arm`. */
  disarm(options?: ArmOptions): Promise<{ readonly changed: boolean }>
}

/** Value of `done` of an arm command, without the cloud's own. */
const decodeOutcome = Schema.decodeUnknownSync(Schema.Struct({ changed: Schema.Boolean }))

export const networkHandle = (account: AccountCalls, nameOrId: string | number): NetworkHandle => {
  const find = (wanted: string | number) =>
    findItem<NetworkState>(account.state().networks, wanted, {
      noun: "network",
      nameOf: ({ name }) => name,
      idsOf: ({ id }) => [id],
    })
  const { id } = find(nameOrId)
  const run =
    (name: "arm" | "disarm") =>
    async ({ force, ...options }: ArmOptions = {}) => {
      const args = force === true ? { args: { force } } : {}
      return decodeOutcome(await account.command({ name, network: id, ...args }, options))
    }
  return {
    get state() {
      return find(id)
    },
    get cameras() {
      return account
        .state()
        .cameras.filter(({ networkId }) => networkId === id)
        .map((camera) => cameraHandle(account, camera))
    },
    arm: run("arm"),
    disarm: run("disarm"),
  }
}
