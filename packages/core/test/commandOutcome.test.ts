import { type ReportedOutcome, commandOutcome } from "../src/internal/commands/commandOutcome.ts"
import type { CommandState } from "../src/internal/wire/command.ts"
import { assert, describe, it } from "@effect/vitest"

const rows = (...conditions: ReadonlyArray<string>): NonNullable<CommandState["commands"]> =>
  conditions.map((state_condition) => ({ state_condition }))
const noReason = "the sync module gave no reason"
const pending = (running: boolean): ReportedOutcome => ({ status: "pending", running })
const done = (mediaId: number | null): ReportedOutcome => ({ status: "done", mediaId })
const failed = (statusCode: number, detail: string): ReportedOutcome => ({
  status: "failed",
  statusCode,
  detail,
})

describe("commandOutcome", () => {
  const cases: ReadonlyArray<readonly [string, CommandState, ReportedOutcome]> = [
    ["pending while the command is not complete", { complete: false, status_code: 908 }, pending(false)],
    ["pending when a state lacks a code and rows", { complete: false }, pending(false)],
    [
      "pending when the code and the rows are null",
      { complete: false, status_code: null, commands: null },
      pending(false),
    ],
    ["pending when there are no rows", { complete: false, commands: [] }, pending(false)],
    [
      "pending and running when the first row runs",
      { complete: false, commands: rows("running") },
      pending(true),
    ],
    [
      "pending and not running when only a later row runs",
      { complete: false, commands: rows("new", "running") },
      pending(false),
    ],
    [
      "pending while a row that is not complete reports an error",
      { complete: false, status: 1, commands: rows("error") },
      pending(false),
    ],
    ["done when the command is complete", { complete: true, status_code: 908 }, done(null)],
    ["done with the clip that it has recorded", { complete: true, media_id: 7, status: 0 }, done(7)],
    ["done when the first row is", { complete: true, commands: rows("done", "error") }, done(null)],
    [
      "failed with the reason of the sync module, without the space around it",
      { complete: false, status_code: 1, status_msg: " no signal \n" },
      failed(1, "no signal"),
    ],
    [
      "failed for another code although the command is complete",
      { complete: true, status_code: 909 },
      failed(909, noReason),
    ],
    ["failed for a blank reason", { complete: true, status_code: 1, status_msg: " " }, failed(1, noReason)],
    ["failed for a null reason", { complete: true, status_code: 1, status_msg: null }, failed(1, noReason)],
    [
      "failed when the command is complete and its row reports an error",
      { complete: true, status_code: 908, commands: rows("error") },
      failed(908, noReason),
    ],
    [
      "failed when the command is complete with status 1",
      { complete: true, status: 1, status_msg: "busy", commands: rows("done") },
      failed(908, "busy"),
    ],
  ]
  for (const [outcome, state, expected] of cases)
    it(`commandOutcome is ${outcome}`, () => assert.deepStrictEqual(commandOutcome(state), expected))
})
