import { Effect, FileSystem, Path, Schema } from "effect"
import { TokenRecord, TokensUnavailable } from "../../TokenRecord.ts"

/** Loads and saves the records of tokens. */
export interface TokenRecordStore {
  readonly load: Effect.Effect<ReadonlyArray<TokenRecord>, TokensUnavailable>
  save(records: ReadonlyArray<TokenRecord>): Effect.Effect<void, TokensUnavailable>
}

export const memoryStore: TokenRecordStore = { load: Effect.succeed([]), save: () => Effect.void }

const TokenFile = Schema.fromJsonString(Schema.Array(TokenRecord))

const toUnavailable = Effect.mapError((cause: unknown) => new TokensUnavailable({ cause }))

/** Makes a store in a JSON file with mode 0600, replaced atomically. */
export const makeFileStore = Effect.fnUntraced(function* (file: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const store: TokenRecordStore = {
    load: Effect.gen(function* () {
      if (!(yield* fileSystem.exists(file))) return []
      return yield* Schema.decodeEffect(TokenFile)(yield* fileSystem.readFileString(file))
    }).pipe(toUnavailable),
    save: Effect.fnUntraced(function* (records) {
      const text = yield* Schema.encodeEffect(TokenFile)(records)
      const temporaryFile = path.join(path.dirname(file), `.${path.basename(file)}.new`)
      yield* fileSystem.writeFileString(temporaryFile, text, { mode: 0o600 })
      yield* fileSystem.rename(temporaryFile, file)
    }, toUnavailable),
  }
  return store
})
