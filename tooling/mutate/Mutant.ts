/** A change of one expression or statement of a file. */
export interface Mutant {
  readonly start: number
  readonly end: number
  readonly replacement: string
}

/** Lines that a mutant changes, as one line, before and after. They identify it in `survivors.json`. */
export interface MutantText {
  readonly line: number
  readonly original: string
  readonly mutated: string
}

const asOneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim()

export const mutate = (source: string, { start, end, replacement }: Mutant): string =>
  source.slice(0, start) + replacement + source.slice(end)

export const mutantText = (source: string, mutant: Mutant): MutantText => {
  const from = source.lastIndexOf("\n", mutant.start - 1) + 1
  const newline = source.indexOf("\n", mutant.end)
  const lines = source.slice(from, newline === -1 ? source.length : newline)
  const relative = { ...mutant, start: mutant.start - from, end: mutant.end - from }
  return {
    line: source.slice(0, mutant.start).split("\n").length,
    original: asOneLine(lines),
    mutated: asOneLine(mutate(lines, relative)),
  }
}
