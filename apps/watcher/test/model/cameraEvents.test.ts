import { expect, it } from "vitest"
import { clipRows, recentRows } from "../../src/model/cameraEvents.ts"
import { type ScreenModel, initialModel, selectedCamera, withChanges } from "../../src/model/ScreenModel.ts"
import { now, sampleEvent, sampleState } from "../fixtures.ts"

const base: ScreenModel = { ...initialModel(now), state: sampleState() }

/** An event of another subject, at another time than its neighbours. */
let minutes = 500
const eventOf = (kind: string, data: object, subject: object = {}) => {
  const event = sampleEvent(kind, data, { seconds: (minutes -= 2) * 60 })
  return { ...event, subject: { ...event.subject, ...subject } } as typeof event
}
const clip = (clipId: string, subject: object = {}, kind = "motion") =>
  eventOf(
    kind,
    {
      clipId,
      cause: "pir",
      clip: `/v1/media/${clipId}.mp4`,
      ...(kind === "motion" ? {} : { storage: "cloud" }),
    },
    subject,
  )
const modelWith = (...events: ReadonlyArray<ReturnType<typeof clip>>): ScreenModel =>
  withChanges(
    base,
    events.map((event) => ({ type: "event", event }) as const),
  )
const clipIds = (model: ScreenModel) =>
  clipRows(model).map(({ event }) => (event !== null && "clipId" in event.data ? event.data.clipId : null))

const garden = { camera: 2, name: "Garden" }
const doorbell = { camera: 1, kind: "doorbell", name: "Front door" }

it("recentRows lists the events of one camera, newest first", () => {
  const model = modelWith(
    clip("1"),
    clip("2", garden),
    eventOf("battery.changed", { from: "ok", to: "low" }),
    clip("3"),
  )
  const rows = recentRows(model, selectedCamera(model)!)
  expect(rows.map(({ event }) => event?.kind)).toEqual(["motion", "battery.changed", "motion"])
  expect(rows.every(({ subjectName }) => subjectName === "Porch")).toBe(true)
})

it("recentRows keeps cameras of another kind or account with the same id apart", () => {
  const model = modelWith(clip("1", doorbell), clip("2", { account: 99 }), clip("3"))
  const rows = recentRows(model, selectedCamera(model)!)
  expect(rows.map(({ event }) => event?.id)).toHaveLength(1)
})

it("recentRows leaves gaps and events of systems out", () => {
  const model = withChanges(modelWith(clip("1")), [
    { type: "gap", cursor: "e1:2", reason: "restart", at: new Date(now).toISOString() },
  ])
  expect(recentRows(model, selectedCamera(model)!)).toHaveLength(1)
})

it("clipRows lists motion and clips of the selected camera that can be played, newest first", () => {
  const model = modelWith(
    clip("1"),
    clip("2", garden),
    clip("3", {}, "clip.added"),
    clip("4", {}, "clip.deleted"),
    eventOf("motion", { clipId: "5", cause: "pir" }),
    clip("6", doorbell),
  )
  expect(clipIds(model)).toEqual(["3", "1"])
  expect(clipIds({ ...model, cameraIndex: 1 })).toEqual(["2"])
})

it("clipRows lists the clips of all cameras when none is selected", () => {
  const model = { ...modelWith(clip("1"), clip("2", garden)), state: null }
  expect(clipIds(model)).toEqual(["2", "1"])
})

it("clipRows applies the filter of the events", () => {
  const model = modelWith(clip("1"), clip("2", {}, "clip.added"))
  expect(clipIds({ ...model, filter: "clip.added" })).toEqual(["2"])
  expect(clipIds({ ...model, filter: "nothing like that" })).toEqual([])
})
