import type { AccountPrompt } from "@blink-streams/events"
import type { Prompt as WirePrompt } from "@blink-streams/protocol"
import { type Permissions, maySeeAccount } from "../../Permissions.ts"

const toWire = ({ id, kind, account, since, expiresAt }: AccountPrompt): WirePrompt => {
  const prompt: WirePrompt = { id, kind, account, since, submitWith: "prompt.submit" }
  return expiresAt === undefined ? prompt : { ...prompt, expiresAt }
}

/** Returns the prompts of the accounts that the token may see, in wire format. */
export const visiblePrompts = (
  permissions: Permissions,
  prompts: ReadonlyArray<AccountPrompt>,
): ReadonlyArray<WirePrompt> =>
  prompts.filter(({ account }) => maySeeAccount(permissions, account)).map(toWire)
