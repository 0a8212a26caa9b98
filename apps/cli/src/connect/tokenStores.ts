import { httpClient, RequestError, type TokenInfo } from "@blink-streams/client/http"
import { type Permissions, Tokens } from "@blink-streams/server"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer, Redacted } from "effect"
import { CliError } from "../errors/CliError.ts"
import { fromRequestError } from "../errors/fromRequestError.ts"
import type { BroadcasterAddress } from "./findBroadcaster.ts"
import { run } from "../runUntilStopped.ts"

type Scopes = Permissions["scopes"]

/** The tokens with which programs connect to a broadcaster. */
export interface ServerTokenStore {
  readonly list: () => Promise<ReadonlyArray<TokenInfo>>
  /** Resolves with the secret of the new token. It is shown only once. */
  readonly create: (name: string, scopes: Scopes) => Promise<string>
  readonly revoke: (id: string) => Promise<void>
}

/** Manages the tokens in the file that a broadcaster reads when it starts. */
export const fileServerTokens = (file: string): ServerTokenStore => {
  const onTokens = <A, E>(use: (tokens: Tokens["Service"]) => Effect.Effect<A, E>): Promise<A> =>
    run(Tokens.use(use).pipe(Effect.provide(Tokens.layerFile(file).pipe(Layer.provide(NodeServices.layer)))))
  return {
    list: () =>
      onTokens(({ list }) =>
        Effect.map(list, (records) =>
          records.map(({ id, name, permissions, createdAt, expiresAt }) => ({
            id,
            name,
            scopes: permissions.scopes,
            createdAt,
            expiresAt,
          })),
        ),
      ),
    create: async (name, scopes) => {
      const { token } = await onTokens((tokens) =>
        tokens.create({ name, permissions: { scopes, accounts: null, networks: null, cameras: null } }),
      )
      return Redacted.value(token)
    },
    revoke: async (id) => {
      await onTokens((tokens) => tokens.revoke(id))
    },
  }
}

const failAsCliError = (error: unknown): never => {
  throw error instanceof RequestError && (error.code === "unauthenticated" || error.code === "forbidden")
    ? new CliError(
        "signInNeeded",
        "the broadcaster requires an admin token for this: set BLINK_STREAMS_TOKEN",
      )
    : fromRequestError(error)
}

/** Manages the tokens of a running broadcaster; revoking a token disconnects its clients at once. */
export const remoteServerTokens = (address: BroadcasterAddress): ServerTokenStore => {
  const http = httpClient(address)
  return {
    list: () => http.listTokens().catch(failAsCliError),
    create: (name, scopes) => http.createToken(name, scopes).catch(failAsCliError),
    revoke: (id) => http.revokeToken(id).catch(failAsCliError),
  }
}
