import type { Connection } from "@blink-streams/client"
import type { BlinkState } from "@blink-streams/model"
import { describe, expect, it } from "vitest"
import {
  type Overlay,
  type Prompt,
  type ScreenModel,
  coversPanels,
  initialModel,
  moveFocus,
  moveSelection,
  pendingPrompt,
  selectCameraOf,
  selectedCamera,
  selectedRow,
  selectedSystem,
  togglePause,
  visibleRows,
  withAcknowledged,
  withChanges,
  withClientState,
  withCommandStatus,
  withPromptResult,
} from "../../src/model/ScreenModel.ts"
import { now, sampleEvent, sampleState } from "../fixtures.ts"

const live: Connection = { status: "live", since: "2026-11-24T14:00:00.000Z" }
const [account] = sampleState().accounts
const clientState = (state: BlinkState | null = sampleState(), prompts: ReadonlyArray<Prompt> = []) => ({
  state,
  connection: live,
  prompts,
})
const base = withClientState(initialModel(now), clientState())
const promptOf = (id: string, kind: Prompt["kind"] = "reauth"): Prompt => ({
  id,
  kind,
  account: account!.account,
  since: account!.asOf!,
  submitWith: "prompt.submit",
})

/** Events of different kinds, so that each has its own row. */
const rowsModel = (count: number): ScreenModel =>
  withChanges(
    base,
    Array.from({ length: count }, (_, index) => ({
      type: "event" as const,
      event: sampleEvent(
        "motion",
        { clipId: String(index), cause: "pir" },
        { seconds: (count - index) * 120 },
      ),
    })),
  )

it("initialModel is connecting and follows the newest event", () => {
  expect(initialModel(now)).toMatchObject({
    state: null,
    connection: { status: "connecting", since: "2026-11-24T14:30:00.000Z" },
    selectedKey: null,
    overlay: { name: "none" },
  })
  expect(selectedSystem(initialModel(now))).toBeUndefined()
  expect(selectedCamera(initialModel(now))).toBeUndefined()
  expect(selectedRow(initialModel(now))).toBeUndefined()
})

it.each([
  ["help", true],
  ["health", true],
  ["log", true],
  ["clips", true],
  ["detail", true],
  ["none", false],
  ["filter", false],
  ["command", false],
  ["confirm", false],
  ["prompt", false],
] as const)("coversPanels of the overlay %s is %s", (name, covers) => {
  expect(coversPanels({ name } as Overlay)).toBe(covers)
})

describe("moveSelection", () => {
  it("moveSelection moves through the systems and selects the first camera of each", () => {
    const second = moveSelection({ ...base, cameraIndex: 2 }, 1)
    expect([selectedSystem(second)?.name, selectedCamera(second)?.name]).toEqual(["Cabin", "Desk"])
    expect(selectedSystem(moveSelection(second, 1))?.name).toBe("Cabin")
    expect(selectedSystem(moveSelection(second, -1))?.name).toBe("Home")
    expect(selectedSystem(moveSelection(base, -1))?.name).toBe("Home")
  })

  it.each(["cameras", "detail"] as const)(
    "moveSelection moves through the cameras when the panel %s has the focus",
    (focus) => {
      const model = { ...base, focus }
      expect(selectedCamera(moveSelection(model, 1))?.name).toBe("Garden")
      expect(selectedCamera(moveSelection(model, Number.POSITIVE_INFINITY))?.name).toBe("Front door")
      expect(
        selectedCamera(moveSelection({ ...model, cameraIndex: 2 }, Number.NEGATIVE_INFINITY))?.name,
      ).toBe("Porch")
    },
  )

  it("moveSelection stays within a list of any length for any step", () => {
    for (const state of [null, { accounts: [] }, sampleState()])
      for (const focus of ["systems", "cameras", "detail", "events"] as const)
        for (const step of [1, -1, 5, -5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          const moved = moveSelection({ ...base, state, focus }, step)
          expect(moved.systemIndex).toBeGreaterThanOrEqual(0)
          expect(moved.cameraIndex).toBeGreaterThanOrEqual(0)
          expect(selectedSystem(moved) === undefined).toBe(state === null || state.accounts.length === 0)
        }
  })

  it("moveSelection leaves the newest event when it moves up and follows again at the end", () => {
    const model: ScreenModel = { ...rowsModel(5), focus: "events" }
    const keys = model.feed.rows.map(({ key }) => key)
    const up = moveSelection(model, -1)
    expect(up.selectedKey).toBe(keys[3])
    expect(moveSelection(up, -1).selectedKey).toBe(keys[2])
    expect(moveSelection(up, Number.NEGATIVE_INFINITY).selectedKey).toBe(keys[0])
    expect(moveSelection(up, 1).selectedKey).toBeNull()
    expect(selectedRow(moveSelection(up, 1))?.key).toBe(keys[4])
  })

  it("moveSelection keeps the selected event while others arrive", () => {
    const up = moveSelection({ ...rowsModel(5), focus: "events" }, -2)
    const more = withChanges(up, [
      { type: "event", event: sampleEvent("battery.changed", { from: "ok", to: "low" }, { seconds: 1 }) },
    ])
    expect(selectedRow(more)?.key).toBe(selectedRow(up)?.key)
    expect(more.feed.rows).toHaveLength(6)
  })

  it("moveSelection moves within the rows that the filter shows", () => {
    const mixed = withChanges(rowsModel(2), [
      { type: "event", event: sampleEvent("battery.changed", { from: "ok", to: "low" }) },
    ])
    const filtered: ScreenModel = { ...mixed, focus: "events", filter: "motion" }
    expect(visibleRows(filtered)).toHaveLength(2)
    expect(selectedRow(filtered)?.event?.kind).toBe("motion")
    expect(moveSelection(filtered, -1).selectedKey).toBe(filtered.feed.rows[0]?.key)
  })
})

it("moveFocus visits every panel and returns to the first", () => {
  const visited = (step: 1 | -1): ReadonlyArray<string> => {
    let model = base
    return Array.from({ length: 5 }, () => {
      model = moveFocus(model, step)
      return model.focus
    })
  }
  expect(visited(1)).toEqual(["cameras", "detail", "events", "systems", "cameras"])
  expect(visited(-1)).toEqual(["events", "detail", "cameras", "systems", "events"])
})

describe("withClientState", () => {
  it("withClientState moves the selection to existing rows when systems and cameras disappear", () => {
    const selected: ScreenModel = { ...base, systemIndex: 1, cameraIndex: 0 }
    const { networks, ...rest } = account!
    const shrunk = withClientState(
      selected,
      clientState({ accounts: [{ ...rest, networks: networks.slice(0, 1) }] }),
    )
    expect(selectedSystem(shrunk)?.name).toBe("Home")
    const none = withClientState(
      selected,
      clientState({ accounts: [{ ...rest, networks: [], cameras: [] }] }),
    )
    expect([none.systemIndex, none.cameraIndex]).toEqual([0, 0])
  })

  it("withClientState opens the dialog of a new prompt once and not again after it was postponed", () => {
    const asked = withClientState(base, clientState(sampleState(), [promptOf("p1")]))
    expect(asked.overlay).toMatchObject({ name: "prompt", text: "", problem: null, isSending: false })
    const postponed: ScreenModel = { ...asked, overlay: { name: "none" } }
    expect(withClientState(postponed, clientState(sampleState(), [promptOf("p1")])).overlay.name).toBe("none")
    expect(pendingPrompt(postponed)?.id).toBe("p1")
    const second = withClientState(postponed, clientState(sampleState(), [promptOf("p2")]))
    expect(second.overlay).toMatchObject({ name: "prompt", prompt: { id: "p2" } })
  })

  it("withClientState keeps what is typed while the prompt stays", () => {
    const asked = withClientState(base, clientState(sampleState(), [promptOf("p1")]))
    const typed = { ...asked, overlay: { ...asked.overlay, text: "123" } } as ScreenModel
    expect(withClientState(typed, clientState(sampleState(), [promptOf("p1")])).overlay).toMatchObject({
      text: "123",
    })
  })

  it("withClientState continues with the next prompt when one is done, and closes after the last", () => {
    const asked = withClientState(
      base,
      clientState(sampleState(), [promptOf("p1"), promptOf("p2", "two_factor")]),
    )
    const next = withClientState(asked, clientState(sampleState(), [promptOf("p2", "two_factor")]))
    expect(next.overlay).toMatchObject({ name: "prompt", prompt: { id: "p2" }, text: "" })
    expect(withClientState(next, clientState()).overlay.name).toBe("none")
  })

  it("withClientState opens no dialog for an update of the app, which a user cannot submit", () => {
    const model = withClientState(base, clientState(sampleState(), [promptOf("p1", "app_update")]))
    expect(model.overlay.name).toBe("none")
    expect(pendingPrompt(model)).toBeUndefined()
  })

  it("withClientState keeps another overlay open", () => {
    const model = withClientState({ ...base, overlay: { name: "help" } }, clientState())
    expect(model.overlay.name).toBe("help")
  })
})

describe("withPromptResult", () => {
  const asked = withClientState(base, clientState(sampleState(), [promptOf("p1")]))

  it("withPromptResult shows a problem in the dialog and as a message", () => {
    const model = withPromptResult(asked, "The password is wrong.", now)
    expect(model.overlay).toMatchObject({
      name: "prompt",
      problem: "The password is wrong.",
      isSending: false,
    })
    expect(model.message).toEqual({ text: "The password is wrong.", tone: "alarm", at: now })
  })

  it("withPromptResult leaves the dialog to the server when the input was accepted", () => {
    const model = withPromptResult(asked, null, now)
    expect(model.overlay.name).toBe("prompt")
    expect(model.message).toEqual({ text: "Accepted", tone: "good", at: now })
  })

  it("withPromptResult changes no other overlay", () => {
    expect(withPromptResult({ ...base, overlay: { name: "help" } }, "late", now).overlay).toEqual({
      name: "help",
    })
  })
})

describe("withCommandStatus", () => {
  it("withCommandStatus adds a status to its command, moves it to the end and names a status once", () => {
    let model = withCommandStatus(base, 1, "arm Home", "sent", "running", now)
    model = withCommandStatus(model, 2, "refresh", "sent", "running", now + 1)
    model = withCommandStatus(model, 1, "arm Home", "running", "running", now + 2)
    model = withCommandStatus(model, 1, "arm Home", "running", "running", now + 3)
    expect(model.commandLog).toEqual([
      { id: 2, label: "refresh", at: now + 1, statuses: ["sent"], outcome: "running" },
      { id: 1, label: "arm Home", at: now, statuses: ["sent", "running"], outcome: "running" },
    ])
  })

  it.each([
    ["running", "warning"],
    ["done", "good"],
    ["failed", "alarm"],
  ] as const)(
    "withCommandStatus shows a command that is %s as a message with the tone %s",
    (outcome, tone) => {
      expect(withCommandStatus(base, 1, "arm Home", "x", outcome, now).message?.tone).toBe(tone)
    },
  )

  it("withCommandStatus keeps the newest 20 commands", () => {
    let model = base
    for (let id = 1; id <= 30; id++) model = withCommandStatus(model, id, `c${id}`, "sent", "running", now)
    expect(model.commandLog.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => index + 11))
  })
})

it("selectCameraOf changes nothing for a camera that does not exist any more", () => {
  const event = sampleEvent("motion", { clipId: "1", cause: "pir" })
  for (const subject of [{ camera: 77 }, { network: 77 }, { account: 77 }, { kind: "mini" }]) {
    const model = withChanges(base, [
      { type: "event", event: { ...event, subject: { ...event.subject, ...subject } } as typeof event },
    ])
    expect(selectCameraOf(model, model.feed.rows.at(-1))).toBe(model)
  }
})

it("togglePause stops the rows and continues them", () => {
  const paused = togglePause(rowsModel(1))
  const more = withChanges(paused, [
    { type: "event", event: sampleEvent("battery.changed", { from: "ok", to: "low" }) },
  ])
  expect(visibleRows(more)).toHaveLength(1)
  expect(visibleRows(togglePause(more))).toHaveLength(2)
})

it("withAcknowledged acknowledges one row or all", () => {
  const model = rowsModel(3)
  const first = model.feed.rows[0]!.key
  const acknowledgedIn = ({ feed }: ScreenModel) => feed.rows.map(({ acknowledged }) => acknowledged)
  expect(acknowledgedIn(withAcknowledged(model, first))).toEqual([true, false, false])
  expect(acknowledgedIn(withAcknowledged(model, null))).toEqual([true, true, true])
  expect(acknowledgedIn(withAcknowledged(model, "another"))).toEqual([false, false, false])
})
