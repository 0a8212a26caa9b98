import { toLocalClips } from "../src/internal/derive/localClips.ts"
import { ClipId } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { at, camera, network } from "./fixtures.ts"

const row = (id: string, camera_name: string, created_at = "2026-03-14T06:00:05+00:00") => ({
  id,
  camera_name,
  created_at,
})
const cameras = [
  camera(1, { name: "Front Yard!" }),
  camera(2, { name: "Garden" }),
  camera(3, { name: "garden" }),
]

it("toLocalClips matches a camera by the name without blanks and signs", () => {
  const [clip] = toLocalClips([row("7", "FrontYard")], network, cameras)
  assert.deepInclude(clip, {
    id: ClipId.make("local:7"),
    storage: "local",
    camera: { kind: "camera", id: cameras[0]!.id },
    cameraName: "Front Yard!",
    createdAt: at(5),
  })
})

it("toLocalClips assigns no camera when the name matches none or two", () => {
  for (const name of ["Garden", "Attic"])
    assert.deepInclude(toLocalClips([row("7", name)], network, cameras)[0], {
      camera: null,
      cameraName: name,
    })
})

it("toLocalClips skips a row with an invalid time and keeps the others", () => {
  assert.strictEqual(
    toLocalClips([row("1", "Attic", "yesterday"), row("2", "Attic")], network, cameras).length,
    1,
  )
})
