import { Box, Text } from "ink"
import { barsText, batteryText } from "../../format/cameraText.ts"
import { cleanText } from "../../format/cleanText.ts"
import type { FeedRow } from "../../model/Feed.ts"
import { columnsOf, fit } from "../../format/fit.ts"
import type { CameraRow } from "../../model/stateRows.ts"
import type { Theme } from "../../terminal/theme.ts"
import { ageText, clockText } from "../../format/times.ts"

interface Props {
  readonly row: CameraRow
  /** Lines of half-blocks, or blank lines where the terminal draws pixels. */
  readonly picture: ReadonlyArray<string>
  /** Events of the camera, newest first; shown as space permits. */
  readonly recent: ReadonlyArray<FeedRow>
  /** Shows the picture to the left of the details instead of above them. */
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

/** The cloud sends temperatures without a unit. The account's unit is used; without one the unit is guessed. */
const temperatureText = (temperature: CameraRow["camera"]["temperature"]): string =>
  temperature === null
    ? "–"
    : `${temperature.celsius.toFixed(1)} °C${temperature.basis === "account" ? "" : " (unit guessed)"}`

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

const pictureNote = ({ camera: { thumbnail } }: CameraRow, now: number): string => {
  if (!thumbnail) return "No picture yet"
  return thumbnail.takenAt === null
    ? "Picture, age unknown"
    : `Picture from ${ageText(thumbnail.takenAt, now)} ago`
}

const DetailFields = ({
  row,
  recent,
  width,
  height,
  now,
  theme,
}: Omit<Props, "picture" | "pictureBeside">) => {
  const shown = detailFields(row, now).slice(0, Math.max(0, height))
  // Below the details: a blank line, a heading and at least one event.
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
          <Text color={theme.muted}>{fit(" Recent events", width)}</Text>
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

export const CameraDetail = ({ picture, pictureBeside, width, height, ...rest }: Props) => {
  const pictureWidth = columnsOf(picture[0] ?? "")
  const pictureLines = (
    <>
      {picture.map((line, index) => (
        <Text key={index}>{line}</Text>
      ))}
      {picture.length > 0 && (
        <Text color={rest.theme.muted}>
          {fit(` ${pictureNote(rest.row, rest.now)}`, pictureBeside ? pictureWidth : width)}
        </Text>
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
