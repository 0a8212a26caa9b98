/** Sizes of the panels in columns and rows, borders included; 0 means hidden. */
export interface Layout {
  readonly mode: "columns" | "stacked" | "feed" | "line"
  readonly systems: { readonly width: number; readonly height: number }
  readonly cameras: { readonly width: number; readonly height: number }
  readonly detail: { readonly width: number; readonly height: number }
  readonly feed: { readonly width: number; readonly height: number }
}

const hidden = { width: 0, height: 0 }

/** Rows of the camera details, including the age of the picture. */
const detailRows = 10
/** Columns of the camera details and recent events beside a picture. */
const detailColumns = 44

/** True when the full-screen detail shows the picture beside the details instead of above them. */
export const isPictureBeside = (columns: number): boolean => columns >= 84

/** Area for a picture, in cells; positions start at 1. */
export interface PictureArea {
  readonly column: number
  readonly row: number
  readonly columns: number
  readonly rows: number
}

/** Picture area of the full-screen detail. */
export const overlayPictureArea = (columns: number, rows: number): PictureArea => ({
  column: 2,
  row: 3,
  columns: isPictureBeside(columns) ? columns - 2 - detailColumns : columns - 2,
  rows: rows - 4 - (isPictureBeside(columns) ? 1 : detailRows),
})

/** Picture area of the detail panel. */
export const panelPictureArea = ({ systems, cameras, detail }: Layout): PictureArea => ({
  column: systems.width + cameras.width + 2,
  row: 3,
  columns: detail.width - 2,
  rows: detail.height - 2 - detailRows,
})

/**
 * Panels side by side from 84 columns; stacked below that; only the events and a header below 60×15; a single status
 * line below 40×8. `wide` hides the detail panel in favour of the events.
 */
export const computeLayout = (
  columns: number,
  rows: number,
  counts: { readonly systems: number; readonly cameras: number },
  wide: boolean,
): Layout => {
  if (columns < 40 || rows < 8)
    return { mode: "line", systems: hidden, cameras: hidden, detail: hidden, feed: hidden }
  // Header and hint take one row each.
  const body = rows - 2
  if (columns < 60 || rows < 15)
    return {
      mode: "feed",
      systems: hidden,
      cameras: hidden,
      detail: hidden,
      feed: { width: columns, height: body },
    }
  if (columns < 84) {
    const systems = Math.min(counts.systems + 2, Math.max(3, Math.floor(body / 5)))
    const cameras = Math.min(counts.cameras + 3, Math.max(4, Math.floor(body * 0.4)))
    return {
      mode: "stacked",
      systems: { width: columns, height: systems },
      cameras: { width: columns, height: cameras },
      detail: hidden,
      feed: { width: columns, height: body - systems - cameras },
    }
  }
  const systems = Math.max(28, Math.floor(columns * 0.18))
  const detail = wide || columns < 110 ? 0 : Math.floor(columns * 0.3)
  // Lists need no more rows than they have; a picture takes what it gets.
  const lists = Math.max(counts.systems + 2, counts.cameras + 3)
  const top = detail === 0 ? Math.min(lists, Math.floor(body / 2)) : Math.floor(body * 0.6)
  return {
    mode: "columns",
    systems: { width: systems, height: top },
    cameras: { width: columns - systems - detail, height: top },
    detail: detail === 0 ? hidden : { width: detail, height: top },
    feed: { width: columns, height: body - top },
  }
}
