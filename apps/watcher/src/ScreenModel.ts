import type { Client, CommandRequest, Connection } from "@blink-streams/client"
import type { HomeState } from "@blink-streams/model"
import {
  type FedEvent,
  type Feed,
  type FeedRow,
  acknowledge,
  addEvents,
  addGap,
  emptyFeed,
  filterRows,
  pauseFeed,
} from "./Feed.ts"
import { type CameraRow, type SystemRow, cameraRows, systemRows } from "./homeView.ts"

export const panels = ["systems", "cameras", "detail", "events"] as const
export type Panel = (typeof panels)[number]

/** What lies over the panels, and what it asks. */
export type Overlay =
  | { readonly name: "none" | "help" | "health" | "log" | "detail" | "clips" }
  | { readonly name: "filter" | "command"; readonly text: string }
  | { readonly name: "confirm"; readonly question: string; readonly wish: Wish }
  | {
      readonly name: "pin"
      readonly prompt: Prompt
      readonly text: string
      readonly problem: string | null
      readonly isSending: boolean
    }

const covering = new Set<Overlay["name"]>(["help", "health", "log", "clips", "detail"])

/** Whether `overlay` takes the whole screen; the others leave the panels where they are. */
export const coversPanels = (overlay: Overlay): boolean => covering.has(overlay.name)

/** Something that the broadcaster asks a person. */
export type Prompt = Client["prompts"][number]

/** A command of the protocol, with the words the screen has for it. */
export interface Wish {
  readonly name: "arm" | "disarm" | "enable" | "disable" | "thumbnail" | "refresh"
  readonly target: NonNullable<CommandRequest["target"]>
  readonly expect?: { readonly armed: boolean }
  /** `arm Home`, for the log. */
  readonly label: string
}

export interface LogEntry {
  readonly id: number
  readonly label: string
  readonly at: number
  /** `accepted → running → verified`, or what came of it. */
  readonly steps: ReadonlyArray<string>
  readonly outcome: "running" | "done" | "failed"
}

/** What just happened, in the place of the hints until a key is pressed or it is old. */
export interface Message {
  readonly text: string
  readonly tone: "good" | "warning" | "alarm"
  readonly at: number
}

export interface ScreenModel {
  readonly home: HomeState | null
  readonly connection: Connection
  readonly prompts: ReadonlyArray<Prompt>
  readonly feed: Feed
  readonly filter: string
  readonly focus: Panel
  readonly system: number
  readonly camera: number
  /** Key of the marked row; `null` follows the newest. */
  readonly mark: string | null
  readonly overlay: Overlay
  readonly scroll: number
  readonly wide: boolean
  readonly log: ReadonlyArray<LogEntry>
  /** Cameras by key, and until when they are kept quiet. */
  readonly snoozed: Readonly<Record<string, number>>
  readonly message: Message | null
}

export const initialModel = (now: number): ScreenModel => ({
  home: null,
  connection: { status: "connecting", since: new Date(now).toISOString() },
  prompts: [],
  feed: emptyFeed,
  filter: "",
  focus: "systems",
  system: 0,
  camera: 0,
  mark: null,
  overlay: { name: "none" },
  scroll: 0,
  wide: false,
  log: [],
  snoozed: {},
  message: null,
})

/** What the connection told since the last frame. */
export type News =
  | { readonly type: "event"; readonly event: FedEvent }
  | {
      readonly type: "gap"
      readonly from: number
      readonly to: number
      readonly reason: string
      readonly at: string
    }

export const selectedSystem = (model: ScreenModel): SystemRow | undefined =>
  systemRows(model.home)[model.system]

export const visibleCameras = (model: ScreenModel): ReadonlyArray<CameraRow> =>
  cameraRows(model.home, selectedSystem(model))

export const selectedCamera = (model: ScreenModel): CameraRow | undefined =>
  visibleCameras(model)[model.camera]

export const visibleRows = (model: ScreenModel): ReadonlyArray<FeedRow> =>
  filterRows(model.feed.rows, model.filter)

export const markedRow = (model: ScreenModel): FeedRow | undefined => {
  const rows = visibleRows(model)
  return model.mark === null ? rows.at(-1) : rows.find(({ key }) => key === model.mark)
}

/** Marks the camera that a row of the feed is about, where it is still there. */
export const withCameraOf = (model: ScreenModel, row: FeedRow | undefined): ScreenModel => {
  const subject = row?.event?.subject
  const systems = systemRows(model.home)
  const system = systems.findIndex(
    ({ account, id }) => account === subject?.account && id === subject.network,
  )
  const camera = cameraRows(model.home, systems[system]).findIndex(
    (each) => each.camera.id === subject?.camera && each.camera.kind === subject.kind,
  )
  return system < 0 || camera < 0 ? model : { ...model, system, camera }
}

const clamp = (value: number, count: number): number => Math.max(0, Math.min(value, count - 1))

/** Keeps the marks on something that is there. */
const settle = (model: ScreenModel): ScreenModel => {
  const system = clamp(model.system, systemRows(model.home).length)
  const settled = { ...model, system }
  return { ...settled, camera: clamp(model.camera, visibleCameras(settled).length) }
}

/** Moves the mark of the focused panel by `step` rows; `±Infinity` goes to an end. */
export const move = (model: ScreenModel, step: number): ScreenModel => {
  switch (model.focus) {
    case "systems":
      return settle({
        ...model,
        system: clamp(model.system + step, systemRows(model.home).length),
        camera: 0,
      })
    case "cameras":
    case "detail":
      return settle({ ...model, camera: clamp(model.camera + step, visibleCameras(model).length) })
    default: {
      const rows = visibleRows(model)
      const at = model.mark === null ? rows.length - 1 : rows.findIndex(({ key }) => key === model.mark)
      const next = clamp(at + step, rows.length)
      // The newest row is followed rather than held.
      return { ...model, mark: next >= rows.length - 1 ? null : (rows[next]?.key ?? null) }
    }
  }
}

export const turn = (model: ScreenModel, step: 1 | -1): ScreenModel => ({
  ...model,
  focus: panels[(panels.indexOf(model.focus) + step + panels.length) % panels.length] ?? "systems",
})

/** What became of an answer. The modal goes with its prompt, or stays and says what was wrong. */
export const withAnswer = (model: ScreenModel, problem: string | null, now: number): ScreenModel => {
  const { overlay } = model
  const after = overlay.name === "pin" ? { ...overlay, problem, isSending: false } : overlay
  const message =
    problem === null
      ? ({ text: "taken", tone: "good" } as const)
      : ({ text: problem, tone: "alarm" } as const)
  return { ...model, overlay: after, message: { ...message, at: now } }
}

/** What waits for an answer. An update of the app is nothing that one could type. */
export const pendingPrompt = ({ prompts }: ScreenModel): Prompt | undefined =>
  prompts.find(({ kind }) => kind !== "app_update")

export const withPrompt = (model: ScreenModel, prompt: Prompt): ScreenModel => ({
  ...model,
  overlay: { name: "pin", prompt, text: "", problem: null, isSending: false },
})

export const withHome = (
  model: ScreenModel,
  told: {
    readonly home: HomeState | null
    readonly connection: Connection
    readonly prompts: ReadonlyArray<Prompt>
  },
): ScreenModel => {
  const next = { ...model, ...told }
  const { overlay } = model
  const asked = overlay.name === "pin" ? overlay.prompt.id : null
  if (asked !== null && told.prompts.some(({ id }) => id === asked)) return settle(next)
  const pending = pendingPrompt(next)
  const isNew = pending !== undefined && !model.prompts.some(({ id }) => id === pending.id)
  if (pending !== undefined && (isNew || asked !== null)) return settle(withPrompt(next, pending))
  return settle(asked === null ? next : { ...next, overlay: { name: "none" } })
}

export const withNews = (model: ScreenModel, news: ReadonlyArray<News>): ScreenModel => {
  let feed = model.feed
  let events: Array<FedEvent> = []
  for (const each of news)
    if (each.type === "event") events.push(each.event)
    else {
      feed = addGap(addEvents(feed, events), each, each.at)
      events = []
    }
  return { ...model, feed: addEvents(feed, events) }
}

export const togglePause = (model: ScreenModel): ScreenModel => ({ ...model, feed: pauseFeed(model.feed) })

export const acknowledged = (model: ScreenModel, key: string | null): ScreenModel => ({
  ...model,
  feed: acknowledge(model.feed, key),
})

/** Puts a step of a command into the log; the newest twenty are kept. */
export const withStep = (
  model: ScreenModel,
  id: number,
  label: string,
  step: string,
  outcome: LogEntry["outcome"],
  now: number,
): ScreenModel => {
  const before = model.log.find((entry) => entry.id === id)
  const steps = [...(before?.steps ?? []).filter((each) => each !== step), step]
  const entry: LogEntry = { id, label, at: before?.at ?? now, steps, outcome }
  return {
    ...model,
    log: [...model.log.filter((each) => each.id !== id), entry].slice(-20),
    message: {
      text: `${label}: ${steps.join(" → ")}`,
      tone: outcome === "failed" ? "alarm" : outcome === "done" ? "good" : "warning",
      at: now,
    },
  }
}
