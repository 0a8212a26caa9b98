import { toLocalClips } from "@blink-streams/events/manifest"
import { keysToRecall, tellClips } from "@blink-streams/events/mediaWindow"
import type { MediaCheckpoint } from "@blink-streams/events/MediaCheckpoint"
import { CameraId, type Clip, ClipId, HomeEvent } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { account, at, camera, clip, network } from "./facts.ts"

const settled: MediaCheckpoint = { highWater: at(0), baselineAt: at(0), knownBefore: null, sweptAt: at(0) }

/** A reader of clips with its memory: each call is one look. */
const reader = (checkpoint: MediaCheckpoint | null = settled) => {
  const memory = new Map<string, unknown>()
  let looks = 0
  return (
    clips: ReadonlyArray<Clip>,
    next: MediaCheckpoint | null = checkpoint,
    observedAt = at(1000 + looks++),
  ) => {
    const known = new Map(
      keysToRecall(clips).flatMap((key) => (memory.has(key) ? [[key, memory.get(key)]] : [])),
    )
    const told = tellClips(clips, known, { account, observedAt, checkpoint: next })
    for (const { key, value } of told.memory) memory.set(key, value)
    return told.events
  }
}
const upTo = (most: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: most }))
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** A motion, how much later the stick dates it, and in which look each list shows it. */
const Shown = Schema.Struct({ second: upTo(20), late: upTo(2), inCloud: upTo(5), onStick: upTo(5) })

const brief = (events: ReadonlyArray<HomeEvent>) => events.map(({ id }) => String(id))

describe("what is motion", () => {
  it("a clip of the motion sensor, told with its true time", () => {
    const [motion, added, ...rest] = reader()([clip(5)])
    assert.deepStrictEqual(motion, {
      kind: "motion",
      id: motion!.id,
      occurredAt: at(5),
      observedAt: at(1000),
      source: "media",
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
  it("a clip of a camera that looks", () =>
    assert.deepStrictEqual(brief(reader()([clip(5, { source: "cv_motion" })])), ["motion:5", "clip.added:5"]))
  it("a press is a press, not motion", () =>
    assert.deepStrictEqual(brief(reader()([clip(5, { source: "button_press" })])), [
      "doorbell.pressed:5",
      "clip.added:5",
    ]))
  for (const source of ["liveview", "snapshot", "a_word_of_next_year"])
    it(`${source} is no motion`, () =>
      assert.deepStrictEqual(brief(reader()([clip(5, { source })])), ["clip.added:5"]))
})

describe("what is no news", () => {
  it("what the first look finds", () => assert.deepStrictEqual(reader(null)([clip(5), clip(6)]), []))

  it("a clip of the first look that is purged a month later is no motion", () => {
    const look = reader(null)
    look([clip(-5)])
    assert.deepStrictEqual(brief(look([clip(-5, { deleted: true, updatedAt: at(2_592_000) })], settled)), [
      "clip.deleted:-5",
    ])
  })

  it("a month-old clip that we never saw is no motion when it is purged", () =>
    assert.deepStrictEqual(reader()([clip(-2_592_000, { deleted: true, updatedAt: at(50) })]), []))

  it("a clip of just before the first look that is gone when first seen still happened: clocks of cameras are off", () =>
    assert.deepStrictEqual(brief(reader()([clip(-90, { deleted: true, updatedAt: at(50) })])), [
      "motion:-90",
      "clip.added:-90",
      "clip.deleted:-90",
    ]))

  it("clips of before the first look on a stick that is put in later are no motion", () =>
    assert.deepStrictEqual(reader()([copy("1", -2_592_000)]), []))

  it("what a stick has kept for longer than we remember is no motion again", () => {
    const years = 2 * 365 * 86_400
    assert.deepStrictEqual(reader()([copy("1", 5)], settled, at(years)), [])
  })

  it("a clip that the first look had no room for is no motion when it is watched", () => {
    const bounded = { ...settled, knownBefore: at(-100) }
    assert.deepStrictEqual(reader(bounded)([clip(-200, { watched: true, updatedAt: at(50) })]), [])
    assert.deepStrictEqual(brief(reader(bounded)([clip(-50)])), ["motion:-50", "clip.added:-50"])
  })

  it("watching a clip on a phone is told as that, once", () => {
    const look = reader()
    look([clip(5)])
    assert.deepStrictEqual(brief(look([clip(5, { watched: true, updatedAt: at(90) })])), ["clip.watched:5"])
    assert.deepStrictEqual(look([clip(5, { watched: false })]), [])
    assert.deepStrictEqual(look([clip(5, { watched: true, updatedAt: at(120) })]), [])
  })

  it("an older copy of a row changes nothing", () => {
    const look = reader()
    look([clip(5, { watched: true })])
    assert.deepStrictEqual(look([clip(5, { partial: true })]), [])
  })
})

describe("what must not be lost", () => {
  it("motion is told while the upload goes on, and the end of it is told", () => {
    const look = reader()
    assert.deepStrictEqual(brief(look([clip(5, { partial: true })])), ["motion:5", "clip.added:5"])
    assert.deepStrictEqual(look([clip(5, { partial: true, updatedAt: at(40) })]), [])
    const [updated, ...rest] = look([clip(5, { updatedAt: at(50) })])
    assert.deepInclude(updated, { kind: "clip.updated", occurredAt: at(50) })
    assert.deepStrictEqual(rest, [])
  })

  it("a late clip is told, behind newer ones, with its own time", () => {
    const look = reader()
    look([clip(50)])
    assert.deepStrictEqual(
      look([clip(50), clip(5, { updatedAt: at(400) })]).map(({ id, occurredAt }) => [String(id), occurredAt]),
      [
        ["motion:5", at(5)],
        ["clip.added:5", at(5)],
      ],
    )
  })

  it("a clip that is gone before we saw it still happened", () =>
    assert.deepStrictEqual(brief(reader()([clip(5, { deleted: true, watched: true })])), [
      "motion:5",
      "clip.added:5",
      "clip.watched:5",
      "clip.deleted:5",
    ]))
})

const copy = (id: string, seconds: number) =>
  clip(0, {
    id: ClipId.make(`local:${id}`),
    storage: "local",
    source: "",
    createdAt: at(seconds),
    media: null,
  })

describe("copies on a USB stick", () => {
  it("a copy up to 2 s apart is the same motion, whichever is seen first", () => {
    const cloudFirst = reader()
    assert.deepStrictEqual(brief(cloudFirst([clip(5)])), ["motion:5", "clip.added:5"])
    assert.deepStrictEqual(
      cloudFirst([copy("1", 7)]).map(({ kind, source }) => [kind, source]),
      [["clip.added", "local_storage"]],
    )
    const stickFirst = reader()
    assert.deepStrictEqual(
      stickFirst([copy("1", 4)]).map(({ kind }) => kind),
      ["motion", "clip.added"],
    )
    assert.deepStrictEqual(brief(stickFirst([clip(5)])), ["clip.added:5"])
  })

  it("3 s apart are two motions", () => {
    const look = reader()
    look([clip(5)])
    assert.deepStrictEqual(
      look([copy("1", 8)]).map(({ kind }) => kind),
      ["motion", "clip.added"],
    )
  })

  it("what stood on the stick at its first look, untold, does not keep the clip in the cloud from being told", () => {
    const look = reader()
    assert.deepStrictEqual(look([copy("1", 5)], null), [])
    assert.deepStrictEqual(brief(look([clip(5)])), ["motion:5", "clip.added:5"])
  })

  it("the copy of a clip that the first look at the cloud found is no motion", () => {
    const look = reader()
    look([clip(5)], null)
    assert.deepStrictEqual(
      look([copy("1", 6)]).map(({ kind }) => kind),
      ["clip.added"],
    )
  })

  it("a second motion within 2 s in the same list is told", () => {
    const look = reader()
    look([clip(5)])
    assert.deepStrictEqual(brief(look([clip(6)])), ["motion:6", "clip.added:6"])
    assert.deepStrictEqual(
      look([copy("1", 5), copy("2", 7)]).map(({ kind }) => kind),
      ["clip.added", "clip.added"],
    )
  })

  it("copies of two motions a second apart are two copies, however late the stick dates them", () => {
    const look = reader()
    look([clip(5), clip(6)])
    assert.deepStrictEqual(
      look([copy("1", 7), copy("2", 8)]).map(({ kind }) => kind),
      ["clip.added", "clip.added"],
    )
  })

  it("copies of two motions of one second are two copies", () => {
    const look = reader()
    look([clip(5), clip(5, { id: ClipId.make("50") })])
    assert.deepStrictEqual(
      look([copy("1", 5), copy("2", 6)]).map(({ kind }) => kind),
      ["clip.added", "clip.added"],
    )
  })

  it("which is the copy of which shows only when both lists are whole", () => {
    const look = reader()
    look([clip(20)])
    const kinds = [look([copy("1", 18), copy("2", 21)]), look([clip(17)])].flat().map(({ kind }) => kind)
    assert.deepStrictEqual(kinds, ["clip.added", "motion", "clip.added", "clip.added"])
  })

  it.effect.prop(
    "in whatever order two lists come to show them, as many motions are told as there were",
    { motions: Schema.Array(Shown).check(Schema.isMaxLength(16)) },
    ({ motions }) =>
      Effect.sync(() => {
        const look = reader()
        const told = range(0, 5).flatMap((round) => {
          const cloud = motions.flatMap(({ second, inCloud }, index) =>
            inCloud === round ? [clip(second, { id: ClipId.make(`c${index}`) })] : [],
          )
          const stick = motions.flatMap(({ second, late, onStick }, index) =>
            onStick === round ? [copy(String(index), second + late)] : [],
          )
          return look(cloud).concat(look(stick))
        })
        assert.lengthOf(
          told.filter(({ kind }) => kind === "motion"),
          motions.length,
        )
      }),
  )

  for (const source of ["liveview", "snapshot"])
    it(`the copy of a ${source} is no motion`, () => {
      const look = reader()
      look([clip(5, { source })])
      assert.deepStrictEqual(
        look([copy("1", 6)]).map(({ kind }) => kind),
        ["clip.added"],
      )
    })

  it("a clip is the same after its camera was renamed", () => {
    const look = reader()
    const row = { id: "1", camera_name: "Porch", created_at: at(5) }
    const porch = camera(1, { name: "Porch" })
    look(toLocalClips([row], network, [porch]))
    const renamed = [{ ...porch, name: "Veranda" }]
    assert.deepStrictEqual(look(toLocalClips([row], network, renamed)), [])
    // Whichever name the hub lists: the one of then, or the one of now.
    assert.deepStrictEqual(look(toLocalClips([{ ...row, camera_name: "Veranda" }], network, renamed)), [])
  })

  it("a press is told even if the stick told of motion first", () => {
    const look = reader()
    look([copy("1", 5)])
    assert.deepStrictEqual(brief(look([clip(5, { source: "button_press" })])), [
      "doorbell.pressed:5",
      "clip.added:5",
    ])
  })

  it("a stick that numbers its clips anew tells nothing anew", () => {
    const look = reader()
    look([copy("1", 5)])
    assert.deepStrictEqual(look([copy("9", 5)]), [])
  })

  it("a clip without a reason on the stick is motion of unknown cause", () => {
    const [motion] = reader()([copy("1", 5)])
    assert.deepInclude(motion?.kind === "motion" ? motion.data : null, { cause: "unknown" })
  })
})

/** Life of a few clips: rows as the cloud would list them, flags turning true one after another. */
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
  "however rows are cut into looks, each fact is told once, and the same facts are told",
  {
    story: Story,
    cuts: Schema.Array(Schema.Literals([1, 2, 3, 5])).check(Schema.isMinLength(1), Schema.isMaxLength(30)),
  },
  ({ story, cuts }) =>
    Effect.sync(() => {
      const sources = new Map(story.map(({ number, source }) => [number, source]))
      const rows = story.map(({ number, partial, watched, deleted }) =>
        clip(number * 10, { partial, watched, deleted, source: sources.get(number)! }),
      )
      const look = reader()
      const events: Array<HomeEvent> = []
      for (let from = 0, index = 0; from < rows.length; index++) {
        const size = cuts[index % cuts.length]!
        events.push(...look(rows.slice(from, from + size)))
        from += size
      }
      const ids = brief(events)
      assert.strictEqual(new Set(ids).size, ids.length)
      for (const event of events) assert.isTrue(Schema.is(HomeEvent)(event))
      const expected = [...sources].flatMap(([number, source]) => {
        const own = rows.filter(({ id }) => id === String(number * 10))
        const kinds = {
          motion: source === "pir",
          "doorbell.pressed": source === "button_press",
          "clip.added": true,
          "clip.watched": own.some(({ watched }) => watched),
          "clip.deleted": own.some(({ deleted }) => deleted),
        }
        return Object.entries(kinds).flatMap(([kind, told]) => (told ? [`${kind}:${number * 10}`] : []))
      })
      assert.sameMembers(
        ids.filter((id) => !id.startsWith("clip.updated")),
        expected,
      )
      assert.deepStrictEqual(
        rows.flatMap((row) => look([row])),
        [],
      )
    }),
)
