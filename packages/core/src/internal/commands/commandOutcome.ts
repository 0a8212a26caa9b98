import type { CommandState } from "../wire/command.ts"

export type ReportedOutcome =
  | { readonly status: "pending"; readonly running: boolean }
  | { readonly status: "done"; readonly mediaId: number | null }
  | { readonly status: "failed"; readonly statusCode: number; readonly detail: string }

/** Means "not failed" from the first response on. It does not mean "complete". */
const notFailed = 908

/** Outcome of a command by its state. `complete` decides first, then every sign of failure counts. */
export const commandOutcome = (state: CommandState): ReportedOutcome => {
  const condition = state.commands?.[0]?.state_condition
  const statusCode = state.status_code ?? notFailed
  const failed = (): ReportedOutcome => ({
    status: "failed",
    statusCode,
    detail: state.status_msg?.trim() || "the sync module gave no reason",
  })
  if (statusCode !== notFailed) return failed()
  if (!state.complete) return { status: "pending", running: condition === "running" }
  return condition === "error" || state.status === 1
    ? failed()
    : { status: "done", mediaId: state.media_id ?? null }
}
