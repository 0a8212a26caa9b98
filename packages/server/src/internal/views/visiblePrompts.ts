import type { Prompt } from "@blink-streams/events"
import type { Prompt as WirePrompt } from "@blink-streams/protocol"
import { type Permissions, maySeeAccount } from "../../Permissions.ts"

const toWire = ({ id, kind, account, since, expiresAt }: Prompt): WirePrompt => {
  const prompt: WirePrompt = { id, kind, account, since, answerWith: "prompt.answer" }
  return expiresAt === undefined ? prompt : { ...prompt, expiresAt }
}

/** The prompts of the accounts that a token may see, as clients get them. */
export const visiblePrompts = (
  permissions: Permissions,
  prompts: ReadonlyArray<Prompt>,
): ReadonlyArray<WirePrompt> =>
  prompts.filter(({ account }) => maySeeAccount(permissions, account)).map(toWire)
