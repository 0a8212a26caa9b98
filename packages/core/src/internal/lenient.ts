import { Result, SchemaAST } from "effect"
import type { WireSchema } from "../Endpoint.ts"
import { knownWords } from "./words.ts"

/** What one answer had that we did not expect. */
export interface Surprise {
  readonly path: string
  readonly reason: string
}

/** Stands for a value that could not be used; `undefined` is a value of its own here. */
const broken: unique symbol = Symbol("broken")

/** Gives the value itself where nothing has to be left out, a copy without the bad parts otherwise. */
type Read = (value: unknown, found: Array<Surprise>) => unknown

const nameOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value

const unexpected = (path: string, what: string, value: unknown, found: Array<Surprise>): typeof broken => {
  found.push({ path, reason: `${nameOf(value)} where ${what} was expected` })
  return broken
}

const when =
  (path: string, what: string, holds: (value: unknown) => boolean): Read =>
  (value, found) =>
    holds(value) ? value : unexpected(path, what, value, found)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

interface Field {
  readonly name: string
  readonly optional: boolean
  readonly read: Read
  /** What `typeof` says of a good value, where that is all there is to check: most fields need no call. */
  readonly plain: string | null
}

const plainType = (ast: SchemaAST.AST): string | null => {
  if (SchemaAST.isUnion(ast)) {
    const others = ast.types.filter((type) => type._tag !== "Null")
    return others.length === 1 ? plainType(others[0]!) : null
  }
  if (SchemaAST.isBoolean(ast)) return "boolean"
  return SchemaAST.isString(ast) && knownWords(ast) === null ? "string" : null
}

/** A bad optional field is as good as absent; a bad required one spoils its object. */
const object = (ast: SchemaAST.Objects, path: string): Read => {
  const rest = ast.indexSignatures[0]
  if (rest !== undefined) return dictionary(compile(rest.type, `${path}{}`), path)
  const fields = new Map(
    ast.propertySignatures.map(({ name, type }): [string, Field] => [
      String(name),
      {
        name: String(name),
        optional: SchemaAST.isOptional(type),
        read: compile(type, `${path}.${String(name)}`),
        plain: plainType(type),
      },
    ]),
  )
  const required = [...fields.values()].filter(({ optional }) => !optional)
  return (value, found) => {
    if (!isRecord(value)) return unexpected(path, "object", value, found)
    let result = value
    let present = 0
    // One pass over what is there: absent fields cost nothing and unknown ones are seen on the way.
    for (const key in value) {
      const field = fields.get(key)
      if (field === undefined) {
        found.push({ path: `${path}.${key}`, reason: "unknown field" })
        continue
      }
      if (!field.optional) present += 1
      const before = value[key]
      if (typeof before === field.plain) continue
      const after = field.read(before, found)
      if (after === before) continue
      if (after === broken && !field.optional) return broken
      if (result === value) result = { ...value }
      if (after === broken) delete result[key]
      else result[key] = after
    }
    if (present === required.length) return result
    const missing = required.find(({ name }) => !(name in value))
    found.push({ path: `${path}.${missing?.name ?? ""}`, reason: "missing" })
    return broken
  }
}

/** Keys are data here, so they are no part of a path. */
const dictionary =
  (read: Read, path: string): Read =>
  (value, found) => {
    if (!isRecord(value)) return unexpected(path, "object", value, found)
    const entries = Object.entries(value).flatMap(([key, item]) => {
      const after = read(item, found)
      return after === broken ? [] : [[key, after] as const]
    })
    return Object.fromEntries(entries)
  }

/** A bad item takes no other with it. */
const list =
  (read: Read, path: string): Read =>
  (value, found) => {
    if (!Array.isArray(value)) return unexpected(path, "array", value, found)
    const items: ReadonlyArray<unknown> = value
    let result: Array<unknown> | null = null
    for (let index = 0; index < items.length; index++) {
      const after = read(items[index], found)
      if (after !== items[index] && result === null) result = items.slice(0, index)
      if (after !== broken) result?.push(after)
    }
    return result ?? items
  }

/** How deep a complaint goes: the member that was read furthest is the one that was meant. */
const depth = (found: ReadonlyArray<Surprise>): number => found.at(-1)?.path.length ?? 0

/** The first member that fits without a surprise, else the first that fits at all. */
const union = (members: ReadonlyArray<Read>): Read => {
  if (members.length === 1) return members[0]!
  return (value, found) => {
    let fallback: { readonly value: unknown; readonly found: ReadonlyArray<Surprise> } | null = null
    let complaint: ReadonlyArray<Surprise> = []
    for (const member of members) {
      const own: Array<Surprise> = []
      const after = member(value, own)
      if (after !== broken && own.length === 0) return after
      if (after !== broken) fallback ??= { value: after, found: own }
      else if (depth(own) > depth(complaint)) complaint = own
    }
    found.push(...(fallback?.found ?? complaint))
    return fallback === null ? broken : fallback.value
  }
}

const nullable =
  (read: Read): Read =>
  (value, found) =>
    value === null ? null : read(value, found)

const words =
  (known: ReadonlySet<string>, path: string): Read =>
  (value, found) => {
    if (typeof value !== "string") return unexpected(path, "string", value, found)
    if (!known.has(value)) found.push({ path, reason: `new word ${JSON.stringify(value.slice(0, 40))}` })
    return value
  }

const isText = (value: unknown) => typeof value === "string"
const isNumber = (value: unknown) => typeof value === "number"
const isBoolean = (value: unknown) => typeof value === "boolean"

const compile = (ast: SchemaAST.AST, path: string): Read => {
  switch (ast._tag) {
    case "String": {
      const known = knownWords(ast)
      return known === null ? when(path, "string", isText) : words(known, path)
    }
    case "Number":
      // The only checks of numbers here are those of whole ones.
      return isWhole(ast) ? when(path, "whole number", Number.isSafeInteger) : when(path, "number", isNumber)
    case "Boolean":
      return when(path, "boolean", isBoolean)
    case "Null":
      return when(path, "null", (value) => value === null)
    case "Literal":
      return when(path, JSON.stringify(ast.literal), (value) => value === ast.literal)
    case "Objects":
      return object(ast, path)
    case "Arrays":
      return list(compile(ast.rest[0]!, `${path}[]`), path)
    case "Union": {
      const others = ast.types.filter((type) => type._tag !== "Null").map((type) => compile(type, path))
      return others.length < ast.types.length ? nullable(union(others)) : union(others)
    }
    default:
      return (value) => value
  }
}

const isWhole = (ast: SchemaAST.Number): boolean =>
  ast.checks?.some(({ annotations }) => annotations?.expected === "an integer") ?? false

const compiled = new WeakMap<SchemaAST.AST, Map<string, Read>>()

/** Compiled once for each schema and name. */
const reader = (ast: SchemaAST.AST, name: string): Read => {
  const byName = compiled.get(ast) ?? new Map<string, Read>()
  compiled.set(ast, byName)
  const read = byName.get(name) ?? compile(ast, name)
  byName.set(name, read)
  return read
}

/**
 * Compiles `schema` into a reader that takes what is usable. `name` begins the paths of surprises.
 *
 * Unknown fields and words pass; a bad optional field is dropped; a bad item of a list is left out, the others
 * live. Each is a surprise. Only when a required field of the root is bad does the whole fail. A good value is
 * handed on as it is instead of being copied, which makes this several times as fast as decoding.
 *
 * Schemas of the wire are made of strings, numbers, booleans, literals, structs, records, arrays and unions of
 * them; anything else passes unread.
 */
export const lenient = <A>(schema: WireSchema<A>, name: string) => {
  const read = reader(schema.ast, name)
  return (value: unknown): Result.Result<{ value: A; found: ReadonlyArray<Surprise> }, string> => {
    const found: Array<Surprise> = []
    const result = read(value, found)
    if (result === broken) {
      const last = found.at(-1)
      return Result.fail(last === undefined ? "not as declared" : `${last.path}: ${last.reason}`)
    }
    // What `read` lets through has the shape that the schema describes: that is what it was compiled from.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Result.succeed({ value: result as A, found })
  }
}
