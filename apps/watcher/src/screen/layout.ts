/** Where each part of the screen stands. Sizes are columns and rows, borders included; 0 is not shown. */
export interface Layout {
  readonly mode: "columns" | "stacked" | "feed" | "line"
  readonly systems: { readonly width: number; readonly height: number }
  readonly cameras: { readonly width: number; readonly height: number }
  readonly detail: { readonly width: number; readonly height: number }
  readonly feed: { readonly width: number; readonly height: number }
}

const hidden = { width: 0, height: 0 }

/** The facts of a camera, with the age of the picture above them. */
const detailRows = 10
/** Columns that the facts and the last events take beside a picture. */
const detailColumns = 44

/** Whether there is room beside the picture for the facts, where one camera has the screen for itself. */
export const isPictureBeside = (columns: number): boolean => columns >= 84

/** Where a picture may be, in cells; places count from 1. */
export interface PictureArea {
  readonly column: number
  readonly row: number
  readonly columns: number
  readonly rows: number
}

/** Of the detail that lies over the panels. */
export const overlayPictureArea = (columns: number, rows: number): PictureArea => ({
  column: 2,
  row: 3,
  columns: isPictureBeside(columns) ? columns - 2 - detailColumns : columns - 2,
  rows: rows - 4 - (isPictureBeside(columns) ? 1 : detailRows),
})

/** Of the detail among the panels. */
export const panelPictureArea = ({ systems, cameras, detail }: Layout): PictureArea => ({
  column: systems.width + cameras.width + 2,
  row: 3,
  columns: detail.width - 2,
  rows: detail.height - 2 - detailRows,
})

/**
 * Columns from 84 wide; below, stacked; below 60×15 only the feed under a status line; below 40×8 the status
 * line alone. `wide` gives the feed the room of the detail.
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
