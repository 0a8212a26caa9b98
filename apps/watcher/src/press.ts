import type { Key } from "ink"
import type { FeedRow } from "./Feed.ts"
import { type Action, type Binding, actionOf } from "./keys.ts"
import {
  type Message,
  type Overlay,
  type Panel,
  type ScreenModel,
  acknowledged,
  markedRow,
  move,
  pendingPrompt,
  selectedCamera,
  togglePause,
  turn,
  visibleRows,
  withCameraOf,
  withPrompt,
} from "./ScreenModel.ts"
import type { ClipPlace } from "./openClip.ts"
import type { ScreenStore } from "./ScreenStore.ts"
import { parseTypedCommand } from "./typedCommand.ts"
import { type Wanted, armWish, motionWish, pictureWish, refreshWish } from "./wishes.ts"

/** What a key press may reach beyond the model. */
export interface Hands {
  readonly store: ScreenStore
  readonly bindings: ReadonlyArray<Binding>
  readonly control: boolean
  readonly now: () => number
  readonly quit: () => void
  readonly copy: (text: string) => void
  /** Opens a clip in the user's player. Resolves to what went wrong, or `null`. */
  readonly play: (clip: ClipPlace) => Promise<string | null>
}

const snoozeMillis = 15 * 60_000
const none: Overlay = { name: "none" }

/** Clips of the marked camera that the feed knows, newest first. */
export const clipRows = (model: ScreenModel) => {
  const camera = selectedCamera(model)
  return visibleRows(model)
    .filter(
      ({ event }) =>
        event !== null &&
        (event.kind === "clip.added" || event.kind === "motion") &&
        event.data.clip !== undefined &&
        (camera === undefined ||
          (event.subject.camera === camera.camera.id && event.subject.kind === camera.camera.kind)),
    )
    .toReversed()
}

const clipOf = (row: FeedRow | undefined): ClipPlace | undefined => {
  const clip = row?.event && "clip" in row.event.data ? row.event.data.clip : undefined
  return row === undefined || row.place === null || clip === undefined ? undefined : { clip, ...row.place }
}

/** The marked clip of the list or of the feed; while the feed just runs, the newest of the camera. */
const clipToPlay = (model: ScreenModel): ClipPlace | undefined =>
  model.overlay.name === "clips"
    ? clipOf(clipRows(model)[model.scroll])
    : (clipOf(markedRow(model)) ?? (model.mark === null ? clipOf(clipRows(model)[0]) : undefined))

const tell = ({ store, now }: Hands, text: string, tone: Message["tone"] = "warning"): void =>
  store.update((model) => ({ ...model, message: { text, tone, at: now() } }))

const want = (hands: Hands, wanted: Wanted, ask: string | null): void => {
  const { store, control } = hands
  if (!control && !("wish" in wanted && wanted.wish.name === "refresh"))
    return tell(hands, "read-only: start with --control to change anything")
  if ("problem" in wanted) return tell(hands, wanted.problem)
  const { wish } = wanted
  if (ask === null) return store.run(wish)
  store.update((model) => ({ ...model, overlay: { name: "confirm", question: ask, wish } }))
}

const disarm = (hands: Hands, name: string): void => {
  const wanted = armWish(hands.store.model(), "disarm", name)
  want(hands, wanted, "wish" in wanted ? `${wanted.wish.label.replace(/^d/, "D")}?` : null)
}

const runTyped = (hands: Hands, line: string): void => {
  const { store } = hands
  const typed = parseTypedCommand(line)
  switch (typed.do) {
    case "arm":
      return want(hands, armWish(store.model(), "arm", typed.name), null)
    case "disarm":
      return disarm(hands, typed.name)
    case "on":
    case "off":
      return want(hands, motionWish(store.model(), typed.do === "on", typed.name), null)
    case "snap":
      return want(hands, pictureWish(store.model(), typed.name), null)
    case "filter":
      return store.update((model) => ({ ...model, filter: typed.text, mark: null }))
    case "quit":
      return hands.quit()
    case "refresh":
      return want(hands, refreshWish(store.model(), hands.now()), null)
    case "nothing":
      return typed.problem === null ? undefined : tell(hands, typed.problem)
    default:
      return store.update((model) => ({ ...model, overlay: { name: typed.do } }))
  }
}

/** Keys while a line of text is typed. `null` when `overlay` asks for none. */
const type = (overlay: Overlay, input: string, key: Key): Overlay | null => {
  if (!("text" in overlay)) return null
  if (key.escape) return none
  if (key.backspace || key.delete) return { ...overlay, text: Array.from(overlay.text).slice(0, -1).join("") }
  // oxlint-disable-next-line no-control-regex -- what a paste may bring along
  const text = key.ctrl || key.meta || key.tab ? "" : input.replaceAll(/[\u0000-\u001F\u007F]/g, "")
  return text === "" ? overlay : { ...overlay, text: overlay.text + text }
}

const enter = (hands: Hands, overlay: Overlay): void => {
  const { store } = hands
  if (overlay.name === "pin") {
    if (overlay.text === "" || overlay.isSending) return
    store.update((model) => ({ ...model, overlay: { ...overlay, text: "", problem: null, isSending: true } }))
    return store.answerPin(overlay.prompt.id, overlay.text)
  }
  store.update((model) => ({ ...model, overlay: none }))
  if (overlay.name === "command") runTyped(hands, overlay.text)
}

const focus = (panel: Panel) => (model: ScreenModel) => ({ ...model, focus: panel })

const act = (hands: Hands, action: Action): void => {
  const { store } = hands
  const { update } = store
  const show = (overlay: Overlay): void =>
    update((model) => ({
      ...model,
      scroll: 0,
      overlay: model.overlay.name === overlay.name ? none : overlay,
    }))
  switch (action) {
    case "panel1":
      return update(focus("systems"))
    case "panel2":
      return update(focus("cameras"))
    case "panel3":
      return update(focus("detail"))
    case "panel4":
      return update(focus("events"))
    case "panel5":
    case "health":
      return show({ name: "health" })
    case "next":
      return update((model) => turn(model, 1))
    case "previous":
      return update((model) => turn(model, -1))
    case "down":
      return update((model) => move(model, 1))
    case "up":
      return update((model) => move(model, -1))
    case "first":
      return update((model) => move(model, Number.NEGATIVE_INFINITY))
    case "last":
      return update((model) => move(model, Number.POSITIVE_INFINITY))
    case "open": {
      const prompt = pendingPrompt(store.model())
      if (prompt !== undefined) return update((model) => withPrompt(model, prompt))
      if (store.model().focus === "events") update((model) => withCameraOf(model, markedRow(model)))
      return show({ name: "detail" })
    }
    case "back":
      return update((model) => ({ ...model, overlay: none, filter: "", mark: null, message: null }))
    case "filter":
      return show({ name: "filter", text: "" })
    case "command":
      return show({ name: "command", text: "" })
    case "help":
      return show({ name: "help" })
    case "log":
      return show({ name: "log" })
    case "clips":
      return show({ name: "clips" })
    case "arm":
      return want(hands, armWish(store.model(), "arm"), null)
    case "disarm":
      return disarm(hands, "")
    case "motion":
      return want(hands, motionWish(store.model(), null), null)
    case "thumbnail":
      return want(hands, pictureWish(store.model()), null)
    case "refresh":
      return want(hands, refreshWish(store.model(), hands.now()), null)
    case "play": {
      const clip = clipToPlay(store.model())
      if (clip === undefined) return tell(hands, "no clip is marked")
      tell(hands, "opening the clip", "good")
      return void hands.play(clip).then((problem) => problem === null || tell(hands, problem))
    }
    case "acknowledge":
      return update((model) => acknowledged(model, markedRow(model)?.key ?? ""))
    case "acknowledgeAll":
      return update((model) => acknowledged(model, null))
    case "snooze": {
      const camera = selectedCamera(store.model())
      if (!camera) return tell(hands, "no camera is marked")
      update((model) => ({
        ...model,
        snoozed: { ...model.snoozed, [camera.key]: hands.now() + snoozeMillis },
      }))
      return tell(hands, `${camera.name} is quiet here for 15 m`, "good")
    }
    case "pause":
      return update(togglePause)
    case "follow":
      return update((model) => ({ ...model, mark: null }))
    case "wide":
      return update((model) => ({ ...model, wide: !model.wide }))
    case "copy": {
      const id =
        store.model().focus === "events" ? markedRow(store.model())?.key : selectedCamera(store.model())?.key
      if (id === undefined) return tell(hands, "nothing is marked")
      hands.copy(id)
      return tell(hands, `copied ${id}`, "good")
    }
    case "quit":
      return hands.quit()
  }
}

/** Keys that are characters when they come together with others. */
const keysInText: Readonly<Record<string, Partial<Key>>> = {
  "\r": { return: true },
  "\n": { return: true },
  "\t": { tab: true },
  "\u007F": { backspace: true },
  "\b": { backspace: true },
}

/**
 * What one read of the keyboard brought. Fast typing and pastes come in one piece, with the Enter in it: they are
 * taken apart, since a key may change what the next one means.
 */
export const pressAll = (hands: Hands, input: string, key: Key): void => {
  if (input.length <= 1 || key.ctrl || key.meta) return press(hands, input, key)
  for (const character of input) {
    const named = keysInText[character]
    press(hands, named === undefined ? character : "", { ...key, ...named })
  }
}

/** One key press: typed into a line, answered to a question, or bound to an action. */
const press = (hands: Hands, input: string, key: Key): void => {
  const { store, bindings } = hands
  const { overlay, message } = store.model()
  if (message !== null) store.update((model) => ({ ...model, message: null }))
  if (key.return && "text" in overlay) return enter(hands, overlay)
  const typed = type(overlay, input, key)
  if (typed !== null)
    return store.update((model) => ({
      ...model,
      overlay: typed,
      // The filter narrows while it is typed.
      ...(typed.name === "filter" ? { filter: typed.text, mark: null } : {}),
    }))
  const action = actionOf(bindings, input, key)
  if (overlay.name === "confirm") {
    if (input === "y") store.run(overlay.wish)
    if (input === "y" || input === "n" || key.escape) store.update((model) => ({ ...model, overlay: none }))
    return
  }
  if (overlay.name === "clips" && (action === "down" || action === "up"))
    return store.update((model) => ({
      ...model,
      scroll: Math.max(0, Math.min(clipRows(model).length - 1, model.scroll + (action === "down" ? 1 : -1))),
    }))
  if (action === "back" || (action === "quit" && overlay.name !== "none"))
    if (overlay.name !== "none") return store.update((model) => ({ ...model, overlay: none }))
  if (action !== null) act(hands, action)
}
