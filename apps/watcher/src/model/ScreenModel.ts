import type { Client, CommandRequest, Connection } from "@blink-streams/client"
import type { BlinkState } from "@blink-streams/model"
import {
  type FeedEvent,
  type Feed,
  type FeedRow,
  acknowledge,
  addEvents,
  addGap,
  emptyFeed,
  filterRows,
  toggleFeedPaused,
} from "./Feed.ts"
import { type CameraRow, type SystemRow, cameraRows, systemRows } from "./stateRows.ts"

const panels = ["systems", "cameras", "detail", "events"] as const
export type Panel = (typeof panels)[number]

/** Overlay or dialog above the panels. */
export type Overlay =
  | { readonly name: "none" | "help" | "health" | "log" | "detail" | "clips" }
  | { readonly name: "filter" | "command"; readonly text: string }
  | { readonly name: "confirm"; readonly question: string; readonly command: ScreenCommand }
  | {
      readonly name: "prompt"
      readonly prompt: Prompt
      readonly text: string
      readonly problem: string | null
      readonly isSending: boolean
    }

const covering = new Set<Overlay["name"]>(["help", "health", "log", "clips", "detail"])

/** True when `overlay` hides the panels; the others leave them visible. */
export const coversPanels = (overlay: Overlay): boolean => covering.has(overlay.name)

/** A request of the broadcaster for user input: a password, a code, or an update of the app. */
export type Prompt = Client["prompts"][number]

/** A command of the protocol with its label on the screen. */
export interface ScreenCommand {
  readonly name: "arm" | "disarm" | "enable" | "disable" | "thumbnail" | "refresh"
  readonly target: NonNullable<CommandRequest["target"]>
  readonly expect?: { readonly armed: boolean }
  /** For the command log: `arm Home`. */
  readonly label: string
}

export interface CommandLogEntry {
  readonly id: number
  readonly label: string
  readonly at: number
  /** In order of arrival: `sent`, `accepted`, `running`, then `verified` or an error message. */
  readonly statuses: ReadonlyArray<string>
  readonly outcome: "running" | "done" | "failed"
}

/** Feedback that replaces the key hints until the next key press, at most 30 s. */
export interface StatusMessage {
  readonly text: string
  readonly tone: "good" | "warning" | "alarm"
  readonly at: number
}

export interface ScreenModel {
  readonly state: BlinkState | null
  readonly connection: Connection
  readonly prompts: ReadonlyArray<Prompt>
  readonly feed: Feed
  readonly filter: string
  readonly focus: Panel
  readonly systemIndex: number
  readonly cameraIndex: number
  /** Key of the selected row; `null` follows the newest row. */
  readonly selectedKey: string | null
  readonly overlay: Overlay
  readonly scroll: number
  readonly isWide: boolean
  readonly commandLog: ReadonlyArray<CommandLogEntry>
  /** End of the mute in epoch milliseconds, by camera key. */
  readonly mutedUntil: Readonly<Record<string, number>>
  readonly message: StatusMessage | null
}

export const initialModel = (now: number): ScreenModel => ({
  state: null,
  connection: { status: "connecting", since: new Date(now).toISOString() },
  prompts: [],
  feed: emptyFeed,
  filter: "",
  focus: "systems",
  systemIndex: 0,
  cameraIndex: 0,
  selectedKey: null,
  overlay: { name: "none" },
  scroll: 0,
  isWide: false,
  commandLog: [],
  mutedUntil: {},
  message: null,
})

/** A change of the client that adds rows to the feed. */
export type ClientChange =
  | { readonly type: "event"; readonly event: FeedEvent }
  | {
      readonly type: "gap"
      /** Cursor of the position after the gap. */
      readonly cursor: string
      readonly reason: string
      readonly at: string
    }

export const selectedSystem = (model: ScreenModel): SystemRow | undefined =>
  systemRows(model.state)[model.systemIndex]

export const visibleCameras = (model: ScreenModel): ReadonlyArray<CameraRow> =>
  cameraRows(model.state, selectedSystem(model))

export const selectedCamera = (model: ScreenModel): CameraRow | undefined =>
  visibleCameras(model)[model.cameraIndex]

export const visibleRows = (model: ScreenModel): ReadonlyArray<FeedRow> =>
  filterRows(model.feed.rows, model.filter)

export const selectedRow = (model: ScreenModel): FeedRow | undefined => {
  const rows = visibleRows(model)
  return model.selectedKey === null ? rows.at(-1) : rows.find(({ key }) => key === model.selectedKey)
}

/** Selects the camera of a feed row if it still exists. */
export const selectCameraOf = (model: ScreenModel, row: FeedRow | undefined): ScreenModel => {
  const subject = row?.event?.subject
  const systems = systemRows(model.state)
  const system = systems.findIndex(
    ({ account, id }) => account === subject?.account && id === subject.network,
  )
  const camera = cameraRows(model.state, systems[system]).findIndex(
    (each) => each.camera.id === subject?.camera && each.camera.kind === subject.kind,
  )
  return system < 0 || camera < 0 ? model : { ...model, systemIndex: system, cameraIndex: camera }
}

const clamp = (value: number, count: number): number => Math.max(0, Math.min(value, count - 1))

/** Moves the selection to existing rows. */
const clampSelection = (model: ScreenModel): ScreenModel => {
  const system = clamp(model.systemIndex, systemRows(model.state).length)
  const clamped = { ...model, systemIndex: system }
  return { ...clamped, cameraIndex: clamp(model.cameraIndex, visibleCameras(clamped).length) }
}

/** Moves the selection of the focused panel by `step` rows; `±Infinity` moves it to an end. */
export const moveSelection = (model: ScreenModel, step: number): ScreenModel => {
  switch (model.focus) {
    case "systems":
      return clampSelection({
        ...model,
        systemIndex: clamp(model.systemIndex + step, systemRows(model.state).length),
        cameraIndex: 0,
      })
    case "cameras":
    case "detail":
      return clampSelection({
        ...model,
        cameraIndex: clamp(model.cameraIndex + step, visibleCameras(model).length),
      })
    default: {
      const rows = visibleRows(model)
      const at =
        model.selectedKey === null ? rows.length - 1 : rows.findIndex(({ key }) => key === model.selectedKey)
      const next = clamp(at + step, rows.length)
      // The newest row has no fixed selection, so that the feed follows new events.
      return { ...model, selectedKey: next >= rows.length - 1 ? null : (rows[next]?.key ?? null) }
    }
  }
}

export const moveFocus = (model: ScreenModel, step: 1 | -1): ScreenModel => ({
  ...model,
  focus: panels[(panels.indexOf(model.focus) + step + panels.length) % panels.length] ?? "systems",
})

/** Result of a submitted prompt; `problem` is `null` on success. The dialog closes when the server removes the prompt. */
export const withPromptResult = (model: ScreenModel, problem: string | null, now: number): ScreenModel => {
  const { overlay } = model
  const nextOverlay = overlay.name === "prompt" ? { ...overlay, problem, isSending: false } : overlay
  const message =
    problem === null
      ? ({ text: "Accepted", tone: "good" } as const)
      : ({ text: problem, tone: "alarm" } as const)
  return { ...model, overlay: nextOverlay, message: { ...message, at: now } }
}

/** The first prompt that a user can submit; an app update is not one of them. */
export const pendingPrompt = ({ prompts }: ScreenModel): Prompt | undefined =>
  prompts.find(({ kind }) => kind !== "app_update")

export const withPrompt = (model: ScreenModel, prompt: Prompt): ScreenModel => ({
  ...model,
  overlay: { name: "prompt", prompt, text: "", problem: null, isSending: false },
})

export const withClientState = (
  model: ScreenModel,
  clientState: {
    readonly state: BlinkState | null
    readonly connection: Connection
    readonly prompts: ReadonlyArray<Prompt>
  },
): ScreenModel => {
  const next = { ...model, ...clientState }
  const { overlay } = model
  const openPromptId = overlay.name === "prompt" ? overlay.prompt.id : null
  if (openPromptId !== null && clientState.prompts.some(({ id }) => id === openPromptId))
    return clampSelection(next)
  const pendingPromptNow = pendingPrompt(next)
  const isNew = pendingPromptNow !== undefined && !model.prompts.some(({ id }) => id === pendingPromptNow.id)
  if (pendingPromptNow !== undefined && (isNew || openPromptId !== null))
    return clampSelection(withPrompt(next, pendingPromptNow))
  return clampSelection(openPromptId === null ? next : { ...next, overlay: { name: "none" } })
}

export const withChanges = (model: ScreenModel, changes: ReadonlyArray<ClientChange>): ScreenModel => {
  let feed = model.feed
  let events: Array<FeedEvent> = []
  for (const each of changes)
    if (each.type === "event") events.push(each.event)
    else {
      feed = addGap(addEvents(feed, events), each, each.at)
      events = []
    }
  return { ...model, feed: addEvents(feed, events) }
}

export const togglePause = (model: ScreenModel): ScreenModel => ({
  ...model,
  feed: toggleFeedPaused(model.feed),
})

export const withAcknowledged = (model: ScreenModel, key: string | null): ScreenModel => ({
  ...model,
  feed: acknowledge(model.feed, key),
})

/** Adds a status to the log entry of a command. The log keeps the newest 20 commands. */
export const withCommandStatus = (
  model: ScreenModel,
  id: number,
  label: string,
  status: string,
  outcome: CommandLogEntry["outcome"],
  now: number,
): ScreenModel => {
  const existing = model.commandLog.find((entry) => entry.id === id)
  const statuses = [...(existing?.statuses ?? []).filter((each) => each !== status), status]
  const entry: CommandLogEntry = { id, label, at: existing?.at ?? now, statuses, outcome }
  return {
    ...model,
    commandLog: [...model.commandLog.filter((each) => each.id !== id), entry].slice(-20),
    message: {
      text: `${label}: ${statuses.join(" → ")}`,
      tone: outcome === "failed" ? "alarm" : outcome === "done" ? "good" : "warning",
      at: now,
    },
  }
}
