import { StateFolder } from "@blink-streams/broadcaster/stateFolder"
import type { NewToken } from "@blink-streams/server"
import { CliError } from "../errors/CliError.ts"
import { type ConnectFlags, findBroadcaster } from "../connect/findBroadcaster.ts"
import { resolveSettings } from "../settings/Settings.ts"
import { printResult } from "../terminal/printResult.ts"
import { binName } from "../binName.ts"
import { type ServerTokenStore, fileServerTokens, remoteServerTokens } from "../connect/tokenStores.ts"

interface Flags extends ConnectFlags {
  readonly json?: boolean
}

/** Opens the tokens of the running broadcaster, or the token file when none is running. */
const openTokenStore = async (flags: Flags): Promise<ServerTokenStore> => {
  const settings = resolveSettings(flags)
  const broadcaster = await findBroadcaster(flags, settings)
  if (broadcaster) return remoteServerTokens(broadcaster)
  const folder = new StateFolder(settings.dir)
  folder.create()
  return fileServerTokens(folder.tokens)
}

/** Each scope includes the weaker ones. */
const scopesByRole = {
  read: ["read"],
  control: ["read", "control"],
  admin: ["read", "control", "admin"],
} as const satisfies Record<string, NewToken["permissions"]["scopes"]>

/** `blink-streams token create`. Prints the token; it is not stored in readable form. */
export const createToken = async (
  flags: Flags & { readonly name: string; readonly scope: keyof typeof scopesByRole },
): Promise<void> => {
  const tokens = await openTokenStore(flags)
  if ((await tokens.list()).some(({ name }) => name === flags.name))
    throw new CliError("usage", `a token named "${flags.name}" already exists`)
  const token = await tokens.create(flags.name, scopesByRole[flags.scope])
  printResult(flags.json, { name: flags.name, scope: flags.scope, token }, token)
}

/** `blink-streams token list`. */
export const listTokens = async (flags: Flags): Promise<void> => {
  const records = await (await openTokenStore(flags)).list()
  const tokens = records.map(({ id, name, scopes, createdAt, expiresAt }) => ({
    id,
    name,
    scope: scopes.at(-1) ?? "read",
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  }))
  const lines = tokens.map(
    ({ name, scope, createdAt, expiresAt }) =>
      `${name}  ${scope}  since ${createdAt}${expiresAt === null ? "" : ` until ${expiresAt}`}`,
  )
  const none = `there are no tokens: run ${binName()} token create`
  printResult(flags.json, tokens, tokens.length === 0 ? none : lines.join("\n"))
}

/** `blink-streams token revoke`. */
export const revokeToken = async (nameOrId: string, flags: Flags): Promise<void> => {
  const tokens = await openTokenStore(flags)
  const matches = (await tokens.list()).filter(({ id, name }) => name === nameOrId || id === nameOrId)
  if (matches.length === 0) throw new CliError("failed", `there is no token "${nameOrId}"`)
  for (const { id } of matches) await tokens.revoke(id)
  printResult(flags.json, { revoked: matches.map(({ id, name }) => ({ id, name })) }, `revoked ${nameOrId}`)
}
