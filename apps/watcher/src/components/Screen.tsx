import { Box, Text } from "ink"
import type { ColourDepth } from "../colourDepth.ts"
import { armWord } from "../describeEvent.ts"
import { type FeedRow, missedCount } from "../Feed.ts"
import { fit } from "../fit.ts"
import { type CameraRow, systemRows } from "../homeView.ts"
import type { Binding } from "../keys.ts"
import { type Layout, isBeside, layoutOf } from "../layout.ts"
import { clipRows } from "../press.ts"
import {
  type ScreenModel,
  coversPanels,
  selectedCamera,
  selectedSystem,
  visibleCameras,
  visibleRows,
} from "../ScreenModel.ts"
import { statusOf } from "../status.ts"
import type { Theme } from "../theme.ts"
import { ageText, shortClockText } from "../times.ts"
import type { DrawnPicture } from "../pictures/drawPicture.ts"
import { CameraDetail } from "./CameraDetail.tsx"
import { CameraList } from "./CameraList.tsx"
import { FeedList } from "./FeedList.tsx"
import { Header } from "./Header.tsx"
import { HintLine } from "./HintLine.tsx"
import { ClipList, CommandLog, Health, Help } from "./overlays.tsx"
import { Panel } from "./Panel.tsx"
import { Confirm, PinPrompt, confirmHeight, pinHeight } from "./questions.tsx"
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
  readonly direct: boolean
  readonly picture: DrawnPicture | null
}

/** What is no longer fed is drawn in one dull colour: nobody shall take it for the present. */
const veiled = (theme: Theme): Theme => {
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
const widestQuestion = 64

/** What is asked, over the middle of the screen; on a small one it has it all. */
const Question = ({ model, theme, now, columns, rows }: ScreenProps) => {
  const { overlay } = model
  if (overlay.name !== "confirm" && overlay.name !== "pin") return null
  const isPin = overlay.name === "pin"
  const width = Math.min(columns, widestQuestion)
  const height = Math.min(rows - 2, (isPin ? pinHeight : confirmHeight) + 2)
  const room = { width: width - 2, theme }
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
          <Confirm {...room} question={overlay.question} />
        ) : (
          <PinPrompt
            {...room}
            asked={overlay}
            account={model.home?.accounts.find(({ account }) => account === overlay.prompt.account)}
            now={now}
          />
        )}
      </Panel>
    </Box>
  )
}

/** What the feed has of one camera, newest first. */
const recentOf = (model: ScreenModel, camera: CameraRow): ReadonlyArray<FeedRow> =>
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
const placeText = (selected: number, count: number, room: number): string =>
  count > room ? ` ${selected + 1}/${count}` : ""

const Overlay = (props: ScreenProps & { readonly width: number; readonly height: number }) => {
  const { model, theme, now, bindings, picture, width, height } = props
  const room = { width: width - 2, height: height - 2, theme }
  const { overlay } = model
  const camera = selectedCamera(model)
  return (
    <Panel title={overlayTitle(model)} note="esc" width={width} height={height} focused theme={theme}>
      {overlay.name === "help" && <Help {...room} bindings={bindings} />}
      {overlay.name === "health" && <Health {...room} accounts={model.home?.accounts ?? []} now={now} />}
      {overlay.name === "log" && <CommandLog {...room} log={model.log} />}
      {overlay.name === "clips" && <ClipList {...room} rows={clipRows(model)} selected={model.scroll} />}
      {overlay.name === "detail" && camera !== undefined && (
        <CameraDetail
          row={camera}
          picture={picture?.lines ?? []}
          pictureNote={pictureNote(props)}
          recent={recentOf(model, camera)}
          beside={isBeside(width)}
          now={now}
          {...room}
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
const questionText = ({ overlay }: ScreenModel): string | null => {
  if (overlay.name === "confirm") return `${overlay.question} y/n`
  if (overlay.name === "pin")
    return `${overlay.prompt.kind === "two_factor" ? "code" : "password"}: ${"•".repeat(overlay.text.length)}▏`
  if (overlay.name === "filter") return `/${overlay.text}▏`
  return overlay.name === "command" ? `:${overlay.text}▏` : null
}

/** The least that still tells the truth: state of the connection, of the systems, and the last event. */
const StatusLine = ({ model, columns, now, theme, direct }: ScreenProps) => {
  const status = statusOf(model.connection, model.home?.accounts[0], now, direct)
  const systems = systemRows(model.home)
    .map(({ name, arm }) => `${armWord[arm].glyph} ${name} ${armWord[arm].word}`)
    .join("  ")
  const last = model.feed.rows.at(-1)
  const event = last ? `${last.glyph} ${last.who} ${last.what}` : ""
  return (
    <Text color={theme[status.tone]}>
      {fit(questionText(model) ?? `${status.glyph} ${status.word}  ${systems}  ${event}`, columns - 1)}
    </Text>
  )
}

const Panels = (props: ScreenProps & { readonly layout: Layout; readonly stale: boolean }) => {
  const { model, layout, now, theme, picture, stale } = props
  const cameras = visibleCameras(model)
  const system = selectedSystem(model)
  const asOf = model.home?.accounts.find(({ account }) => account === system?.account)?.asOf ?? null
  const note = stale && asOf !== null ? `as of ${shortClockText(asOf)}` : ""
  const camera = selectedCamera(model)
  const missed = missedCount(model.feed)
  const feedNote = [
    note,
    model.filter === "" ? "" : `/${model.filter}`,
    model.feed.paused ? `paused, ${missed} waiting` : model.mark === null ? "" : "held, f follows",
    `${model.feed.total}`,
  ]
    .filter(Boolean)
    .join(" · ")
  const upper = (
    <>
      {layout.systems.height > 0 && (
        <Panel
          title={`1 Systems${placeText(model.system, systemRows(model.home).length, layout.systems.height - 2)}`}
          {...layout.systems}
          focused={model.focus === "systems"}
          theme={theme}
        >
          <SystemList
            systems={systemRows(model.home)}
            selected={model.system}
            width={layout.systems.width - 2}
            height={layout.systems.height - 2}
            theme={theme}
          />
        </Panel>
      )}
      {layout.cameras.height > 0 && (
        <Panel
          title={`2 Cameras${system ? ` of ${system.name}` : ""}${placeText(model.camera, cameras.length, layout.cameras.height - 3)}`}
          note={note}
          {...layout.cameras}
          focused={model.focus === "cameras"}
          theme={theme}
        >
          <CameraList
            cameras={cameras}
            selected={model.camera}
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
              recent={recentOf(model, camera)}
              beside={false}
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
          mark={model.mark}
          focused={model.focus === "events"}
          width={layout.feed.width - 2}
          height={layout.feed.height - 2}
          theme={theme}
          quiet={({ event }) =>
            event !== null &&
            (model.snoozed[`${event.subject.account}:${event.subject.kind}:${event.subject.camera}`] ?? 0) >
              now
          }
        />
      </Panel>
    </>
  )
}

/** The whole screen, from the model and the size alone. */
export const Screen = (props: ScreenProps) => {
  const { model, columns, rows, now, control, direct, bindings } = props
  const layout = layoutOf(
    columns,
    rows,
    { systems: systemRows(model.home).length, cameras: visibleCameras(model).length },
    model.wide,
  )
  if (layout.mode === "line") return <StatusLine {...props} />
  const stale =
    model.connection.status !== "live" || model.home?.accounts.some((account) => account.stale) === true
  const theme = stale ? veiled(props.theme) : props.theme
  const account = model.home?.accounts.find((each) => each.account === selectedSystem(model)?.account)
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Header
        connection={model.connection}
        account={account ?? model.home?.accounts[0]}
        accounts={model.home?.accounts.length ?? 0}
        direct={direct}
        control={control}
        now={now}
        width={columns}
        theme={props.theme}
      />
      {coversPanels(model.overlay) ? (
        <Overlay {...props} width={columns} height={rows - 2} />
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
      <Question {...props} />
    </Box>
  )
}
