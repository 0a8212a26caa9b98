import { StateFolder } from "@blink-streams/broadcaster/StateFolder"
import { type NewToken, Tokens } from "@blink-streams/server/Tokens"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer, Redacted } from "effect"
import { Failure } from "../Failure.ts"
import { run } from "../runUntilStopped.ts"
import { type SettingFlags, resolveSettings } from "../Settings.ts"

interface Flags extends SettingFlags {
  readonly json?: boolean
}

/** Works on the file that the broadcaster reads. */
const onTokens = <A, E>(
  flags: Flags,
  use: (tokens: Tokens["Service"]) => Effect.Effect<A, E>,
): Promise<A> => {
  const folder = new StateFolder(resolveSettings(flags).dir)
  folder.prepare()
  return run(
    Tokens.use(use).pipe(
      Effect.provide(Tokens.layerFile(folder.tokens).pipe(Layer.provide(NodeServices.layer))),
    ),
  )
}

/** Each scope includes those before it. */
const scopesOf = {
  read: ["read"],
  control: ["read", "control"],
  admin: ["read", "control", "admin"],
} as const satisfies Record<string, NewToken["grant"]["scopes"]>

/** `blink-streams token create`. The token is printed here and kept nowhere. */
export const createToken = async (
  flags: Flags & { readonly name: string; readonly scope: keyof typeof scopesOf },
): Promise<void> => {
  const token = await onTokens(flags, (tokens) =>
    Effect.gen(function* () {
      if ((yield* tokens.list).some(({ name }) => name === flags.name))
        return yield* Effect.fail(new Failure("usage", `there is a token called "${flags.name}" already`))
      const made = yield* tokens.create({
        name: flags.name,
        grant: { scopes: scopesOf[flags.scope], accounts: null, networks: null, cameras: null },
      })
      return Redacted.value(made.token)
    }),
  )
  process.stdout.write(
    flags.json ? `${JSON.stringify({ name: flags.name, scope: flags.scope, token })}\n` : `${token}\n`,
  )
}

/** `blink-streams token list`. */
export const listTokens = async (flags: Flags): Promise<void> => {
  const records = await onTokens(flags, ({ list }) => list)
  const tokens = records.map(({ id, name, grant, createdAt, expiresAt }) => ({
    id,
    name,
    scope: grant.scopes.at(-1) ?? "read",
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  }))
  if (flags.json) process.stdout.write(`${JSON.stringify(tokens)}\n`)
  else
    for (const { name, scope, createdAt, expiresAt } of tokens)
      process.stdout.write(
        `${name}  ${scope}  since ${createdAt}${expiresAt === null ? "" : ` until ${expiresAt}`}\n`,
      )
}

/** `blink-streams token revoke`. */
export const revokeToken = async (wanted: string, flags: Flags): Promise<void> => {
  const revoked = await onTokens(flags, (tokens) =>
    Effect.gen(function* () {
      const records = (yield* tokens.list).filter(({ id, name }) => name === wanted || id === wanted)
      yield* Effect.forEach(records, ({ id }) => tokens.revoke(id))
      return records.length
    }),
  )
  if (revoked === 0) throw new Failure("failed", `no token is called "${wanted}"`)
  process.stdout.write(`revoked ${wanted}\n`)
}
