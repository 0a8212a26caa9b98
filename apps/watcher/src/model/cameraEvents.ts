import type { FeedRow } from "./Feed.ts"
import { type ScreenModel, selectedCamera, visibleRows } from "./ScreenModel.ts"
import type { CameraRow } from "./stateRows.ts"

/** Feed rows of one camera, newest first. */
export const recentRows = (model: ScreenModel, camera: CameraRow): ReadonlyArray<FeedRow> =>
  model.feed.rows
    .filter(
      ({ event }) =>
        event !== null &&
        event.subject.account === camera.account &&
        event.subject.camera === camera.camera.id &&
        event.subject.kind === camera.camera.kind,
    )
    .toReversed()

/** Feed rows with a clip of the selected camera, newest first. */
export const clipRows = (model: ScreenModel): ReadonlyArray<FeedRow> => {
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
