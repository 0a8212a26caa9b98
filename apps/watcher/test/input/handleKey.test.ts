import type { Key } from "ink"
import { describe, expect, it, vi } from "vitest"
import { type ScreenActions, handleInput } from "../../src/input/handleKey.ts"
import { defaultBindings } from "../../src/input/keyBindings.ts"
import { type Overlay, type Prompt, type ScreenModel, withChanges } from "../../src/model/ScreenModel.ts"
import { makeScreenStore } from "../../src/model/ScreenStore.ts"
import { FakeClient } from "../FakeClient.ts"
import { now, sampleEvent, sampleState } from "../fixtures.ts"

const noKey: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
}
const enter = { return: true }
const escape = { escape: true }
const [account] = sampleState().accounts

/** A screen without a terminal. `press` sends keys: text, or flags of a named key. */
const open = ({ control = true, play = async (): Promise<string | null> => null } = {}) => {
  const client = new FakeClient()
  const store = makeScreenStore(client, { since: null, seen: new Set() }, () => now)
  const quit = vi.fn()
  const copied: Array<string> = []
  const played: Array<unknown> = []
  const actions: ScreenActions = {
    store,
    bindings: defaultBindings,
    control,
    now: () => now,
    quit,
    copy: (text) => void copied.push(text),
    play: (clip) => {
      played.push(clip)
      return play()
    },
  }
  const press = (...keys: ReadonlyArray<string | Partial<Key>>): void => {
    for (const key of keys)
      if (typeof key === "string") handleInput(actions, key, noKey)
      else handleInput(actions, "", { ...noKey, ...key })
  }
  const addEvents = (...events: ReadonlyArray<ReturnType<typeof sampleEvent>>): void =>
    store.update((model) =>
      withChanges(
        model,
        events.map((event) => ({ type: "event", event }) as const),
      ),
    )
  return { client, store, press, quit, copied, played, addEvents, model: store.model, actions }
}
const clipEvent = (id: string, seconds: number) =>
  sampleEvent("motion", { clipId: id, cause: "pir", clip: `/v1/media/${id}.mp4` }, { seconds })
const promptOf = (kind: Prompt["kind"]): Prompt => ({
  id: "p1",
  kind,
  account: account!.account,
  since: account!.asOf!,
  submitWith: "prompt.submit",
})
const promptOverlay: Overlay = {
  name: "prompt",
  prompt: promptOf("two_factor"),
  text: "",
  problem: null,
  isSending: false,
}

describe("Keys that move", () => {
  it.each([
    ["1", "systems"],
    ["2", "cameras"],
    ["3", "detail"],
    ["4", "events"],
  ])("%s focuses the panel %s", (key, focus) => {
    const { press, model } = open()
    press("4", key)
    expect(model().focus).toBe(focus)
  })

  it("Tab and shift+tab move the focus", () => {
    const { press, model } = open()
    press({ tab: true }, { tab: true })
    expect(model().focus).toBe("detail")
    press({ tab: true, shift: true })
    expect(model().focus).toBe("cameras")
  })

  it("j, k, g, G and the arrow, Home and End keys move the selection", () => {
    const { press, model } = open()
    press("2", "j")
    expect(model().cameraIndex).toBe(1)
    press({ downArrow: true })
    expect(model().cameraIndex).toBe(2)
    press("k")
    expect(model().cameraIndex).toBe(1)
    press({ upArrow: true })
    expect(model().cameraIndex).toBe(0)
    press("G")
    expect(model().cameraIndex).toBe(2)
    press({ home: true })
    expect(model().cameraIndex).toBe(0)
    press({ end: true })
    expect(model().cameraIndex).toBe(2)
    press("g")
    expect(model().cameraIndex).toBe(0)
  })

  it("f follows the newest event again", () => {
    const { press, model, addEvents } = open()
    addEvents(clipEvent("1", 300), clipEvent("2", 100))
    press("4", "k")
    expect(model().selectedKey).not.toBeNull()
    press("f")
    expect(model().selectedKey).toBeNull()
  })

  it("w enlarges the events and p pauses them", () => {
    const { press, model } = open()
    press("w", "p")
    expect(model().isWide).toBe(true)
    expect(model().feed.paused).toEqual({ buffered: [] })
    press("w", "p")
    expect(model().isWide).toBe(false)
    expect(model().feed.paused).toBeNull()
  })
})

describe("Overlays", () => {
  it.each([
    ["?", "help"],
    ["E", "health"],
    ["5", "health"],
    ["L", "log"],
    ["c", "clips"],
  ])("%s opens and closes the overlay %s", (key, name) => {
    const { press, model } = open()
    press(key)
    expect(model().overlay.name).toBe(name)
    press(key)
    expect(model().overlay.name).toBe("none")
  })

  it("Escape and q close an overlay, and q quits only without one", () => {
    const { press, model, quit } = open()
    press("?", escape)
    expect(model().overlay.name).toBe("none")
    press("?", "q")
    expect(model().overlay.name).toBe("none")
    expect(quit).not.toHaveBeenCalled()
    press("q")
    expect(quit).toHaveBeenCalledOnce()
  })

  it("Enter opens the detail of the camera of the selected event", () => {
    const { press, model, addEvents } = open()
    const event = clipEvent("1", 60)
    addEvents({ ...event, subject: { ...event.subject, camera: 2 } } as typeof event)
    press("4", enter)
    expect(model().overlay.name).toBe("detail")
    expect(model().cameraIndex).toBe(1)
  })

  it("Enter opens a postponed prompt before anything else", () => {
    const { press, model, store } = open()
    store.update((before) => ({ ...before, prompts: [promptOf("reauth")] }))
    press(enter)
    expect(model().overlay).toMatchObject({ name: "prompt", prompt: { id: "p1" } })
  })

  it("The list of clips scrolls within its rows", () => {
    const { press, model, addEvents } = open()
    addEvents(clipEvent("1", 500), clipEvent("2", 300), clipEvent("3", 100))
    press("c", "k")
    expect(model().scroll).toBe(0)
    press("j", "j", "j", "j")
    expect(model().scroll).toBe(2)
    press("k")
    expect(model().scroll).toBe(1)
  })

  it("Escape without an overlay clears filter, selection and message", () => {
    const { press, model, store } = open()
    store.update((before) => ({
      ...before,
      filter: "porch",
      selectedKey: "x",
      message: { text: "hello", tone: "good", at: now },
    }))
    press(escape)
    expect(model()).toMatchObject({ filter: "", selectedKey: null, message: null })
  })
})

describe("Text fields", () => {
  it("/ filters the events while it is typed, Enter keeps the filter and Escape closes the field", () => {
    const { press, model } = open()
    press("/", "p", "o")
    expect(model()).toMatchObject({ filter: "po", overlay: { name: "filter", text: "po" } })
    press(enter)
    expect(model()).toMatchObject({ filter: "po", overlay: { name: "none" } })
  })

  it("Backspace and Delete remove the last character, also one outside the basic plane", () => {
    const { press, model } = open()
    press("/", "a", "👩", { backspace: true })
    expect(model().filter).toBe("a")
    press({ delete: true }, { delete: true })
    expect(model().filter).toBe("")
  })

  it("A key with Ctrl or Alt types nothing", () => {
    const { actions, press, model } = open()
    press("/")
    handleInput(actions, "a", { ...noKey, ctrl: true })
    handleInput(actions, "a", { ...noKey, meta: true })
    expect(model().filter).toBe("")
  })

  it("Pasted control characters are not typed", () => {
    const { press, model } = open()
    press("/", "a\u0007\u001Bb")
    expect(model().filter).toBe("ab")
  })

  it("Keys that arrive in one read work as if they arrived one by one", () => {
    const { press, model } = open()
    press("2G/garden\rp")
    expect(model()).toMatchObject({
      focus: "cameras",
      cameraIndex: 2,
      filter: "garden",
      overlay: { name: "none" },
    })
    expect(model().feed.paused).not.toBeNull()
    press("/x\u007F\b\b")
    expect(model().overlay).toMatchObject({ name: "filter", text: "" })
    press(escape, "1\t\t")
    expect(model().focus).toBe("detail")
  })
})

describe("Commands", () => {
  it("a arms the selected system at once", () => {
    const { press, client } = open()
    press("a")
    expect(client.commands.map(({ request }) => request)).toEqual([
      { name: "arm", target: { account: 1234, network: 11 } },
    ])
  })

  it("D disarms only after y", () => {
    const { press, client, model } = open()
    press("D")
    expect(model().overlay).toMatchObject({ name: "confirm", question: "Disarm Home?" })
    expect(client.commands).toEqual([])
    press("y")
    expect(client.commands[0]?.request).toMatchObject({ name: "disarm", expect: { armed: true } })
    expect(model().overlay.name).toBe("none")
  })

  it.each(["n", escape])("A confirmation ends without a command on %j", (key) => {
    const { press, client, model } = open()
    press("D", key)
    expect(model().overlay.name).toBe("none")
    expect(client.commands).toEqual([])
  })

  it("A confirmation ignores every other key", () => {
    const { press, client, model, quit } = open()
    press("D", "q", "a", "Y", "j", enter, "?")
    expect(model().overlay.name).toBe("confirm")
    expect(client.commands).toEqual([])
    expect(quit).not.toHaveBeenCalled()
  })

  it.each([
    ["m", "disable"],
    ["t", "thumbnail"],
    ["R", "refresh"],
  ])("%s sends the command %s", (key, name) => {
    const { press, client } = open()
    press(key)
    expect(client.commands.map(({ request }) => request.name)).toEqual([name])
  })

  it.each(["a", "D", "m", "t"])("%s is rejected without --control", (key) => {
    const { press, client, model } = open({ control: false })
    press(key)
    expect(client.commands).toEqual([])
    expect(model()).toMatchObject({
      overlay: { name: "none" },
      message: { text: "Read-only: start with --control to send commands", tone: "warning" },
    })
  })

  it("R refreshes without --control, because it changes nothing", () => {
    const { press, client } = open({ control: false })
    press("R")
    expect(client.commands).toHaveLength(1)
  })

  it.each([
    ["arm cabin", { name: "arm", target: { account: 1234, network: 12 } }],
    [
      "motion off garden",
      { name: "disable", target: { account: 1234, network: 11, camera: 2, kind: "camera" } },
    ],
    [
      "motion on garden",
      { name: "enable", target: { account: 1234, network: 11, camera: 2, kind: "camera" } },
    ],
    ["snap desk", { name: "thumbnail", target: { account: 1234, network: 12, camera: 4, kind: "mini" } }],
    ["refresh", { name: "refresh", target: { account: 1234 } }],
  ])("The command line %j sends a command", (line, request) => {
    const { press, client, model } = open()
    press(":", line, enter)
    expect(client.commands.map((sent) => sent.request)).toEqual([request])
    expect(model().overlay.name).toBe("none")
  })

  it("A typed disarm asks as well", () => {
    const { press, client, model } = open()
    press(":", "disarm cabin", enter)
    expect(model().overlay).toMatchObject({ name: "confirm", question: "Disarm Cabin?" })
    expect(client.commands).toEqual([])
  })

  it.each([
    ["fly home", '"fly" is not a command'],
    ["arm boat", 'No system is called "boat"'],
    ["motion maybe", "motion on|off CAMERA"],
  ])("The command line %j is answered with the problem", (line, problem) => {
    const { press, model, client } = open()
    press(":", line, enter)
    expect(model().message?.text).toContain(problem)
    expect(client.commands).toEqual([])
  })

  it("The command line filters, opens overlays and quits", () => {
    const { press, model, quit } = open()
    press(":", "filter porch motion", enter)
    expect(model().filter).toBe("porch motion")
    press(":", "help", enter)
    expect(model().overlay.name).toBe("help")
    press(escape, ":", enter)
    expect(model().message).toBeNull()
    press(":", "quit", enter)
    expect(quit).toHaveBeenCalledOnce()
  })
})

describe("Prompts", () => {
  const openPrompt = () => {
    const screen = open()
    screen.store.update((model): ScreenModel => ({ ...model, overlay: promptOverlay }))
    return screen
  }

  it("Enter submits the input once and empties the field", () => {
    const { press, client, model } = openPrompt()
    press("123456", enter, enter)
    expect(client.submitted).toEqual([{ id: "p1", value: "123456" }])
    expect(model().overlay).toMatchObject({ text: "", isSending: true, problem: null })
  })

  it("Nothing is submitted while the field is empty", () => {
    const { press, client } = openPrompt()
    press(enter)
    expect(client.submitted).toEqual([])
  })

  it("Every character can be part of a password, also those that are bound to actions", () => {
    const { press, client, quit } = openPrompt()
    press("q?:/ D5", enter)
    expect(client.submitted).toEqual([{ id: "p1", value: "q?:/ D5" }])
    expect(quit).not.toHaveBeenCalled()
  })

  it("Escape postpones the prompt", () => {
    const { press, model } = openPrompt()
    press("12", escape)
    expect(model().overlay.name).toBe("none")
  })
})

describe("Events", () => {
  it("o plays the newest clip of the selected camera", async () => {
    const { press, played, addEvents, model } = open()
    addEvents(clipEvent("1", 300), clipEvent("2", 100))
    press("o")
    expect(played).toEqual([{ clip: "/v1/media/2.mp4", cursor: model().feed.rows[1]?.cursor }])
    expect(model().message).toMatchObject({ text: "Opening the clip", tone: "good" })
  })

  it("o plays the selected event, and in the list of clips the selected clip", () => {
    const { press, played, addEvents } = open()
    addEvents(clipEvent("1", 300), clipEvent("2", 100))
    press("4", "k", "o", escape, "c", "j", "o")
    expect(played).toMatchObject([{ clip: "/v1/media/1.mp4" }, { clip: "/v1/media/1.mp4" }])
  })

  it("o reports that there is no clip", () => {
    const { press, played, model, addEvents } = open()
    addEvents(sampleEvent("battery.changed", { from: "ok", to: "low" }))
    press("o")
    expect(played).toEqual([])
    expect(model().message?.text).toBe("No clip selected")
  })

  it("o shows why the player failed", async () => {
    const { press, addEvents, model } = open({ play: async () => "mpv failed" })
    addEvents(clipEvent("1", 100))
    press("o")
    await vi.waitFor(() => expect(model().message?.text).toBe("mpv failed"))
  })

  it("x acknowledges the selected event and X all", () => {
    const { press, addEvents, model } = open()
    addEvents(clipEvent("1", 500), clipEvent("2", 300), clipEvent("3", 100))
    press("4", "k", "x")
    expect(model().feed.rows.map(({ acknowledged }) => acknowledged)).toEqual([false, true, false])
    press("X")
    expect(model().feed.rows.every(({ acknowledged }) => acknowledged)).toBe(true)
  })

  it("s mutes the selected camera for 15 minutes on this screen", () => {
    const { press, model, client } = open()
    press("s")
    expect(model().mutedUntil).toEqual({ "1234:camera:1": now + 15 * 60_000 })
    expect(model().message?.text).toBe("Porch muted on this screen for 15 minutes")
    expect(client.commands).toEqual([])
  })

  it("y copies the id of the camera, or of the event when the events have the focus", () => {
    const { press, copied, addEvents, model } = open()
    addEvents(clipEvent("1", 100))
    press("y", "4", "y")
    expect(copied).toEqual(["1234:camera:1", model().feed.rows[0]?.key])
  })

  it("s and y report that nothing is selected", () => {
    const { press, store, copied, model } = open()
    store.update((before) => ({ ...before, state: { accounts: [] } }))
    press("s")
    expect(model().message?.text).toBe("No camera selected")
    press("y")
    expect(model().message?.text).toBe("Nothing selected")
    expect(copied).toEqual([])
  })

  it("A key press hides the message of the last one", () => {
    const { press, model } = open()
    press("s", "j")
    expect(model().message).toBeNull()
  })

  it("A key without an action changes nothing", () => {
    const { press, model } = open()
    const before = model()
    press("z", "%", { pageDown: true })
    expect(model()).toBe(before)
  })
})
