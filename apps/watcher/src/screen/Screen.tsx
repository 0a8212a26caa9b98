import { Box, Text } from "ink"
import type { ColourDepth } from "../terminal/colourDepth.ts"
import { armLabels } from "../format/describeEvent.ts"
import { type FeedRow, bufferedCount } from "../model/Feed.ts"
import { fit } from "../format/fit.ts"
import { type CameraRow, systemRows } from "../model/stateRows.ts"
import type { Binding } from "../input/keyBindings.ts"
import { type Layout, isPictureBeside, computeLayout } from "./layout.ts"
import { clipRows } from "../input/handleKey.ts"
import {
  type ScreenModel,
  coversPanels,
  selectedCamera,
  selectedSystem,
  visibleCameras,
  visibleRows,
} from "../model/ScreenModel.ts"
import { statusBadge } from "../model/statusBadge.ts"
import type { Theme } from "../terminal/theme.ts"
import { ageText, shortClockText } from "../format/times.ts"
import type { DrawnPicture } from "../pictures/drawPicture.ts"
import { CameraDetail } from "./CameraDetail.tsx"
import { CameraList } from "./CameraList.tsx"
import { FeedList } from "./FeedList.tsx"
import { Header } from "./Header.tsx"
import { HintLine } from "./HintLine.tsx"
import { ClipList, CommandLog, Health, Help } from "./overlays.tsx"
import { Panel } from "./Panel.tsx"
import { ConfirmDialog, PromptDialog, confirmDialogHeight, promptDialogHeight } from "./dialogs.tsx"
import { SystemList } from "./SystemList.tsx"

export interface ScreenProps {
  readonly model: ScreenModel
  readonly columns: number
  readonly rows: number
  readonly now: number
  readonly theme: Theme
  readonly depth: ColourDepth
  readonly bindings: ReadonlyArray<Binding>
  readonly control: boolean
  readonly inProcess: boolean
  readonly picture: DrawnPicture | null
}

/** What is no longer fed is drawn in one dull colour: nobody shall take it for the present. */
const dimmed = (theme: Theme): Theme => {
  const { muted, border } = theme
  return {
    ...theme,
    accent: muted,
    good: muted,
    warning: muted,
    alarm: muted,
    armed: muted,
    border,
  }
}

const overlayTitle = (model: ScreenModel): string => {
  switch (model.overlay.name) {
    case "help":
      return "Keys"
    case "health":
      return "5 Health"
    case "log":
      return "Commands"
    case "clips":
      return `Clips of ${selectedCamera(model)?.name ?? "this home"}`
    default:
      return selectedCamera(model)?.name ?? "Detail"
  }
}

/** Where a question stands over the panels, in columns and rows. */
const maxDialogWidth = 64

/** What is asked, over the middle of the screen; on a small one it has it all. */
const Dialog = ({ model, theme, now, columns, rows }: ScreenProps) => {
  const { overlay } = model
  if (overlay.name !== "confirm" && overlay.name !== "pin") return null
  const isPin = overlay.name === "pin"
  const width = Math.min(columns, maxDialogWidth)
  const height = Math.min(rows - 2, (isPin ? promptDialogHeight : confirmDialogHeight) + 2)
  const content = { width: width - 2, theme }
  return (
    <Box
      position="absolute"
      left={Math.floor((columns - width) / 2)}
      top={Math.max(1, Math.floor((rows - height) / 2))}
    >
      <Panel
        title={isPin ? "Sign-in" : "Really?"}
        note="esc"
        width={width}
        height={height}
        focused
        theme={theme}
      >
        {overlay.name === "confirm" ? (
          <ConfirmDialog {...content} question={overlay.question} />
        ) : (
          <PromptDialog
            {...content}
            overlay={overlay}
            account={model.state?.accounts.find(({ account }) => account === overlay.prompt.account)}
            now={now}
          />
        )}
      </Panel>
    </Box>
  )
}

/** What the feed has of one camera, newest first. */
const recentRows = (model: ScreenModel, camera: CameraRow): ReadonlyArray<FeedRow> =>
  model.feed.rows
    .filter(
      ({ event }) =>
        event !== null &&
        event.subject.account === camera.account &&
        event.subject.camera === camera.camera.id &&
        event.subject.kind === camera.camera.kind,
    )
    .toReversed()

/** Says which of how many is marked, where not all of them fit. */
const positionText = (selected: number, count: number, visibleCount: number): string =>
  count > visibleCount ? ` ${selected + 1}/${count}` : ""

const FullOverlay = (props: ScreenProps & { readonly width: number; readonly height: number }) => {
  const { model, theme, now, bindings, picture, width, height } = props
  const content = { width: width - 2, height: height - 2, theme }
  const { overlay } = model
  const camera = selectedCamera(model)
  return (
    <Panel title={overlayTitle(model)} note="esc" width={width} height={height} focused theme={theme}>
      {overlay.name === "help" && <Help {...content} bindings={bindings} />}
      {overlay.name === "health" && <Health {...content} accounts={model.state?.accounts ?? []} now={now} />}
      {overlay.name === "log" && <CommandLog {...content} entries={model.commandLog} />}
      {overlay.name === "clips" && <ClipList {...content} rows={clipRows(model)} selected={model.scroll} />}
      {overlay.name === "detail" && camera !== undefined && (
        <CameraDetail
          row={camera}
          picture={picture?.lines ?? []}
          pictureNote={pictureNote(props)}
          recent={recentRows(model, camera)}
          pictureBeside={isPictureBeside(width)}
          now={now}
          {...content}
        />
      )}
    </Panel>
  )
}

const pictureNote = ({ model, now }: ScreenProps): string => {
  const thumbnail = selectedCamera(model)?.camera.thumbnail
  if (!thumbnail) return "no picture yet"
  return thumbnail.takenAt === null
    ? "picture of unknown age"
    : `picture of ${ageText(thumbnail.takenAt, now)} ago`
}

/** What waits for keys while there is one line for all: nobody shall answer a question that can't be seen. */
const dialogText = ({ overlay }: ScreenModel): string | null => {
  if (overlay.name === "confirm") return `${overlay.question} y/n`
  if (overlay.name === "pin")
    return `${overlay.prompt.kind === "two_factor" ? "code" : "password"}: ${"•".repeat(overlay.text.length)}▏`
  if (overlay.name === "filter") return `/${overlay.text}▏`
  return overlay.name === "command" ? `:${overlay.text}▏` : null
}

/** The least that still tells the truth: state of the connection, of the systems, and the last event. */
const StatusLine = ({ model, columns, now, theme, inProcess }: ScreenProps) => {
  const status = statusBadge(model.connection, model.state?.accounts[0], now, inProcess)
  const systems = systemRows(model.state)
    .map(({ name, arm }) => `${armLabels[arm].glyph} ${name} ${armLabels[arm].text}`)
    .join("  ")
  const last = model.feed.rows.at(-1)
  const event = last ? `${last.glyph} ${last.subjectName} ${last.text}` : ""
  return (
    <Text color={theme[status.tone]}>
      {fit(dialogText(model) ?? `${status.glyph} ${status.text}  ${systems}  ${event}`, columns - 1)}
    </Text>
  )
}

const Panels = (props: ScreenProps & { readonly layout: Layout; readonly stale: boolean }) => {
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
    model.feed.paused ? `paused, ${buffered} waiting` : model.selectedKey === null ? "" : "held, f follows",
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
              pictureNote={pictureNote(props)}
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

/** The whole screen, from the model and the size alone. */
export const Screen = (props: ScreenProps) => {
  const { model, columns, rows, now, control, inProcess, bindings } = props
  const layout = computeLayout(
    columns,
    rows,
    { systems: systemRows(model.state).length, cameras: visibleCameras(model).length },
    model.isWide,
  )
  if (layout.mode === "line") return <StatusLine {...props} />
  const stale =
    model.connection.status !== "live" || model.state?.accounts.some((account) => account.stale) === true
  const theme = stale ? dimmed(props.theme) : props.theme
  const account = model.state?.accounts.find((each) => each.account === selectedSystem(model)?.account)
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Header
        connection={model.connection}
        account={account ?? model.state?.accounts[0]}
        accounts={model.state?.accounts.length ?? 0}
        inProcess={inProcess}
        control={control}
        now={now}
        width={columns}
        theme={props.theme}
      />
      {coversPanels(model.overlay) ? (
        <FullOverlay {...props} width={columns} height={rows - 2} />
      ) : (
        <Panels {...props} theme={theme} layout={layout} stale={stale} />
      )}
      <HintLine
        model={model}
        bindings={bindings}
        control={control}
        now={now}
        width={columns - 1}
        theme={props.theme}
      />
      <Dialog {...props} />
    </Box>
  )
}
