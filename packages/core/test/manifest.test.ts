import { toLocalClips } from "../src/internal/localStorage/manifest.ts"
import { type Camera, CameraId, ClipId, NetworkId, parseTimestamp, SyncModuleId } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"

const storage = { network: NetworkId.make(501), syncModule: SyncModuleId.make(601) }

const camera = (number: number, name: string): Camera => ({
  kind: "camera",
  id: CameraId.make(number),
  networkId: storage.network,
  name,
  model: "sedona",
  online: "online",
  detection: "on",
  battery: "ok",
  batteryBars: 3,
  wifiBars: 4,
  hubBars: 5,
  temperature: null,
  firmware: null,
  snoozed: false,
  thumbnail: null,
})
const cameras = [camera(1, "Front Yard!"), camera(2, "Garden"), camera(3, "garden")]

const row = (id: string, camera_name: string, created_at = "2026-03-14T06:00:05+00:00") => ({
  id,
  camera_name,
  created_at,
})

it("toLocalClips matches a camera by the name without blanks and signs", () => {
  const [clip] = toLocalClips(storage, [row("7", "FrontYard")], cameras)
  assert.deepInclude(clip, {
    id: ClipId.make("local:7"),
    storage: "local",
    camera: { kind: "camera", id: CameraId.make(1) },
    cameraName: "Front Yard!",
    source: null,
    createdAt: parseTimestamp("2026-03-14T06:00:05Z")!,
  })
})

it("toLocalClips assigns no camera when the name matches none or two", () => {
  for (const name of ["Garden", "Attic"])
    assert.deepInclude(toLocalClips(storage, [row("7", name)], cameras)[0], {
      camera: null,
      cameraName: name,
    })
})

it("toLocalClips skips a row with an invalid time and keeps the others", () => {
  const rows = [row("1", "Attic", "yesterday"), row("2", "Attic")]
  assert.deepStrictEqual(
    toLocalClips(storage, rows, cameras).map(({ id }) => id),
    [ClipId.make("local:2")],
  )
})
