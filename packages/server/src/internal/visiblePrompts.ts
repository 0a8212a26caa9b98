import type { Prompt } from "@blink-streams/events/Prompt"
import type { Prompt as WirePrompt } from "@blink-streams/protocol/Prompt"
import { type Grant, maySeeAccount } from "../Grant.ts"

/** The prompts of the accounts that a token may see, as clients get them. */
export const visiblePrompts = (grant: Grant, prompts: ReadonlyArray<Prompt>): ReadonlyArray<WirePrompt> =>
  prompts
    .filter(({ account }) => maySeeAccount(grant, account))
    .map(({ id, kind, account, since, expiresAt }) => ({
      id,
      kind,
      account,
      since,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      answerWith: "prompt.answer",
    }))
