import {
  Clock,
  Context,
  Effect,
  type FileSystem,
  Layer,
  type Path,
  PubSub,
  Random,
  Redacted,
  Stream,
} from "effect"
import { OneTimeCodes } from "./internal/tokens/OneTimeCodes.ts"
import { isSameHash, randomToken, sha256 } from "./internal/tokens/secrets.ts"
import { makeTokenRecords } from "./internal/tokens/TokenRecords.ts"
import { makeFileStore, memoryStore, type TokenRecordStore } from "./internal/tokens/TokenRecordStore.ts"
import { fullPermissions, type Permissions } from "./Permissions.ts"
import type { TokenRecord, TokensUnavailable } from "./TokenRecord.ts"

/** A token that was verified. */
export interface AuthenticatedToken {
  readonly tokenId: string
  readonly permissions: Permissions
  /** Expiry in milliseconds since the epoch; `null`: valid until revoked. */
  readonly expiresAt: number | null
}

/** Input of `Tokens.create`. */
export interface NewToken {
  readonly name: string
  readonly permissions: Permissions
  /** Lifetime in milliseconds. Default: valid until revoked. */
  readonly lifetimeMs?: number
}

const adminAuthToken: AuthenticatedToken = { tokenId: "fixed", permissions: fullPermissions, expiresAt: null }

/** Lifetime of the token for a one-time code: 30 days. */
const sessionLifetimeMs = 30 * 24 * 3_600_000

const isUnexpired =
  (now: number) =>
  (record: TokenRecord): boolean =>
    record.expiresAt === null || record.expiresAt > now

/** Generates the id of a record, which is no secret. */
const randomId = Effect.map(Random.nextIntBetween(0, 2 ** 48), (number) =>
  number.toString(16).padStart(12, "0"),
)

/** Completes when `tokenId` is revoked. */
const awaitRevoked = (ids: PubSub.Subscription<string>, tokenId: string) =>
  Stream.fromSubscription(ids).pipe(
    Stream.filter((id) => id === tokenId),
    Stream.take(1),
    Stream.runDrain,
  )

const make = Effect.fnUntraced(function* (store: TokenRecordStore, adminToken: Redacted.Redacted | null) {
  const revoked = yield* PubSub.unbounded<string>()
  const records = yield* makeTokenRecords(store)
  const codes = new OneTimeCodes()
  const adminHash = adminToken === null ? null : sha256(Redacted.value(adminToken))

  const create = Effect.fn("Tokens.create")(function* ({ name, permissions, lifetimeMs }: NewToken) {
    const now = yield* Clock.currentTimeMillis
    const secret = randomToken()
    const record: TokenRecord = {
      id: yield* randomId,
      name,
      hash: sha256(secret).toString("base64url"),
      permissions,
      createdAt: now,
      expiresAt: lifetimeMs === undefined ? null : now + lifetimeMs,
    }
    yield* records.update((current) => [...current.filter(isUnexpired(now)), record])
    return { record, token: Redacted.make(secret) }
  })

  return Tokens.of({
    create,
    revoked,
    list: Effect.sync(records.all),
    hasAny: Effect.sync(() => adminHash !== null || records.all().length > 0),
    awaitInvalid: Effect.fnUntraced(function* ({ tokenId, expiresAt }) {
      const ids = yield* PubSub.subscribe(revoked)
      // Checked after subscribing: the token may have been revoked before.
      if (tokenId !== adminAuthToken.tokenId && !records.has(tokenId)) return
      const expired =
        expiresAt === null ? Effect.never : Effect.sleep(expiresAt - (yield* Clock.currentTimeMillis))
      yield* Effect.race(awaitRevoked(ids, tokenId), expired)
    }, Effect.scoped),
    revoke: Effect.fn("Tokens.revoke")(function* (id) {
      if (!records.has(id)) return false
      yield* records.update((current) => current.filter((record) => record.id !== id))
      yield* PubSub.publish(revoked, id)
      return true
    }),
    verify: Effect.fnUntraced(function* (token) {
      const givenHash = sha256(Redacted.value(token))
      const record = records.find(givenHash, yield* Clock.currentTimeMillis)
      const isAdmin = adminHash !== null && isSameHash(givenHash, adminHash)
      if (record === null) return isAdmin ? adminAuthToken : null
      return { tokenId: record.id, permissions: record.permissions, expiresAt: record.expiresAt }
    }),
    createCode: (permissions = fullPermissions) =>
      Effect.map(Clock.currentTimeMillis, (now) => Redacted.make(codes.create(permissions, now))),
    redeemCode: Effect.fn("Tokens.redeemCode")(function* (code) {
      const permissions = codes.redeem(Redacted.value(code), yield* Clock.currentTimeMillis)
      if (permissions === null) return null
      const { token } = yield* create({ name: "page", permissions, lifetimeMs: sessionLifetimeMs })
      return token
    }),
  })
})

/**
 * Access tokens of the server. Stores hashes only.
 *
 * @example
 * ```ts
 * import { Tokens } from "@blink-streams/server"
 * import { Effect } from "effect"
 *
 * const createReader = Effect.gen(function* () {
 *   const tokens = yield* Tokens
 *   const permissions = { scopes: ["read"], accounts: null, networks: null, cameras: null } as const
 *   const { token } = yield* tokens.create({ name: "wall tablet", permissions })
 *   return token
 * })
 * ```
 */
export class Tokens extends Context.Service<
  Tokens,
  {
    /** Returns `null` when the token is invalid, expired or revoked. */
    verify(token: Redacted.Redacted): Effect.Effect<AuthenticatedToken | null>
    /** Creates a token. The result is the only copy of the token itself. */
    create(
      token: NewToken,
    ): Effect.Effect<{ readonly record: TokenRecord; readonly token: Redacted.Redacted }, TokensUnavailable>
    /** Revokes a token and disconnects its peers. Returns false when there is no such id. */
    revoke(id: string): Effect.Effect<boolean, TokensUnavailable>
    /** Stored tokens. */
    readonly list: Effect.Effect<ReadonlyArray<TokenRecord>>
    /** True when there is a token or an admin token. */
    readonly hasAny: Effect.Effect<boolean>
    /** Ids of tokens as they are revoked. */
    readonly revoked: PubSub.PubSub<string>
    /** Completes when the token is revoked or expires. */
    awaitInvalid(authToken: AuthenticatedToken): Effect.Effect<void>
    /**
     * Creates a one-time code, for a link that opens the page signed in. Valid once, for 15 minutes, in this
     * process. Default: `fullPermissions`.
     */
    createCode(permissions?: Permissions): Effect.Effect<Redacted.Redacted>
    /** Exchanges a code for a token of 30 days. Returns `null` when the code is invalid, expired or already used. */
    redeemCode(code: Redacted.Redacted): Effect.Effect<Redacted.Redacted | null, TokensUnavailable>
  }
>()("@blink-streams/server/Tokens") {
  /** Keeps tokens in memory. `admin` is a further token with full permissions. */
  static readonly layerMemory = (admin: Redacted.Redacted | null = null): Layer.Layer<Tokens> =>
    Layer.effect(Tokens, Effect.orDie(make(memoryStore, admin)))

  /**
   * Keeps tokens in a JSON file with mode 0600, replaced atomically. `admin` is a further token with full
   * permissions, not stored. Fails with `TokensUnavailable` when the file cannot be read.
   */
  static readonly layerFile = (
    file: string,
    admin: Redacted.Redacted | null = null,
  ): Layer.Layer<Tokens, TokensUnavailable, FileSystem.FileSystem | Path.Path> =>
    Layer.effect(
      Tokens,
      Effect.flatMap(makeFileStore(file), (store) => make(store, admin)),
    )
}
