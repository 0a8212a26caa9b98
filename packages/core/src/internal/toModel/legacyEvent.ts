import { CameraId, ClipId, parseTimestamp } from "@blink-streams/model"
import type { LegacyEvent } from "../../LegacyEvent.ts"
import type { LegacyEventRow } from "../wire/network.ts"

const kinds: ReadonlyMap<string, LegacyEvent["kind"]> = new Map([
  ["motion", "motion"],
  ["armed", "arm"],
  ["disarmed", "arm"],
  ["arm", "arm"],
  ["disarm", "arm"],
])

/** Converts a row of the legacy event list. */
export const toLegacyEvent = (row: LegacyEventRow): LegacyEvent => {
  const camera = row.camera_id ?? row.camera ?? null
  const clip = row.video_id ?? null
  return {
    id: row.id,
    kind: kinds.get(row.type ?? "") ?? "other",
    at: parseTimestamp(row.created_at ?? ""),
    // The legacy API lists battery cameras only.
    camera: camera === null ? null : { kind: "camera", id: CameraId.make(camera) },
    cameraName: row.camera_name ?? null,
    clipId: clip === null ? null : ClipId.make(String(clip)),
    clip: row.video_url ?? null,
    durationSeconds: row.duration ?? null,
  }
}
