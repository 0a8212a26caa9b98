import { Box } from "ink"
import { shortClockText } from "../../format/times.ts"
import { bufferedCount } from "../../model/Feed.ts"
import { selectedCamera, selectedSystem, visibleCameras, visibleRows } from "../../model/ScreenModel.ts"
import { recentRows } from "../../model/cameraEvents.ts"
import { systemRows } from "../../model/stateRows.ts"
import type { Layout } from "../layout.ts"
import type { ScreenProps } from "../ScreenProps.ts"
import { CameraDetail } from "./CameraDetail.tsx"
import { CameraList } from "./CameraList.tsx"
import { FeedList } from "./FeedList.tsx"
import { Panel } from "./Panel.tsx"
import { SystemList } from "./SystemList.tsx"

/** Position of the selection (` 2/7`) in a list that does not fit; otherwise empty. */
const positionText = (selected: number, count: number, visibleCount: number): string =>
  count > visibleCount ? ` ${selected + 1}/${count}` : ""

/** The panels with systems, cameras, one camera in detail, and events. `stale`: the state is out of date. */
export const Panels = (props: ScreenProps & { readonly layout: Layout; readonly stale: boolean }) => {
  const { model, layout, now, theme, picture, stale } = props
  const cameras = visibleCameras(model)
  const system = selectedSystem(model)
  const asOf = model.state?.accounts.find(({ account }) => account === system?.account)?.asOf ?? null
  const note = stale && asOf !== null ? `as of ${shortClockText(asOf)}` : ""
  const camera = selectedCamera(model)
  const buffered = bufferedCount(model.feed)
  const feedNote = [
    note,
    model.filter === "" ? "" : `/${model.filter}`,
    model.feed.paused
      ? `paused, ${buffered} new`
      : model.selectedKey === null
        ? ""
        : "not following, f to follow",
    `${model.feed.total}`,
  ]
    .filter(Boolean)
    .join(" · ")
  const upper = (
    <>
      {layout.systems.height > 0 && (
        <Panel
          title={`1 Systems${positionText(model.systemIndex, systemRows(model.state).length, layout.systems.height - 2)}`}
          {...layout.systems}
          focused={model.focus === "systems"}
          theme={theme}
        >
          <SystemList
            systems={systemRows(model.state)}
            selected={model.systemIndex}
            width={layout.systems.width - 2}
            height={layout.systems.height - 2}
            theme={theme}
          />
        </Panel>
      )}
      {layout.cameras.height > 0 && (
        <Panel
          title={`2 Cameras${system ? ` of ${system.name}` : ""}${positionText(model.cameraIndex, cameras.length, layout.cameras.height - 3)}`}
          note={note}
          {...layout.cameras}
          focused={model.focus === "cameras"}
          theme={theme}
        >
          <CameraList
            cameras={cameras}
            selected={model.cameraIndex}
            width={layout.cameras.width - 2}
            height={layout.cameras.height - 2}
            now={now}
            theme={theme}
          />
        </Panel>
      )}
      {layout.detail.height > 0 && (
        <Panel
          title={`3 ${camera?.name ?? "Detail"}`}
          {...layout.detail}
          focused={model.focus === "detail"}
          theme={theme}
        >
          {camera !== undefined && (
            <CameraDetail
              row={camera}
              picture={picture?.lines ?? []}
              recent={recentRows(model, camera)}
              pictureBeside={false}
              width={layout.detail.width - 2}
              height={layout.detail.height - 2}
              now={now}
              theme={theme}
            />
          )}
        </Panel>
      )}
    </>
  )
  return (
    <>
      <Box flexDirection={layout.mode === "columns" ? "row" : "column"}>{upper}</Box>
      <Panel
        title="4 Events"
        note={feedNote}
        {...layout.feed}
        focused={model.focus === "events"}
        theme={theme}
      >
        <FeedList
          rows={visibleRows(model)}
          selectedKey={model.selectedKey}
          focused={model.focus === "events"}
          width={layout.feed.width - 2}
          height={layout.feed.height - 2}
          theme={theme}
          isMuted={({ event }) =>
            event !== null &&
            (model.mutedUntil[`${event.subject.account}:${event.subject.kind}:${event.subject.camera}`] ??
              0) > now
          }
        />
      </Panel>
    </>
  )
}
