import { Text } from "ink"
import { barsText, batteryText } from "../cameraText.ts"
import { cleanText } from "../cleanText.ts"
import { fit } from "../fit.ts"
import type { CameraRow } from "../homeView.ts"
import type { Theme } from "../theme.ts"
import { ageText, clockText } from "../times.ts"

interface Props {
  readonly row: CameraRow
  /** Lines of half-blocks, or blank ones where the terminal draws pixels itself. */
  readonly picture: ReadonlyArray<string>
  readonly pictureNote: string
  readonly width: number
  readonly height: number
  readonly now: number
  readonly theme: Theme
}

const facts = (
  { camera, system, name }: CameraRow,
  now: number,
): ReadonlyArray<readonly [string, string]> => [
  ["name", name],
  ["system", system],
  ["kind", `${camera.kind} (${camera.model})`],
  ["online", camera.online],
  ["motion", `detection ${camera.detection}${camera.snoozed === true ? ", snoozed" : ""}`],
  [
    "last",
    camera.lastMotionAt === null
      ? "–"
      : `${clockText(camera.lastMotionAt)}, ${ageText(camera.lastMotionAt, now)} ago`,
  ],
  ["battery", batteryText(camera)],
  ["Wi-Fi", barsText(camera.wifiBars)],
  ["hub", barsText(camera.hubBars)],
  [
    "temp",
    camera.temperature === null
      ? "–"
      : `${camera.temperature.celsius.toFixed(1)} °C (${camera.temperature.ground})`,
  ],
  ["firmware", camera.firmware ?? "–"],
  ["id", `${camera.kind}:${camera.id}`],
]

export const CameraDetail = ({ row, picture, pictureNote, width, height, now, theme }: Props) => {
  const lines = picture.length > 0 ? picture.length + 1 : 0
  return (
    <>
      {picture.map((line, index) => (
        <Text key={index}>{line}</Text>
      ))}
      {lines > 0 && <Text color={theme.muted}>{fit(` ${pictureNote}`, width)}</Text>}
      {facts(row, now)
        .slice(0, Math.max(0, height - lines))
        .map(([label, value]) => (
          <Text key={label}>
            <Text color={theme.muted}>{` ${fit(label, 9)}`}</Text>
            {fit(cleanText(value), width - 10)}
          </Text>
        ))}
    </>
  )
}
