/**
 * Segment of a JSON text: either one object of a top-level list (`list` and `index` identify it), or the text
 * between such objects.
 */
interface JsonSegment {
  readonly text: string
  readonly list: string | null
  readonly index: number
}

type Document = Readonly<Record<string, unknown>>

const charCode = (character: string): number => character.charCodeAt(0)
const quote = charCode('"')
const backslash = charCode("\\")
const [openObject, closeObject, openList, closeList] = [
  charCode("{"),
  charCode("}"),
  charCode("["),
  charCode("]"),
]

/** Index of the closing quote of the string that starts at `from`. */
const endOfString = (text: string, from: number): number => {
  for (let end = text.indexOf('"', from + 1); ; end = text.indexOf('"', end + 1)) {
    if (end < 0) return text.length
    let escapes = 0
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++
    if (escapes % 2 === 0) return end
  }
}

/** Index after the object that starts at `from`. */
const endOfObject = (text: string, from: number): number => {
  let depth = 0
  for (let offset = from; offset < text.length; offset++) {
    const character = text.charCodeAt(offset)
    if (character === quote) offset = endOfString(text, offset)
    else if (character === openObject || character === openList) depth += 1
    else if (character === closeObject || character === closeList) {
      depth -= 1
      if (depth === 0) return offset + 1
    }
  }
  return text.length
}

/** Splits well-formed JSON into the objects of its top-level lists and the text between them. */
const splitSegments = (text: string): ReadonlyArray<JsonSegment> => {
  const segments: Array<JsonSegment> = []
  let from = 0
  let depth = 0
  let key = ""
  let list: string | null = null
  let index = 0
  for (let offset = 0; offset < text.length; offset++) {
    const character = text.charCodeAt(offset)
    if (character === quote) {
      const end = endOfString(text, offset)
      if (depth === 1) key = text.slice(offset + 1, end)
      offset = end
    } else if (character === openObject && depth === 2 && list !== null) {
      segments.push({ text: text.slice(from, offset), list: null, index: 0 })
      from = endOfObject(text, offset)
      segments.push({ text: text.slice(offset, from), list, index: index++ })
      offset = from - 1
    } else if (character === openObject || character === openList) {
      if (character === openList && depth === 1) [list, index] = [key, 0]
      depth += 1
    } else if (character === closeObject || character === closeList) {
      depth -= 1
      if (depth === 1) list = null
    }
  }
  return [...segments, { text: text.slice(from), list: null, index: 0 }]
}

/** Segments of `text`; `null` when the decoder dropped list items, because indexes would not match then. */
const segmentsOf = (text: string, value: Document): ReadonlyArray<JsonSegment> | null => {
  const segments = splitSegments(text)
  const counts = new Map<string, number>()
  for (const { list } of segments) if (list !== null) counts.set(list, (counts.get(list) ?? 0) + 1)
  const isComplete = [...counts].every(([list, count]) => {
    const members = value[list]
    return Array.isArray(members) && members.length === count
  })
  return isComplete ? segments : null
}

/** Decoded document with its text in segments; `segments` is null when it can only be decoded completely. */
export interface DecodedDocument {
  readonly value: Document
  readonly segments: ReadonlyArray<JsonSegment> | null
}

/** Prepares a document for `patchDocument`. Costs about as much as decoding it. */
export const toDecodedDocument = (text: string, value: Document): DecodedDocument => ({
  value,
  segments: segmentsOf(text, value),
})

/**
 * Decodes a text that differs little from the previous one: decodes only the changed list items and keeps the
 * other objects. `decode` gets a document of the changed items only. Returns `null` when anything else has
 * changed or when `decode` drops an item: decode the whole text then.
 */
export const patchDocument = (
  before: DecodedDocument,
  text: string,
  decode: (json: unknown) => Document | null,
): DecodedDocument | null => {
  if (before.segments === null) return null
  const segments: Array<JsonSegment> = []
  const changed: Array<JsonSegment> = []
  let offset = 0
  for (const segment of before.segments) {
    // Comparing whole strings is many times faster than `startsWith`.
    if (text.slice(offset, offset + segment.text.length) === segment.text) {
      segments.push(segment)
      offset += segment.text.length
      continue
    }
    if (segment.list === null || text.charCodeAt(offset) !== openObject) return null
    const end = endOfObject(text, offset)
    const replacement = { ...segment, text: text.slice(offset, end) }
    segments.push(replacement)
    changed.push(replacement)
    offset = end
  }
  if (offset !== text.length) return null
  const lists = new Map<string, Array<JsonSegment>>()
  for (const { list } of segments) if (list !== null && !lists.has(list)) lists.set(list, [])
  for (const segment of changed) lists.get(segment.list ?? "")?.push(segment)
  const parts = Object.fromEntries(
    [...lists].map(([list, changedItems]) => [list, changedItems.map((segment) => JSON.parse(segment.text))]),
  )
  const decodedChanges = decode(parts)
  if (decodedChanges === null) return null
  const value: Record<string, unknown> = { ...before.value }
  for (const [list, changedItems] of lists) {
    const [old, decodedItems] = [before.value[list], decodedChanges[list]]
    if (changedItems.length === 0) continue
    if (!Array.isArray(old) || !Array.isArray(decodedItems) || decodedItems.length !== changedItems.length)
      return null
    const members: Array<unknown> = [...old]
    for (const [position, { index }] of changedItems.entries()) members[index] = decodedItems[position]
    value[list] = members
  }
  return { value, segments }
}
