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

/** A token as it is kept: what it may do, and a hash. The token itself is told once, when it is made. */
export const TokenRecord = Schema.Struct({
  id: Schema.String,
  /** For people: who uses it. */
  name: Schema.String,
  /** SHA-256. Tokens are 256 bits of chance, so nothing slower is needed against guessing. */
  hash: Schema.String,
  permissions: Permissions,
  createdAt: Schema.Int,
  /** Milliseconds since the epoch; `null`: until revoked. */
  expiresAt: Schema.NullOr(Schema.Int),
})
export type TokenRecord = typeof TokenRecord.Type

/** A token that was accepted. */
export interface AuthenticatedToken {
  readonly tokenId: string
  readonly permissions: Permissions
  /** Milliseconds since the epoch; `null`: until revoked. */
  readonly expiresAt: number | null
}

export interface NewToken {
  readonly name: string
  readonly permissions: Permissions
  /** Milliseconds from now; without it until revoked. */
  readonly lifetimeMs?: number
}

/** The file of tokens can't be read or written, or is not one. */
export class TokensUnavailable extends Schema.TaggedError<TokensUnavailable>()("TokensUnavailable", {
  cause: Schema.Defect(),
}) {}

const adminAuthToken: AuthenticatedToken = { tokenId: "fixed", permissions: fullPermissions, expiresAt: null }

/** How long a page stays signed in. */
const sessionLifetimeMs = 30 * 24 * 3_600_000
/** How long a one-time link can be opened. */
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
      // It may have been revoked before we listened.
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
      // All are compared, each in constant time: the time tells nothing about which was close.
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
    redeemCode: Effect.fn("Tokens.redeem")(function* (code: Redacted.Redacted) {
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

/** Who may connect. Secrets are kept as hashes only. */
export class Tokens extends Context.Service<
  Tokens,
  {
    /** `null` when the token is wrong, expired or revoked. */
    verify(token: Redacted.Redacted): Effect.Effect<AuthenticatedToken | null>
    /** The token is in the answer and nowhere else. */
    create(
      token: NewToken,
    ): Effect.Effect<{ readonly record: TokenRecord; readonly token: Redacted.Redacted }, TokensUnavailable>
    /** Whether there was one. Who is connected with it is turned out. */
    revoke(id: string): Effect.Effect<boolean, TokensUnavailable>
    readonly list: Effect.Effect<ReadonlyArray<TokenRecord>>
    /** Whether anybody could connect at all. */
    readonly hasAny: Effect.Effect<boolean>
    /** Ids as they are revoked. */
    readonly revoked: PubSub.PubSub<string>
    /** Completes when the token is not accepted any more. */
    awaitInvalid(authToken: AuthenticatedToken): Effect.Effect<void>
    /** For a link that opens the page signed in. Works once, for 15 minutes, and does not outlive the process. */
    createCode(permissions?: Permissions): Effect.Effect<Redacted.Redacted>
    /** The token that a code is worth; `null` when it was used, is too old or wrong. */
    redeemCode(code: Redacted.Redacted): Effect.Effect<Redacted.Redacted | null, TokensUnavailable>
  }
>()("@blink-streams/server/Tokens") {
  /** Gone with the process. `admin` is accepted as well, with every scope. */
  static readonly layerMemory = (admin: Redacted.Redacted | null = null): Layer.Layer<Tokens> =>
    Layer.effect(Tokens, Effect.orDie(make({ load: Effect.succeed([]), save: () => Effect.void }, admin)))

  /** Kept in one JSON file of mode 0600, replaced as a whole. `admin` is accepted as well and is not kept. */
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
