import { Box, Text } from "ink"
import { barsText, batteryText } from "../format/cameraText.ts"
import { cleanText } from "../format/cleanText.ts"
import type { FeedRow } from "../model/Feed.ts"
import { columnsOf, fit } from "../format/fit.ts"
import type { CameraRow } from "../model/stateRows.ts"
import type { Theme } from "../terminal/theme.ts"
import { ageText, clockText } from "../format/times.ts"

interface Props {
  readonly row: CameraRow
  /** Lines of half-blocks, or blank ones where the terminal draws pixels itself. */
  readonly picture: ReadonlyArray<string>
  readonly pictureNote: string
  /** What happened there, newest first: shown as far as there is room. */
  readonly recent: ReadonlyArray<FeedRow>
  /** The picture stands to the left of the facts instead of above them. */
  readonly pictureBeside: boolean
  readonly width: number
  readonly height: number
  readonly now: number
  readonly theme: Theme
}

const signalText = (wifiBars: number | null, hubBars: number | null): string =>
  [wifiBars === null ? "" : `Wi-Fi ${barsText(wifiBars)}`, hubBars === null ? "" : `hub ${barsText(hubBars)}`]
    .filter((part) => part !== "")
    .join("  ") || "–"

/** The cloud tells no unit; when even the account's did not, the degrees are a guess. */
const temperatureText = (temperature: CameraRow["camera"]["temperature"]): string =>
  temperature === null
    ? "–"
    : `${temperature.celsius.toFixed(1)} °C${temperature.ground === "account" ? "" : " (unit guessed)"}`

const detailFields = (
  { camera, system }: CameraRow,
  now: number,
): ReadonlyArray<readonly [string, string]> => [
  ["kind", `${camera.kind} (${camera.model}) of ${system}`],
  ["online", camera.online],
  ["motion", `detection ${camera.detection}${camera.snoozed === true ? ", snoozed" : ""}`],
  [
    "last",
    camera.lastMotionAt === null
      ? "–"
      : `${clockText(camera.lastMotionAt)}, ${ageText(camera.lastMotionAt, now)} ago`,
  ],
  ["battery", batteryText(camera)],
  ["signal", signalText(camera.wifiBars, camera.hubBars)],
  ["temp", temperatureText(camera.temperature)],
  ["firmware", camera.firmware ?? "–"],
  ["id", `${camera.kind}:${camera.id}`],
]

const DetailFields = ({
  row,
  recent,
  width,
  height,
  now,
  theme,
}: Omit<Props, "picture" | "pictureNote" | "pictureBeside">) => {
  const shown = detailFields(row, now).slice(0, Math.max(0, height))
  // A heading, a blank line above it, and at least one row below.
  const remainingRows = height - shown.length - 2
  return (
    <>
      {shown.map(([label, value]) => (
        <Text key={label}>
          <Text color={theme.muted}>{` ${fit(label, 9)}`}</Text>
          {fit(cleanText(value), width - 10)}
        </Text>
      ))}
      {remainingRows > 0 && recent.length > 0 && (
        <>
          <Text> </Text>
          <Text color={theme.muted}>{fit(" lately", width)}</Text>
          {recent.slice(0, remainingRows).map((each) => (
            <Text key={each.key}>
              <Text color={theme.muted}>{` ${clockText(each.occurredAt)} `}</Text>
              {fit(`${each.glyph} ${each.text}${each.count > 1 ? ` ×${each.count}` : ""}`, width - 10)}
            </Text>
          ))}
        </>
      )}
    </>
  )
}

export const CameraDetail = ({ picture, pictureNote, pictureBeside, width, height, ...rest }: Props) => {
  const pictureWidth = columnsOf(picture[0] ?? "")
  const pictureLines = (
    <>
      {picture.map((line, index) => (
        <Text key={index}>{line}</Text>
      ))}
      {picture.length > 0 && (
        <Text color={rest.theme.muted}>{fit(` ${pictureNote}`, pictureBeside ? pictureWidth : width)}</Text>
      )}
    </>
  )
  if (pictureBeside && picture.length > 0)
    return (
      <Box>
        <Box flexDirection="column" width={pictureWidth}>
          {pictureLines}
        </Box>
        <Box flexDirection="column" width={width - pictureWidth} paddingLeft={1}>
          <DetailFields {...rest} width={width - pictureWidth - 1} height={height} />
        </Box>
      </Box>
    )
  const lines = picture.length > 0 ? picture.length + 1 : 0
  return (
    <>
      {pictureLines}
      <DetailFields {...rest} width={width} height={height - lines} />
    </>
  )
}
