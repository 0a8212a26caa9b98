import {
  Clock,
  Context,
  Effect,
  FileSystem,
  Layer,
  Path,
  PubSub,
  Redacted,
  Schema,
  Semaphore,
  Stream,
} from "effect"
import { createHash, randomBytes, timingSafeEqual } from "node:crypto"
import { fullPermissions, Permissions } from "./Permissions.ts"

/** A stored token: its permissions and hash. Only `Tokens.create` returns the token itself. */
export const TokenRecord = Schema.Struct({
  id: Schema.String,
  /** Label for people. */
  name: Schema.String,
  /** SHA-256, base64url. Tokens are 256 random bits, so a slower hash adds no protection. */
  hash: Schema.String,
  permissions: Permissions,
  createdAt: Schema.Int,
  /** Expiry in milliseconds since the epoch; `null`: valid until revoked. */
  expiresAt: Schema.NullOr(Schema.Int),
})
export type TokenRecord = typeof TokenRecord.Type

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

/** The token file cannot be read, decoded or written. */
export class TokensUnavailable extends Schema.TaggedError<TokensUnavailable>()("TokensUnavailable", {
  cause: Schema.Defect(),
}) {}

const adminAuthToken: AuthenticatedToken = { tokenId: "fixed", permissions: fullPermissions, expiresAt: null }

/** Lifetime of the token for a one-time code: 30 days. */
const sessionLifetimeMs = 30 * 24 * 3_600_000
/** Lifetime of a one-time code: 15 minutes. */
const codeLifetimeMs = 15 * 60_000

const sha256 = (secret: string): Buffer => createHash("sha256").update(secret).digest()
const randomToken = (): string => randomBytes(32).toString("base64url")

interface Store {
  readonly load: Effect.Effect<ReadonlyArray<TokenRecord>, TokensUnavailable>
  save(records: ReadonlyArray<TokenRecord>): Effect.Effect<void, TokensUnavailable>
}

const make = Effect.fnUntraced(function* (store: Store, adminToken: Redacted.Redacted | null) {
  const writeLock = yield* Semaphore.make(1)
  const revoked = yield* PubSub.unbounded<string>()
  let records = yield* store.load
  let codes: ReadonlyArray<{
    readonly hash: Buffer
    readonly permissions: Permissions
    readonly expiresAt: number
  }> = []
  const adminHash = adminToken === null ? null : sha256(Redacted.value(adminToken))

  const updateRecords = (update: (current: ReadonlyArray<TokenRecord>) => ReadonlyArray<TokenRecord>) =>
    writeLock.withPermit(
      Effect.suspend(() => {
        const next = update(records)
        return Effect.map(store.save(next), () => {
          records = next
        })
      }),
    )

  const create = Effect.fn("Tokens.create")(function* ({ name, permissions, lifetimeMs }: NewToken) {
    const now = yield* Clock.currentTimeMillis
    const secret = randomToken()
    const record: TokenRecord = {
      id: randomBytes(6).toString("hex"),
      name,
      hash: sha256(secret).toString("base64url"),
      permissions,
      createdAt: now,
      expiresAt: lifetimeMs === undefined ? null : now + lifetimeMs,
    }
    yield* updateRecords((current) => [
      ...current.filter(({ expiresAt }) => expiresAt === null || expiresAt > now),
      record,
    ])
    return { record, token: Redacted.make(secret) }
  })

  return Tokens.of({
    create,
    revoked,
    list: Effect.sync(() => records),
    hasAny: Effect.sync(() => adminHash !== null || records.length > 0),
    awaitInvalid: Effect.fnUntraced(function* ({ tokenId, expiresAt }: AuthenticatedToken) {
      const ids = yield* PubSub.subscribe(revoked)
      // Checked after subscribing: the token may have been revoked before.
      const isKnown = tokenId === adminAuthToken.tokenId || records.some(({ id }) => id === tokenId)
      const isRevoked = Stream.fromSubscription(ids).pipe(
        Stream.filter((id) => id === tokenId),
        Stream.take(1),
        Stream.runDrain,
      )
      const isExpired =
        expiresAt === null ? Effect.never : Effect.sleep(expiresAt - (yield* Clock.currentTimeMillis))
      if (isKnown) yield* Effect.race(isRevoked, isExpired)
    }, Effect.scoped),
    revoke: Effect.fn("Tokens.revoke")(function* (id: string) {
      if (!records.some((record) => record.id === id)) return false
      yield* updateRecords((current) => current.filter((record) => record.id !== id))
      yield* PubSub.publish(revoked, id)
      return true
    }),
    verify: Effect.fnUntraced(function* (token: Redacted.Redacted) {
      const now = yield* Clock.currentTimeMillis
      const givenHash = sha256(Redacted.value(token))
      let authToken: AuthenticatedToken | null = null
      // Compares every hash in constant time, so that timing reveals nothing.
      if (adminHash !== null && timingSafeEqual(givenHash, adminHash)) authToken = adminAuthToken
      for (const { id, hash, permissions, expiresAt } of records)
        if (
          timingSafeEqual(givenHash, Buffer.from(hash, "base64url")) &&
          (expiresAt === null || expiresAt > now)
        )
          authToken = { tokenId: id, permissions, expiresAt }
      return authToken
    }),
    createCode: Effect.fnUntraced(function* (permissions: Permissions = fullPermissions) {
      const now = yield* Clock.currentTimeMillis
      const code = randomToken()
      codes = [
        ...codes.filter(({ expiresAt }) => expiresAt > now),
        { hash: sha256(code), permissions, expiresAt: now + codeLifetimeMs },
      ]
      return Redacted.make(code)
    }),
    redeemCode: Effect.fn("Tokens.redeemCode")(function* (code: Redacted.Redacted) {
      const now = yield* Clock.currentTimeMillis
      const givenHash = sha256(Redacted.value(code))
      const matched = codes.find(({ hash, expiresAt }) => timingSafeEqual(givenHash, hash) && expiresAt > now)
      if (matched === undefined) return null
      codes = codes.filter((known) => known !== matched)
      const { token } = yield* create({
        name: "page",
        permissions: matched.permissions,
        lifetimeMs: sessionLifetimeMs,
      })
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
    Layer.effect(Tokens, Effect.orDie(make({ load: Effect.succeed([]), save: () => Effect.void }, admin)))

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
      Effect.gen(function* () {
        const fileSystem = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const toUnavailable = Effect.mapError((cause: unknown) => new TokensUnavailable({ cause }))
        const load = Effect.gen(function* () {
          if (!(yield* fileSystem.exists(file))) return []
          return yield* Schema.decodeEffect(TokenFile)(yield* fileSystem.readFileString(file))
        }).pipe(toUnavailable)
        const save = Effect.fnUntraced(function* (records: ReadonlyArray<TokenRecord>) {
          const text = yield* Schema.encodeEffect(TokenFile)(records)
          const temporaryFile = path.join(path.dirname(file), `.${path.basename(file)}.new`)
          yield* fileSystem.writeFileString(temporaryFile, text, { mode: 0o600 })
          yield* fileSystem.rename(temporaryFile, file)
        }, toUnavailable)
        return yield* make({ load, save }, admin)
      }),
    )
}

const TokenFile = Schema.fromJsonString(Schema.Array(TokenRecord))
