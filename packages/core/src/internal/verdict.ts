import type { CommandState } from "../wire/receipt.ts"

export type Verdict =
  | { readonly is: "pending"; readonly running: boolean }
  | { readonly is: "done"; readonly mediaId: number | null }
  | { readonly is: "failed"; readonly statusCode: number; readonly what: string }

/** "Not failed", from the first answer on: it says nothing about being finished. */
const notFailed = 908

/** What the state of a command means. `complete` decides; then every sign of failure counts. */
export const verdict = (state: CommandState): Verdict => {
  const condition = state.commands?.[0]?.state_condition ?? null
  const statusCode = state.status_code ?? notFailed
  const failed = (): Verdict => ({
    is: "failed",
    statusCode,
    what: state.status_msg?.trim() || "the sync module gave no reason",
  })
  if (statusCode !== notFailed) return failed()
  if (!state.complete) return { is: "pending", running: condition === "running" }
  return condition === "error" || state.status === 1
    ? failed()
    : { is: "done", mediaId: state.media_id ?? null }
}
