interface Style {
  readonly foreground: string | null
  readonly background: string | null
  readonly bold: boolean
  readonly dim: boolean
  readonly inverse: boolean
}

const plain: Style = { foreground: null, background: null, bold: false, dim: false, inverse: false }
const paper = "#11161d"
const ink = "#d6dde6"
const cell = { width: 8, height: 16 }

/** Converts an index of the 256-colour palette to RGB: a 6×6×6 cube and a grey ramp. The first 16 are not supported. */
const indexed = (index: number): string => {
  const steps = [0, 95, 135, 175, 215, 255]
  const parts =
    index >= 232
      ? Array.from({ length: 3 }, () => 8 + (index - 232) * 10)
      : [36, 6, 1].map((unit) => steps[Math.floor((index - 16) / unit) % 6] ?? 0)
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`
}

const colourOf = (codes: ReadonlyArray<number>): readonly [colour: string, used: number] =>
  codes[1] === 2 ? [`rgb(${codes.slice(2, 5).join(",")})`, 4] : [indexed(codes[2] ?? 16), 2]

const styled = (style: Style, codes: ReadonlyArray<number>): Style => {
  let next = style
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0
    if (code === 0) next = plain
    else if (code === 1) next = { ...next, bold: true }
    else if (code === 2) next = { ...next, dim: true }
    else if (code === 22) next = { ...next, bold: false, dim: false }
    else if (code === 7) next = { ...next, inverse: true }
    else if (code === 27) next = { ...next, inverse: false }
    else if (code === 38 || code === 48) {
      const [colour, used] = colourOf(codes.slice(at))
      next = { ...next, [code === 38 ? "foreground" : "background"]: colour }
      at += used
    } else if (code === 39) next = { ...next, foreground: null }
    else if (code === 49) next = { ...next, background: null }
  }
  return next
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

const run = (text: string, style: Style, column: number, row: number): string => {
  const [foreground, background] = style.inverse
    ? [style.background ?? paper, style.foreground ?? ink]
    : [style.foreground ?? ink, style.background]
  const x = column * cell.width
  const y = row * cell.height
  const width = text.length * cell.width
  const ground =
    background === null
      ? ""
      : `<rect x="${x}" y="${y}" width="${width}" height="${cell.height}" fill="${background}"/>`
  if (text.trim() === "") return ground
  // Draw half-blocks as rectangles, because fonts leave gaps between them.
  if (/^▀+$/.test(text))
    return `${ground}<rect x="${x}" y="${y}" width="${width}" height="${cell.height / 2}" fill="${foreground}"/>`
  const weight = style.bold ? ' font-weight="bold"' : ""
  const opacity = style.dim ? ' opacity="0.6"' : ""
  // Position each word, because viewers treat repeated blanks differently.
  const words = [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: word, index }) => {
    const attributes = `x="${x + index * cell.width}" y="${y + 12}" textLength="${word.length * cell.width}"`
    return `<text ${attributes} fill="${foreground}"${weight}${opacity}>${escaped(word)}</text>`
  })
  return ground + words.join("")
}

/** Converts a screen with escape sequences, as tmux prints it, to an SVG. */
export const toSvg = (screen: string, title: string): string => {
  const lines = screen.replace(/\n+$/, "").split("\n")
  let columns = 0
  let style = plain
  const parts: Array<string> = []
  for (const [row, line] of lines.entries()) {
    let column = 0
    // Text before the first escape sequence has no style.
    for (const [index, piece] of line.split("\u001B[").entries()) {
      const sequence = index === 0 ? null : /^([\d;]*)m/.exec(piece)
      if (sequence) style = styled(style, (sequence[1] || "0").split(";").map(Number))
      const text = sequence ? piece.slice(sequence[0].length) : piece
      if (text !== "") parts.push(run(text, style, column, row))
      column += text.length
    }
    columns = Math.max(columns, column)
  }
  const width = columns * cell.width
  const height = lines.length * cell.height
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 ${width + 24} ${height + 24}" role="img" aria-label="${escaped(title)}">
<rect x="-12" y="-12" width="${width + 24}" height="${height + 24}" rx="10" fill="${paper}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, DejaVu Sans Mono, monospace" font-size="13.3" shape-rendering="crispEdges">
${parts.filter(Boolean).join("\n")}
</g>
</svg>
`
}
