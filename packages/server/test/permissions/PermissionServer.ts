import type { AccountState } from "@blink-streams/model"
import type { TokenScope } from "@blink-streams/protocol"
import { Context, Effect, Layer, Redacted, SubscriptionRef } from "effect"
import type { Permissions } from "../../src/index.ts"
import { startCloud } from "../testCloud.ts"

type Limits = Partial<Omit<Permissions, "scopes">>

const make = Effect.gen(function* () {
  const limits = {
    failedAuthsPerMinute: 1e9,
    messageBurst: 1e9,
    maxPeersPerAddress: 1e6,
    heartbeatMs: 500,
  }
  const server = yield* startCloud({ scenario: "quiet" }, { limits })
  const otherMonitor = yield* server.addAccount
  const home = yield* SubscriptionRef.get(server.monitor.state)
  const other = yield* SubscriptionRef.get(otherMonitor.state)

  /** Creates a token with a scope, limited to some accounts, networks or cameras. */
  const createToken = (scope: TokenScope, narrowed: Limits = {}) =>
    server.tokens
      .create({
        name: scope,
        permissions: { scopes: [scope], accounts: null, networks: null, cameras: null, ...narrowed },
      })
      .pipe(
        Effect.orDie,
        Effect.map(({ record, token }) => ({ id: record.id, token: Redacted.value(token) })),
      )

  /** Requests a route with or without a token. */
  const request = (path: string, token: string | null, init: RequestInit = {}) =>
    Effect.promise((signal) =>
      fetch(new URL(path, server.url), {
        ...init,
        signal: init.signal ?? signal,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          "content-type": "application/json",
        },
      }),
    )

  /** Sends a body as JSON. */
  const post = (path: string, token: string | null, body: unknown) =>
    request(path, token, { method: "POST", body: JSON.stringify(body) })

  return { ...server, home, otherMonitor, other, createToken, request, post }
})

/** A server with two accounts of an emulated cloud, shared by all rows. */
export class PermissionServer extends Context.Service<PermissionServer, Effect.Success<typeof make>>()(
  "PermissionServer",
) {
  static readonly layer = Layer.effect(PermissionServer, make)
}

/** Returns the camera of a name. */
export const cameraNamed = ({ cameras }: AccountState, name: string) => {
  const camera = cameras.find((candidate) => candidate.name === name)
  if (camera === undefined) throw new Error(`no camera ${name}`)
  return camera
}
