import { httpUrl } from "@blink-streams/watcher/httpUrl"
import { Grant } from "@blink-streams/server/Grant"
import { TokenRecord, Tokens } from "@blink-streams/server/Tokens"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer, Redacted, Schema } from "effect"
import { Failure } from "./Failure.ts"
import type { Place } from "./openHome.ts"
import { run } from "./runUntilStopped.ts"

type Scopes = Grant["scopes"]

/** A token as it is listed: never the token itself. */
const KnownToken = Schema.Struct({
  id: TokenRecord.fields.id,
  name: TokenRecord.fields.name,
  scopes: Grant.fields.scopes,
  createdAt: TokenRecord.fields.createdAt,
  expiresAt: TokenRecord.fields.expiresAt,
})
type KnownToken = typeof KnownToken.Type

const decodeList = Schema.decodeUnknownSync(Schema.Struct({ tokens: Schema.Array(KnownToken) }))
const decodeCreated = Schema.decodeUnknownSync(Schema.Struct({ token: Schema.String }))

export interface TokenDoor {
  readonly list: () => Promise<ReadonlyArray<KnownToken>>
  /** Resolves to the token, which is told this once. */
  readonly create: (name: string, scopes: Scopes) => Promise<string>
  readonly revoke: (id: string) => Promise<void>
}

/** The file that a broadcaster reads when it starts. */
export const tokensInFile = (file: string): TokenDoor => {
  const onTokens = <A, E>(use: (tokens: Tokens["Service"]) => Effect.Effect<A, E>): Promise<A> =>
    run(Tokens.use(use).pipe(Effect.provide(Tokens.layerFile(file).pipe(Layer.provide(NodeServices.layer)))))
  return {
    list: () =>
      onTokens(({ list }) =>
        Effect.map(list, (records) =>
          records.map(({ id, name, grant, createdAt, expiresAt }) => ({
            id,
            name,
            scopes: grant.scopes,
            createdAt,
            expiresAt,
          })),
        ),
      ),
    create: async (name, scopes) => {
      const { token } = await onTokens((tokens) =>
        tokens.create({ name, grant: { scopes, accounts: null, networks: null, cameras: null } }),
      )
      return Redacted.value(token)
    },
    revoke: async (id) => {
      await onTokens((tokens) => tokens.revoke(id))
    },
  }
}

/** The broadcaster that runs: who is connected with a revoked token is turned out at once. */
export const tokensOfBroadcaster = ({ url, token }: Place): TokenDoor => {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(httpUrl(url, path), {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (answer.status === 401 || answer.status === 403)
      throw new Failure(
        "signInNeeded",
        "the broadcaster wants an admin token for this: set BLINK_STREAMS_TOKEN",
      )
    if (!answer.ok) throw new Failure("failed", `the broadcaster answered with ${answer.status}`)
    return answer.status === 204 ? null : answer.json()
  }
  return {
    list: async () => decodeList(await ask("GET", "/v1/tokens")).tokens,
    create: async (name, scopes) => decodeCreated(await ask("POST", "/v1/tokens", { name, scopes })).token,
    revoke: async (id) => {
      await ask("DELETE", `/v1/tokens/${encodeURIComponent(id)}`)
    },
  }
}
