/** Part of a document's text: one object of a list at its top (`list` and `index` say which), or what lies between. */
interface Piece {
  readonly text: string
  readonly list: string | null
  readonly index: number
}

type Document = Readonly<Record<string, unknown>>

const code = (character: string): number => character.charCodeAt(0)
const quote = code('"')
const backslash = code("\\")
const [openObject, closeObject, openList, closeList] = [code("{"), code("}"), code("["), code("]")]

/** Where the string that begins at `from` ends: the place of its closing quote. */
const endOfString = (text: string, from: number): number => {
  for (let end = text.indexOf('"', from + 1); ; end = text.indexOf('"', end + 1)) {
    if (end < 0) return text.length
    let escapes = 0
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++
    if (escapes % 2 === 0) return end
  }
}

/** The place after the object that begins at `from`. */
const endOfObject = (text: string, from: number): number => {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === quote) at = endOfString(text, at)
    else if (character === openObject || character === openList) depth += 1
    else if (character === closeObject || character === closeList) {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return text.length
}

/** Cuts well-formed JSON into the objects of its top lists and what lies between them. */
const cut = (text: string): ReadonlyArray<Piece> => {
  const pieces: Array<Piece> = []
  let from = 0
  let depth = 0
  let key = ""
  let list: string | null = null
  let index = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === quote) {
      const end = endOfString(text, at)
      if (depth === 1) key = text.slice(at + 1, end)
      at = end
    } else if (character === openObject && depth === 2 && list !== null) {
      pieces.push({ text: text.slice(from, at), list: null, index: 0 })
      from = endOfObject(text, at)
      pieces.push({ text: text.slice(at, from), list, index: index++ })
      at = from - 1
    } else if (character === openObject || character === openList) {
      if (character === openList && depth === 1) [list, index] = [key, 0]
      depth += 1
    } else if (character === closeObject || character === closeList) {
      depth -= 1
      if (depth === 1) list = null
    }
  }
  return [...pieces, { text: text.slice(from), list: null, index: 0 }]
}

/** The pieces of `text`, if `value` has every object that is in it: what was left out can't be told apart later. */
const piecesOf = (text: string, value: Document): ReadonlyArray<Piece> | null => {
  const pieces = cut(text)
  const counts = new Map<string, number>()
  for (const { list } of pieces) if (list !== null) counts.set(list, (counts.get(list) ?? 0) + 1)
  const whole = [...counts].every(([list, count]) => {
    const members = value[list]
    return Array.isArray(members) && members.length === count
  })
  return whole ? pieces : null
}

/** A document that was read, and its text in pieces; `pieces` is null when it can only be read as a whole. */
export interface Read {
  readonly value: Document
  readonly pieces: ReadonlyArray<Piece> | null
}

/** A document as a starting point for `reread`. Costs about as much as reading it. */
export const asRead = (text: string, value: Document): Read => ({ value, pieces: piecesOf(text, value) })

/**
 * Reads a text that is mostly the one before: parses only the objects that have changed, and keeps the others as the
 * very objects that they were. `null` when more than single objects of lists has changed, or when `read`, which is
 * given a document of the changed ones alone, leaves one out: then the text has to be read as a whole.
 */
export const reread = (before: Read, text: string, read: (json: unknown) => Document | null): Read | null => {
  if (before.pieces === null) return null
  const pieces: Array<Piece> = []
  const changed: Array<Piece> = []
  let at = 0
  for (const piece of before.pieces) {
    // Comparing whole strings is many times as fast as `startsWith`.
    if (text.slice(at, at + piece.text.length) === piece.text) {
      pieces.push(piece)
      at += piece.text.length
      continue
    }
    if (piece.list === null || text.charCodeAt(at) !== openObject) return null
    const end = endOfObject(text, at)
    const other = { ...piece, text: text.slice(at, end) }
    pieces.push(other)
    changed.push(other)
    at = end
  }
  if (at !== text.length) return null
  const lists = new Map<string, Array<Piece>>()
  for (const { list } of pieces) if (list !== null && !lists.has(list)) lists.set(list, [])
  for (const piece of changed) lists.get(piece.list ?? "")?.push(piece)
  const parts = Object.fromEntries(
    [...lists].map(([list, own]) => [list, own.map((piece) => JSON.parse(piece.text))]),
  )
  const news = read(parts)
  if (news === null) return null
  const value: Record<string, unknown> = { ...before.value }
  for (const [list, own] of lists) {
    const [old, fresh] = [before.value[list], news[list]]
    if (own.length === 0) continue
    if (!Array.isArray(old) || !Array.isArray(fresh) || fresh.length !== own.length) return null
    const members: Array<unknown> = [...old]
    for (const [nth, { index }] of own.entries()) members[index] = fresh[nth]
    value[list] = members
  }
  return { value, pieces }
}
