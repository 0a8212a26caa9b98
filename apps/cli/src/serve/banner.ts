/** The flag with which other commands find a broadcaster on `port`; empty for the default port. */
export const portFlag = (port: number): string => (port === 25_465 ? "" : ` --port ${port}`)

const maxAlignedWidth = 40

/** Formats the banner: a title and aligned rows of label, value and note. */
export const bannerText = (
  title: string,
  rows: ReadonlyArray<readonly [label: string, value: string, note: string]>,
): string => {
  // The one-time link is much longer than the other values and is left out of the alignment.
  const width = Math.max(
    ...rows.map(([, value]) => value.length).filter((length) => length <= maxAlignedWidth),
  )
  return `\n${title}\n\n${rows
    .map(
      ([label, value, note]) =>
        `  ${label.padEnd(10)} ${note === "" ? value : `${value.padEnd(width)}   ${note}`}`,
    )
    .join("\n")}\n\n`
}
