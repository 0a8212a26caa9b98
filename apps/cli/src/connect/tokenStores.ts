import { Permissions, TokenRecord, Tokens } from "@blink-streams/server"
import { httpUrl } from "@blink-streams/watcher/text"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer, Redacted, Schema } from "effect"
import { CliError } from "../errors/CliError.ts"
import type { BroadcasterAddress } from "./findBroadcaster.ts"
import { run } from "../runUntilStopped.ts"

type Scopes = Permissions["scopes"]

/** Metadata of a token; the secret itself is never listed. */
const ListedToken = Schema.Struct({
  id: TokenRecord.fields.id,
  name: TokenRecord.fields.name,
  scopes: Permissions.fields.scopes,
  createdAt: TokenRecord.fields.createdAt,
  expiresAt: TokenRecord.fields.expiresAt,
})
type ListedToken = typeof ListedToken.Type

const decodeList = Schema.decodeUnknownSync(Schema.Struct({ tokens: Schema.Array(ListedToken) }))
const decodeCreated = Schema.decodeUnknownSync(Schema.Struct({ token: Schema.String }))

/** The tokens with which programs connect to a broadcaster. */
export interface ServerTokenStore {
  readonly list: () => Promise<ReadonlyArray<ListedToken>>
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

/** Manages the tokens of a running broadcaster; revoking a token disconnects its clients at once. */
export const remoteServerTokens = ({ url, token }: BroadcasterAddress): ServerTokenStore => {
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(httpUrl(url, path), {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (response.status === 401 || response.status === 403)
      throw new CliError(
        "signInNeeded",
        "the broadcaster requires an admin token for this: set BLINK_STREAMS_TOKEN",
      )
    if (!response.ok) throw new CliError("failed", `the broadcaster responded with status ${response.status}`)
    return response.status === 204 ? null : response.json()
  }
  return {
    list: async () => decodeList(await send("GET", "/v1/tokens")).tokens,
    create: async (name, scopes) => decodeCreated(await send("POST", "/v1/tokens", { name, scopes })).token,
    revoke: async (id) => {
      await send("DELETE", `/v1/tokens/${encodeURIComponent(id)}`)
    },
  }
}
