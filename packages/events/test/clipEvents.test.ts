import { clipMetadataKeys, clipEvents } from "../src/internal/derive/clipEvents.ts"
import type { PollContext } from "../src/internal/derive/clipNovelty.ts"
import { BlinkEvent, CameraId, type Clip, ClipId } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { account, at, clip } from "./fixtures.ts"

type Poll = Omit<PollContext, "observedAt">
const baseline = { baselineAt: at(0), baselineFrom: null }
const laterPoll: Poll = { baseline, historyFrom: null }
const firstPoll: Poll = { baseline, historyFrom: at(-1_000) }
const firstPollWithoutHistory: Poll = { baseline, historyFrom: at(0) }

/** Derives events of clips with shared metadata; each call is one poll. */
const makeDeriver = (usualPoll = laterPoll) => {
  const metadata = new Map<string, unknown>()
  let polls = 0
  return (clips: ReadonlyArray<Clip>, poll = usualPoll, observedAt = at(1000 + polls++)) => {
    const known = new Map(
      clipMetadataKeys(clips).flatMap((key) => (metadata.has(key) ? [[key, metadata.get(key)]] : [])),
    )
    const derived = clipEvents(clips, known, { account, observedAt, ...poll })
    for (const { key, value } of derived.metadata) metadata.set(key, value)
    return derived.events
  }
}
const upTo = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: maximum }))
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** A motion, the delay of its time on USB storage, and the poll in which each list shows it. */
const Shown = Schema.Struct({
  second: upTo(20),
  lateSeconds: upTo(2),
  inCloud: upTo(5),
  onUsbStorage: upTo(5),
})

const brief = (events: ReadonlyArray<BlinkEvent>) => events.map(({ id }) => String(id))

describe("clipEvents: sources", () => {
  it("clipEvents emits motion with the clip's own time for the motion sensor", () => {
    const [motion, added, ...rest] = makeDeriver()([clip(5)])
    assert.deepStrictEqual(motion, {
      kind: "motion",
      id: motion!.id,
      occurredAt: at(5),
      observedAt: at(1000),
      source: "clips",
      subject: {
        account,
        network: clip(5).networkId,
        camera: CameraId.make(1),
        kind: "camera",
        name: "Camera 1",
      },
      data: {
        clipId: ClipId.make("5"),
        cause: "pir",
        durationSeconds: 12,
        thumbnail: "/thumb/5",
        clip: "/clip/5",
      },
    })
    assert.deepStrictEqual(brief([motion!, added!, ...rest]), ["motion:5", "clip.added:5"])
  })
  it("clipEvents emits motion for computer vision", () =>
    assert.deepStrictEqual(brief(makeDeriver()([clip(5, { source: "cv_motion" })])), [
      "motion:5",
      "clip.added:5",
    ]))
  it("clipEvents emits doorbell.pressed and no motion for a button press", () =>
    assert.deepStrictEqual(brief(makeDeriver()([clip(5, { source: "button_press" })])), [
      "doorbell.pressed:5",
      "clip.added:5",
    ]))
  for (const source of ["liveview", "snapshot", "a_word_of_next_year"])
    it(`clipEvents emits no motion for the source ${source}`, () =>
      assert.deepStrictEqual(brief(makeDeriver()([clip(5, { source })])), ["clip.added:5"]))
})

describe("clipEvents: suppressed clips", () => {
  it("clipEvents emits nothing for the clips of the first poll without history", () =>
    assert.deepStrictEqual(makeDeriver(firstPollWithoutHistory)([clip(-50), clip(0)]), []))

  it("clipEvents emits only clip.deleted when a clip of the first poll is purged a month later", () => {
    for (const first of [firstPoll, firstPollWithoutHistory]) {
      const poll = makeDeriver()
      poll([clip(-5)], first)
      const purged = poll([clip(-5, { deleted: true, updatedAt: at(2_592_000) })])
      assert.deepStrictEqual(brief(purged), ["clip.deleted:-5"])
      assert.notProperty(purged[0], "backfilled")
    }
  })

  it("clipEvents emits nothing when an unknown month-old clip is purged", () =>
    assert.deepStrictEqual(makeDeriver()([clip(-2_592_000, { deleted: true, updatedAt: at(50) })]), []))

  it("clipEvents emits motion for a deleted clip from just before the first poll, because camera clocks differ", () =>
    assert.deepStrictEqual(brief(makeDeriver()([clip(-90, { deleted: true, updatedAt: at(50) })])), [
      "motion:-90",
      "clip.added:-90",
      "clip.deleted:-90",
    ]))

  it("clipEvents emits nothing for older clips on USB storage that is inserted later", () =>
    assert.deepStrictEqual(makeDeriver()([localClip("1", -2_592_000)]), []))

  it("clipEvents emits nothing for clips on USB storage that are older than the retained metadata", () => {
    const years = 2 * 365 * 86_400
    assert.deepStrictEqual(makeDeriver()([localClip("1", 5)], laterPoll, at(years)), [])
  })

  it("clipEvents emits nothing for an old clip that the first poll did not list when it is watched", () => {
    const bounded = { baseline: { ...baseline, baselineFrom: at(-100) }, historyFrom: null }
    assert.deepStrictEqual(makeDeriver(bounded)([clip(-200, { watched: true, updatedAt: at(50) })]), [])
    assert.deepStrictEqual(brief(makeDeriver(bounded)([clip(-50)])), ["motion:-50", "clip.added:-50"])
  })

  it("clipEvents emits clip.watched once", () => {
    const poll = makeDeriver()
    poll([clip(5)])
    assert.deepStrictEqual(brief(poll([clip(5, { watched: true, updatedAt: at(90) })])), ["clip.watched:5"])
    assert.deepStrictEqual(poll([clip(5, { watched: false })]), [])
    assert.deepStrictEqual(poll([clip(5, { watched: true, updatedAt: at(120) })]), [])
  })

  it("clipEvents ignores an older copy of a row", () => {
    const poll = makeDeriver()
    poll([clip(5, { watched: true })])
    assert.deepStrictEqual(poll([clip(5, { partial: true })]), [])
  })
})

const briefBackfilled = (events: ReadonlyArray<BlinkEvent>) =>
  events.map(({ id, backfilled }) => `${backfilled === true ? "backfilled " : ""}${id}`)

describe("clipEvents: clips of the first poll", () => {
  it("clipEvents emits the recording of each clip of the first poll as backfilled, with its own time", () => {
    const poll = makeDeriver(firstPoll)
    const events = poll([
      clip(-50, { watched: true }),
      clip(-40, { source: "button_press" }),
      clip(-30, { source: "liveview" }),
    ])
    assert.deepStrictEqual(briefBackfilled(events), [
      "backfilled motion:-50",
      "backfilled clip.added:-50",
      "backfilled doorbell.pressed:-40",
      "backfilled clip.added:-40",
      "backfilled clip.added:-30",
    ])
    assert.deepInclude(events[0], { occurredAt: at(-50), observedAt: at(1000), backfilled: true })
    for (const event of events) assert.isTrue(Schema.is(BlinkEvent)(event))
  })

  it("clipEvents emits nothing for clips of the first poll that are deleted or older than history", () =>
    assert.deepStrictEqual(
      brief(makeDeriver(firstPoll)([clip(-1_000), clip(-999), clip(-50, { deleted: true })])),
      ["motion:-999", "clip.added:-999"],
    ))

  it("clipEvents remembers the clips that are older than history", () => {
    const poll = makeDeriver()
    poll([clip(-5_000)], firstPoll)
    assert.deepStrictEqual(brief(poll([clip(-5_000, { watched: true, updatedAt: at(90) })])), [
      "clip.watched:-5000",
    ])
  })

  it("clipEvents emits a clip that was recorded and listed after the start of the first poll as new", () => {
    const poll = makeDeriver(firstPoll)
    const events = poll([
      clip(10),
      clip(-10, { updatedAt: at(20) }),
      clip(10, {
        id: ClipId.make("fast clock"),
        updatedAt: at(-20),
      }),
    ])
    assert.sameMembers(briefBackfilled(events), [
      "backfilled motion:-10",
      "backfilled clip.added:-10",
      "backfilled motion:fast clock",
      "backfilled clip.added:fast clock",
      "motion:10",
      "clip.added:10",
    ])
  })

  it("clipEvents emits clip.updated as new when a clip of the first poll is complete", () => {
    const poll = makeDeriver()
    poll([clip(-5, { partial: true })], firstPoll)
    assert.deepStrictEqual(briefBackfilled(poll([clip(-5, { updatedAt: at(10) })])), ["clip.updated:-5"])
  })

  it("clipEvents emits one motion for the copies of a clip in two first polls, in either order", () => {
    const kinds = (...polls: ReadonlyArray<ReadonlyArray<Clip>>) => {
      const poll = makeDeriver(firstPoll)
      return polls.flatMap((clips) => poll(clips)).map(({ kind }) => kind)
    }
    const cloud = [clip(-50)]
    const local = [localClip("1", -49)]
    assert.deepStrictEqual(kinds(cloud, local), ["motion", "clip.added", "clip.added"])
    assert.deepStrictEqual(kinds(local, cloud), ["motion", "clip.added", "clip.added"])
  })
})

describe("clipEvents: late and partial clips", () => {
  it("clipEvents emits motion during the upload and clip.updated after it", () => {
    const poll = makeDeriver()
    assert.deepStrictEqual(brief(poll([clip(5, { partial: true })])), ["motion:5", "clip.added:5"])
    assert.deepStrictEqual(poll([clip(5, { partial: true, updatedAt: at(40) })]), [])
    const [updated, ...rest] = poll([clip(5, { updatedAt: at(50) })])
    assert.deepInclude(updated, { kind: "clip.updated", occurredAt: at(50) })
    assert.deepStrictEqual(rest, [])
  })

  it("clipEvents emits a late clip after newer ones with its own time", () => {
    const poll = makeDeriver()
    poll([clip(50)])
    assert.deepStrictEqual(
      poll([clip(50), clip(5, { updatedAt: at(400) })]).map(({ id, occurredAt }) => [String(id), occurredAt]),
      [
        ["motion:5", at(5)],
        ["clip.added:5", at(5)],
      ],
    )
  })

  it("clipEvents emits all events of a clip that is first listed as deleted", () =>
    assert.deepStrictEqual(brief(makeDeriver()([clip(5, { deleted: true, watched: true })])), [
      "motion:5",
      "clip.added:5",
      "clip.watched:5",
      "clip.deleted:5",
    ]))
})

const localClip = (id: string, seconds: number) =>
  clip(0, {
    id: ClipId.make(`local:${id}`),
    storage: "local",
    source: null,
    createdAt: at(seconds),
    media: null,
  })

describe("clipEvents: copies on USB storage", () => {
  it("clipEvents treats copies up to 2 s apart as one motion, whichever is listed first", () => {
    const cloudFirst = makeDeriver()
    assert.deepStrictEqual(brief(cloudFirst([clip(5)])), ["motion:5", "clip.added:5"])
    assert.deepStrictEqual(
      cloudFirst([localClip("1", 7)]).map(({ kind, source }) => [kind, source]),
      [["clip.added", "usb_storage"]],
    )
    const usbFirst = makeDeriver()
    assert.deepStrictEqual(
      usbFirst([localClip("1", 4)]).map(({ kind }) => kind),
      ["motion", "clip.added"],
    )
    assert.deepStrictEqual(brief(usbFirst([clip(5)])), ["clip.added:5"])
  })

  it("clipEvents treats clips 3 s apart in two lists as two motions", () => {
    const poll = makeDeriver()
    poll([clip(5)])
    assert.deepStrictEqual(
      poll([localClip("1", 8)]).map(({ kind }) => kind),
      ["motion", "clip.added"],
    )
  })

  it("clipEvents emits a cloud clip although its copy was in the first poll of USB storage", () => {
    const poll = makeDeriver()
    assert.deepStrictEqual(poll([localClip("1", 5)], firstPoll), [])
    assert.deepStrictEqual(brief(poll([clip(5)])), ["motion:5", "clip.added:5"])
  })

  it("clipEvents emits no motion for the copy of a clip from the first poll of the cloud", () => {
    for (const first of [firstPoll, firstPollWithoutHistory]) {
      const poll = makeDeriver()
      poll([clip(-5)], first)
      assert.deepStrictEqual(
        poll([localClip("1", -4)]).map(({ kind }) => kind),
        ["clip.added"],
      )
    }
  })

  it("clipEvents emits a second motion within 2 s in the same list", () => {
    const poll = makeDeriver()
    poll([clip(5)])
    assert.deepStrictEqual(brief(poll([clip(6)])), ["motion:6", "clip.added:6"])
    assert.deepStrictEqual(
      poll([localClip("1", 5), localClip("2", 7)]).map(({ kind }) => kind),
      ["clip.added", "clip.added"],
    )
  })

  it("clipEvents matches both copies of two motions a second apart, whatever their delay on USB storage", () => {
    const poll = makeDeriver()
    poll([clip(5), clip(6)])
    assert.deepStrictEqual(
      poll([localClip("1", 7), localClip("2", 8)]).map(({ kind }) => kind),
      ["clip.added", "clip.added"],
    )
  })

  it("clipEvents matches both copies of two motions in one second", () => {
    const poll = makeDeriver()
    poll([clip(5), clip(5, { id: ClipId.make("50") })])
    assert.deepStrictEqual(
      poll([localClip("1", 5), localClip("2", 6)]).map(({ kind }) => kind),
      ["clip.added", "clip.added"],
    )
  })

  it("clipEvents matches copies over the complete lists, not pairwise", () => {
    const poll = makeDeriver()
    poll([clip(20)])
    const kinds = [poll([localClip("1", 18), localClip("2", 21)]), poll([clip(17)])]
      .flat()
      .map(({ kind }) => kind)
    assert.deepStrictEqual(kinds, ["clip.added", "motion", "clip.added", "clip.added"])
  })

  it.effect.prop(
    "clipEvents emits the actual number of motions for any order of two lists",
    { motions: Schema.Array(Shown).check(Schema.isMaxLength(16)) },
    ({ motions }) =>
      Effect.sync(() => {
        const poll = makeDeriver()
        const events = range(0, 5).flatMap((round) => {
          const cloud = motions.flatMap(({ second, inCloud }, index) =>
            inCloud === round ? [clip(second, { id: ClipId.make(`c${index}`) })] : [],
          )
          const local = motions.flatMap(({ second, lateSeconds, onUsbStorage }, index) =>
            onUsbStorage === round ? [localClip(String(index), second + lateSeconds)] : [],
          )
          return poll(cloud).concat(poll(local))
        })
        assert.lengthOf(
          events.filter(({ kind }) => kind === "motion"),
          motions.length,
        )
      }),
  )

  for (const source of ["liveview", "snapshot"])
    it(`clipEvents emits no motion for the copy of a ${source}`, () => {
      const poll = makeDeriver()
      poll([clip(5, { source })])
      assert.deepStrictEqual(
        poll([localClip("1", 6)]).map(({ kind }) => kind),
        ["clip.added"],
      )
    })

  it("clipEvents recognises a clip on USB storage after its camera was renamed", () => {
    const poll = makeDeriver()
    const porch = { ...localClip("1", 5), cameraName: "Porch" }
    poll([porch])
    // The sync module may list the old name, which leads to no camera any more, or the new one.
    assert.deepStrictEqual(poll([{ ...porch, camera: null }]), [])
    assert.deepStrictEqual(poll([{ ...porch, cameraName: "Veranda" }]), [])
  })

  it("clipEvents emits doorbell.pressed although USB storage has listed the clip as motion", () => {
    const poll = makeDeriver()
    poll([localClip("1", 5)])
    assert.deepStrictEqual(brief(poll([clip(5, { source: "button_press" })])), [
      "doorbell.pressed:5",
      "clip.added:5",
    ])
  })

  it("clipEvents emits nothing when USB storage renumbers its clips", () => {
    const poll = makeDeriver()
    poll([localClip("1", 5)])
    assert.deepStrictEqual(poll([localClip("9", 5)]), [])
  })

  it("clipEvents emits motion of unknown cause for a clip on USB storage without a source", () => {
    const [motion] = makeDeriver()([localClip("1", 5)])
    assert.deepInclude(motion?.kind === "motion" ? motion.data : null, { cause: "unknown" })
  })
})

/** Rows of a few clips as the cloud would list them, with flags that become true one after another. */
const Story = Schema.Array(
  Schema.Struct({
    number: Schema.Literals([1, 2, 3, 4]),
    source: Schema.Literals(["pir", "button_press", "liveview"]),
    partial: Schema.Boolean,
    watched: Schema.Boolean,
    deleted: Schema.Boolean,
  }),
).check(Schema.isMaxLength(30))

it.effect.prop(
  "clipEvents emits the same events once, however the rows are split into polls",
  {
    story: Story,
    pageSizes: Schema.Array(Schema.Literals([1, 2, 3, 5])).check(
      Schema.isMinLength(1),
      Schema.isMaxLength(30),
    ),
  },
  ({ story, pageSizes }) =>
    Effect.sync(() => {
      const sources = new Map(story.map(({ number, source }) => [number, source]))
      const rows = story.map(({ number, partial, watched, deleted }) =>
        clip(number * 10, { partial, watched, deleted, source: sources.get(number)! }),
      )
      const poll = makeDeriver()
      const events: Array<BlinkEvent> = []
      for (let from = 0, index = 0; from < rows.length; index++) {
        const size = pageSizes[index % pageSizes.length]!
        events.push(...poll(rows.slice(from, from + size)))
        from += size
      }
      const ids = brief(events)
      assert.strictEqual(new Set(ids).size, ids.length)
      for (const event of events) assert.isTrue(Schema.is(BlinkEvent)(event))
      const expected = [...sources].flatMap(([number, source]) => {
        const own = rows.filter(({ id }) => id === String(number * 10))
        const kinds = {
          motion: source === "pir",
          "doorbell.pressed": source === "button_press",
          "clip.added": true,
          "clip.watched": own.some(({ watched }) => watched),
          "clip.deleted": own.some(({ deleted }) => deleted),
        }
        return Object.entries(kinds).flatMap(([kind, expected]) =>
          expected ? [`${kind}:${number * 10}`] : [],
        )
      })
      assert.sameMembers(
        ids.filter((id) => !id.startsWith("clip.updated")),
        expected,
      )
      assert.deepStrictEqual(
        rows.flatMap((row) => poll([row])),
        [],
      )
    }),
)
