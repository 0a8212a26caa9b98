import { StateFolder } from "@blink-streams/broadcaster/StateFolder"
import type { NewToken } from "@blink-streams/server/Tokens"
import { Failure } from "../Failure.ts"
import { type HomeFlags, findPlace } from "../openHome.ts"
import { resolveSettings } from "../Settings.ts"
import { ownName } from "../ownName.ts"
import { type TokenDoor, tokensInFile, tokensOfBroadcaster } from "../tokenDoors.ts"

interface Flags extends HomeFlags {
  readonly json?: boolean
}

/** The broadcaster that runs keeps the tokens; without one they are in the file that it will read. */
const openTokens = async (flags: Flags): Promise<TokenDoor> => {
  const settings = resolveSettings(flags)
  const place = await findPlace(flags, settings)
  if (place) return tokensOfBroadcaster(place)
  const folder = new StateFolder(settings.dir)
  folder.prepare()
  return tokensInFile(folder.tokens)
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
  const tokens = await openTokens(flags)
  if ((await tokens.list()).some(({ name }) => name === flags.name))
    throw new Failure("usage", `there is a token called "${flags.name}" already`)
  const token = await tokens.create(flags.name, scopesOf[flags.scope])
  process.stdout.write(
    flags.json ? `${JSON.stringify({ name: flags.name, scope: flags.scope, token })}\n` : `${token}\n`,
  )
}

/** `blink-streams token list`. */
export const listTokens = async (flags: Flags): Promise<void> => {
  const records = await (await openTokens(flags)).list()
  const tokens = records.map(({ id, name, scopes, createdAt, expiresAt }) => ({
    id,
    name,
    scope: scopes.at(-1) ?? "read",
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  }))
  if (flags.json) process.stdout.write(`${JSON.stringify(tokens)}\n`)
  else if (tokens.length === 0)
    process.stdout.write(`no token was made for another program: run ${ownName()} token create\n`)
  else
    for (const { name, scope, createdAt, expiresAt } of tokens)
      process.stdout.write(
        `${name}  ${scope}  since ${createdAt}${expiresAt === null ? "" : ` until ${expiresAt}`}\n`,
      )
}

/** `blink-streams token revoke`. */
export const revokeToken = async (wanted: string, flags: Flags): Promise<void> => {
  const tokens = await openTokens(flags)
  const meant = (await tokens.list()).filter(({ id, name }) => name === wanted || id === wanted)
  if (meant.length === 0) throw new Failure("failed", `no token is called "${wanted}"`)
  for (const { id } of meant) await tokens.revoke(id)
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ revoked: meant.map(({ id, name }) => ({ id, name })) })}\n`
      : `revoked ${wanted}\n`,
  )
}
