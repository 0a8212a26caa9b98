import type { Key } from "ink"
import type { FeedRow } from "../model/Feed.ts"
import { type Action, type Binding, actionForKey } from "./keyBindings.ts"
import {
  type StatusMessage,
  type Overlay,
  type Panel,
  type ScreenModel,
  withAcknowledged,
  selectedRow,
  moveSelection,
  pendingPrompt,
  selectedCamera,
  togglePause,
  moveFocus,
  selectCameraOf,
  withPrompt,
} from "../model/ScreenModel.ts"
import type { ClipReference } from "../openClip.ts"
import { clipRows } from "../model/cameraEvents.ts"
import type { ScreenStore } from "../model/ScreenStore.ts"
import { parseTypedCommand } from "./typedCommand.ts"
import {
  type PreparedCommand,
  armCommand,
  motionCommand,
  thumbnailCommand,
  refreshCommand,
} from "../model/screenCommands.ts"

/** Dependencies of the key handlers besides the model. */
export interface ScreenActions {
  readonly store: ScreenStore
  readonly bindings: ReadonlyArray<Binding>
  readonly control: boolean
  readonly now: () => number
  readonly quit: () => void
  readonly copy: (text: string) => void
  /** Opens a clip in the user's player. Resolves to an error message, or `null` on success. */
  readonly play: (clip: ClipReference) => Promise<string | null>
}

const muteMillis = 15 * 60_000
const noOverlay: Overlay = { name: "none" }

const clipOf = (row: FeedRow | undefined): ClipReference | undefined => {
  const clip = row?.event && "clip" in row.event.data ? row.event.data.clip : undefined
  return row === undefined || row.cursor === null || clip === undefined
    ? undefined
    : { clip, cursor: row.cursor }
}

/** The selected clip of the list or the feed; without a selection the newest clip of the selected camera. */
const clipToPlay = (model: ScreenModel): ClipReference | undefined =>
  model.overlay.name === "clips"
    ? clipOf(clipRows(model)[model.scroll])
    : (clipOf(selectedRow(model)) ?? (model.selectedKey === null ? clipOf(clipRows(model)[0]) : undefined))

const showMessage = (
  { store, now }: ScreenActions,
  text: string,
  tone: StatusMessage["tone"] = "warning",
): void => store.update((model) => ({ ...model, message: { text, tone, at: now() } }))

const runOrConfirm = (actions: ScreenActions, prepared: PreparedCommand, question: string | null): void => {
  const { store, control } = actions
  if (!control && !("command" in prepared && prepared.command.name === "refresh"))
    return showMessage(actions, "Read-only: start with --control to send commands")
  if ("problem" in prepared) return showMessage(actions, prepared.problem)
  const { command } = prepared
  if (question === null) return store.runCommand(command)
  store.update((model) => ({ ...model, overlay: { name: "confirm", question, command } }))
}

const confirmDisarm = (actions: ScreenActions, name: string): void => {
  const prepared = armCommand(actions.store.model(), "disarm", name)
  runOrConfirm(
    actions,
    prepared,
    "command" in prepared ? `${prepared.command.label.replace(/^d/, "D")}?` : null,
  )
}

const runTyped = (actions: ScreenActions, line: string): void => {
  const { store } = actions
  const typed = parseTypedCommand(line)
  switch (typed.do) {
    case "arm":
      return runOrConfirm(actions, armCommand(store.model(), "arm", typed.name), null)
    case "disarm":
      return confirmDisarm(actions, typed.name)
    case "on":
    case "off":
      return runOrConfirm(actions, motionCommand(store.model(), typed.do === "on", typed.name), null)
    case "snap":
      return runOrConfirm(actions, thumbnailCommand(store.model(), typed.name), null)
    case "filter":
      return store.update((model) => ({ ...model, filter: typed.text, selectedKey: null }))
    case "quit":
      return actions.quit()
    case "refresh":
      return runOrConfirm(actions, refreshCommand(store.model(), actions.now()), null)
    case "nothing":
      return typed.problem === null ? undefined : showMessage(actions, typed.problem)
    default:
      return store.update((model) => ({ ...model, overlay: { name: typed.do } }))
  }
}

/** `overlay` after a key press in its text field; `null` when it has no text field. */
const typeText = (overlay: Overlay, input: string, key: Key): Overlay | null => {
  if (!("text" in overlay)) return null
  if (key.escape) return noOverlay
  if (key.backspace || key.delete) return { ...overlay, text: Array.from(overlay.text).slice(0, -1).join("") }
  // oxlint-disable-next-line no-control-regex -- a paste may contain control characters
  const text = key.ctrl || key.meta || key.tab ? "" : input.replaceAll(/[\u0000-\u001F\u007F]/g, "")
  return text === "" ? overlay : { ...overlay, text: overlay.text + text }
}

const submitText = (actions: ScreenActions, overlay: Overlay): void => {
  const { store } = actions
  if (overlay.name === "prompt") {
    if (overlay.text === "" || overlay.isSending) return
    store.update((model) => ({ ...model, overlay: { ...overlay, text: "", problem: null, isSending: true } }))
    return store.submitPrompt(overlay.prompt.id, overlay.text)
  }
  store.update((model) => ({ ...model, overlay: noOverlay }))
  if (overlay.name === "command") runTyped(actions, overlay.text)
}

const focus = (panel: Panel) => (model: ScreenModel) => ({ ...model, focus: panel })

const runAction = (actions: ScreenActions, action: Action): void => {
  const { store } = actions
  const { update } = store
  const toggleOverlay = (overlay: Overlay): void =>
    update((model) => ({
      ...model,
      scroll: 0,
      overlay: model.overlay.name === overlay.name ? noOverlay : overlay,
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
      return toggleOverlay({ name: "health" })
    case "next":
      return update((model) => moveFocus(model, 1))
    case "previous":
      return update((model) => moveFocus(model, -1))
    case "down":
      return update((model) => moveSelection(model, 1))
    case "up":
      return update((model) => moveSelection(model, -1))
    case "first":
      return update((model) => moveSelection(model, Number.NEGATIVE_INFINITY))
    case "last":
      return update((model) => moveSelection(model, Number.POSITIVE_INFINITY))
    case "open": {
      const prompt = pendingPrompt(store.model())
      if (prompt !== undefined) return update((model) => withPrompt(model, prompt))
      if (store.model().focus === "events") update((model) => selectCameraOf(model, selectedRow(model)))
      return toggleOverlay({ name: "detail" })
    }
    case "back":
      return update((model) => ({
        ...model,
        overlay: noOverlay,
        filter: "",
        selectedKey: null,
        message: null,
      }))
    case "filter":
      return toggleOverlay({ name: "filter", text: "" })
    case "command":
      return toggleOverlay({ name: "command", text: "" })
    case "help":
      return toggleOverlay({ name: "help" })
    case "log":
      return toggleOverlay({ name: "log" })
    case "clips":
      return toggleOverlay({ name: "clips" })
    case "arm":
      return runOrConfirm(actions, armCommand(store.model(), "arm"), null)
    case "disarm":
      return confirmDisarm(actions, "")
    case "motion":
      return runOrConfirm(actions, motionCommand(store.model(), null), null)
    case "thumbnail":
      return runOrConfirm(actions, thumbnailCommand(store.model()), null)
    case "refresh":
      return runOrConfirm(actions, refreshCommand(store.model(), actions.now()), null)
    case "play": {
      const clip = clipToPlay(store.model())
      if (clip === undefined) return showMessage(actions, "No clip selected")
      showMessage(actions, "Opening the clip", "good")
      return void actions.play(clip).then((problem) => problem === null || showMessage(actions, problem))
    }
    case "acknowledge":
      return update((model) => withAcknowledged(model, selectedRow(model)?.key ?? ""))
    case "acknowledgeAll":
      return update((model) => withAcknowledged(model, null))
    case "snooze": {
      const camera = selectedCamera(store.model())
      if (!camera) return showMessage(actions, "No camera selected")
      update((model) => ({
        ...model,
        mutedUntil: { ...model.mutedUntil, [camera.key]: actions.now() + muteMillis },
      }))
      return showMessage(actions, `${camera.name} muted on this screen for 15 minutes`, "good")
    }
    case "pause":
      return update(togglePause)
    case "follow":
      return update((model) => ({ ...model, selectedKey: null }))
    case "wide":
      return update((model) => ({ ...model, isWide: !model.isWide }))
    case "copy": {
      const id =
        store.model().focus === "events"
          ? selectedRow(store.model())?.key
          : selectedCamera(store.model())?.key
      if (id === undefined) return showMessage(actions, "Nothing selected")
      actions.copy(id)
      return showMessage(actions, `Copied ${id}`, "good")
    }
    case "quit":
      return actions.quit()
  }
}

/** Control characters of keys that arrive within a longer input. */
const controlCharacters: Readonly<Record<string, Partial<Key>>> = {
  "\r": { return: true },
  "\n": { return: true },
  "\t": { tab: true },
  "\u007F": { backspace: true },
  "\b": { backspace: true },
}

/**
 * Handles the input of one keyboard read. Fast typing and pastes arrive as one string that may contain Enter; it is
 * split into single keys because one key can change the meaning of the next.
 */
export const handleInput = (actions: ScreenActions, input: string, key: Key): void => {
  if (input.length <= 1 || key.ctrl || key.meta) return handleKey(actions, input, key)
  for (const character of input) {
    const controlKey = controlCharacters[character]
    handleKey(actions, controlKey === undefined ? character : "", { ...key, ...controlKey })
  }
}

/** Handles one key press: text input, a key of a dialog, or a bound action. */
const handleKey = (actions: ScreenActions, input: string, key: Key): void => {
  const { store, bindings } = actions
  const { overlay, message } = store.model()
  if (message !== null) store.update((model) => ({ ...model, message: null }))
  if (key.return && "text" in overlay) return submitText(actions, overlay)
  const typed = typeText(overlay, input, key)
  if (typed !== null)
    return store.update((model) => ({
      ...model,
      overlay: typed,
      // The filter applies while it is typed.
      ...(typed.name === "filter" ? { filter: typed.text, selectedKey: null } : {}),
    }))
  const action = actionForKey(bindings, input, key)
  if (overlay.name === "confirm") {
    if (input === "y") store.runCommand(overlay.command)
    if (input === "y" || input === "n" || key.escape)
      store.update((model) => ({ ...model, overlay: noOverlay }))
    return
  }
  if (overlay.name === "clips" && (action === "down" || action === "up"))
    return store.update((model) => ({
      ...model,
      scroll: Math.max(0, Math.min(clipRows(model).length - 1, model.scroll + (action === "down" ? 1 : -1))),
    }))
  if (action === "back" || (action === "quit" && overlay.name !== "none"))
    if (overlay.name !== "none") return store.update((model) => ({ ...model, overlay: noOverlay }))
  if (action !== null) runAction(actions, action)
}
