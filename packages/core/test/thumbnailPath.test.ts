import { assert, it } from "@effect/vitest"
import { thumbnailPath, toThumbnail } from "../src/internal/toModel/thumbnailPath.ts"

const owner = { account: 1, network: 2, model: "sedona", id: 3 }

it("thumbnailPath completes a path only when it is incomplete", () => {
  const complete = "/api/v3/media/accounts/1/networks/2/sedona/3/thumbnail/thumbnail.jpg?ts=1777749064&ext="
  assert.strictEqual(thumbnailPath(complete, owner), complete)
  assert.strictEqual(
    thumbnailPath("/media/u001/fw_1__x_2026_03_13__22_18PM", owner),
    "/media/u001/fw_1__x_2026_03_13__22_18PM.jpg",
  )
  assert.strictEqual(thumbnailPath(1777749064, owner), complete)
  assert.strictEqual(thumbnailPath("1777749064", owner), complete)
  for (const none of [null, undefined, "", "https://elsewhere.test/x.jpg", "//elsewhere.test/x.jpg"]) {
    assert.isNull(thumbnailPath(none, owner))
  }
})

const takenAt = (path: string) => toThumbnail(path, owner)?.takenAt ?? null

it("toThumbnail reads the time from the path, in UTC whatever AM or PM says", () => {
  assert.strictEqual(takenAt("/x/thumbnail.jpg?ts=1777749064&ext="), "2026-05-02T19:11:04.000Z")
  assert.strictEqual(takenAt("/x/fw_1__x_2026_03_13__22_18PM"), "2026-03-13T22:18:00.000Z")
  assert.strictEqual(takenAt("/x/clip_y_2018_12_01__08_15AM"), "2018-12-01T08:15:00.000Z")
  assert.isNull(takenAt("/x/no time here"))
})
