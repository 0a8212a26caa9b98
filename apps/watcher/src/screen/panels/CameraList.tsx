import { Text } from "ink"
import { barsText, batteryText } from "../../format/cameraText.ts"
import { fit } from "../../format/fit.ts"
import type { CameraRow } from "../../model/stateRows.ts"
import type { Theme } from "../../terminal/theme.ts"
import { ageText } from "../../format/times.ts"

const detectionText = { on: "◉ on", off: "○ off", unknown: "? " } as const
interface Column {
  readonly title: string
  readonly width: number
  readonly text: (row: CameraRow, now: number) => string
  readonly colour: (row: CameraRow, theme: Theme) => string
}

/** In order of importance; columns that do not fit are dropped from the end. */
const columns: ReadonlyArray<Column> = [
  {
    title: "motion",
    width: 6,
    text: ({ camera }) => detectionText[camera.detection],
    colour: ({ camera }, theme) =>
      camera.detection === "on" ? theme.good : camera.detection === "off" ? theme.muted : theme.warning,
  },
  {
    title: "last",
    width: 5,
    text: ({ camera }, now) => ageText(camera.lastMotionAt, now),
    colour: (_, theme) => theme.accent,
  },
  {
    title: "battery",
    width: 8,
    text: ({ camera }) => batteryText(camera),
    colour: ({ camera }, theme) =>
      camera.battery === "low" ? theme.alarm : camera.battery === "unknown" ? theme.warning : theme.good,
  },
  {
    title: "signal",
    width: 6,
    text: ({ camera }) => barsText(camera.wifiBars ?? camera.hubBars),
    colour: (_, theme) => theme.muted,
  },
  {
    title: "temp",
    width: 6,
    text: ({ camera }) => (camera.temperature === null ? "–" : `${camera.temperature.celsius.toFixed(0)} °C`),
    colour: (_, theme) => theme.muted,
  },
  {
    title: "picture",
    width: 7,
    text: ({ camera }, now) => ageText(camera.thumbnail?.takenAt ?? null, now),
    colour: (_, theme) => theme.muted,
  },
]

interface Props {
  readonly cameras: ReadonlyArray<CameraRow>
  readonly selected: number
  readonly width: number
  readonly height: number
  readonly now: number
  readonly theme: Theme
}

export const CameraList = ({ cameras, selected, width, height, now, theme }: Props) => {
  const shown: Array<Column> = []
  let remaining = width - 16
  for (const column of columns) if ((remaining -= column.width + 1) >= 0) shown.push(column)
  const nameWidth = width - 2 - shown.reduce((sum, column) => sum + column.width + 1, 0)
  const rows = height - 1
  const first = Math.max(0, Math.min(selected - rows + 1, cameras.length - rows))
  return (
    <>
      <Text color={theme.muted}>
        {` ${fit("camera", nameWidth)}${shown.map(({ title, width: columns }) => ` ${fit(title, columns)}`).join("")} `}
      </Text>
      {cameras.slice(first, first + rows).map((row, index) => {
        const isSelected = first + index === selected
        const offline = row.camera.online === "offline"
        return (
          <Text key={row.key} {...(isSelected ? { backgroundColor: theme.selected } : {})}>
            <Text color={theme.accent}>{isSelected ? "›" : " "}</Text>
            <Text bold={isSelected} {...(offline ? { color: theme.alarm } : {})}>
              {fit(offline ? `↓ ${row.name} (offline)` : row.name, nameWidth)}
            </Text>
            {shown.map((column) => (
              <Text key={column.title} color={column.colour(row, theme)}>
                {` ${fit(column.text(row, now), column.width)}`}
              </Text>
            ))}{" "}
          </Text>
        )
      })}
    </>
  )
}
