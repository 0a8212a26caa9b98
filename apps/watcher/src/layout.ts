/** Where each part of the screen stands. Sizes are columns and rows, borders included; 0 is not shown. */
export interface Layout {
  readonly mode: "columns" | "stacked" | "feed" | "line"
  readonly systems: { readonly width: number; readonly height: number }
  readonly cameras: { readonly width: number; readonly height: number }
  readonly detail: { readonly width: number; readonly height: number }
  readonly feed: { readonly width: number; readonly height: number }
}

const nothing = { width: 0, height: 0 }

/**
 * Columns from 84 wide; below, stacked; below 60×15 only the feed under a status line; below 40×8 the status
 * line alone. `wide` gives the feed the room of the detail.
 */
export const layoutOf = (
  columns: number,
  rows: number,
  home: { readonly systems: number; readonly cameras: number },
  wide: boolean,
): Layout => {
  if (columns < 40 || rows < 8)
    return { mode: "line", systems: nothing, cameras: nothing, detail: nothing, feed: nothing }
  // Header and hint take one row each.
  const body = rows - 2
  if (columns < 60 || rows < 15)
    return {
      mode: "feed",
      systems: nothing,
      cameras: nothing,
      detail: nothing,
      feed: { width: columns, height: body },
    }
  if (columns < 84) {
    const systems = Math.min(home.systems + 2, Math.max(3, Math.floor(body / 5)))
    const cameras = Math.min(home.cameras + 2, Math.max(4, Math.floor(body / 3)))
    return {
      mode: "stacked",
      systems: { width: columns, height: systems },
      cameras: { width: columns, height: cameras },
      detail: nothing,
      feed: { width: columns, height: body - systems - cameras },
    }
  }
  const top = wide ? Math.min(home.cameras + 3, Math.floor(body / 2)) : Math.floor(body * 0.6)
  const systems = Math.max(28, Math.floor(columns * 0.18))
  const detail = wide || columns < 110 ? 0 : Math.floor(columns * 0.3)
  return {
    mode: "columns",
    systems: { width: systems, height: top },
    cameras: { width: columns - systems - detail, height: top },
    detail: detail === 0 ? nothing : { width: detail, height: top },
    feed: { width: columns, height: body - top },
  }
}
