import { Result, type Schema, SchemaAST } from "effect"
import { knownWords } from "./words.ts"

/** What one answer had that we did not expect. */
export interface Surprise {
  readonly path: string
  readonly reason: string
}

/** Stands for a value that could not be used; `undefined` is a value of its own here. */
const broken: unique symbol = Symbol("broken")

/** Gives the value itself where nothing has to be left out, a copy without the bad parts otherwise. */
type Read = (value: unknown, path: string, found: Array<Surprise>) => unknown

const nameOf = (value: unknown): string =>
  value === null ? "null" : value === undefined ? "nothing" : Array.isArray(value) ? "array" : typeof value

const expected =
  (what: string): Read =>
  (value, path, found) => {
    found.push({ path, reason: `${nameOf(value)} where ${what} was expected` })
    return broken
  }

const when =
  (what: string, holds: (value: unknown) => boolean): Read =>
  (value, path, found) =>
    holds(value) ? value : expected(what)(value, path, found)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

interface Field {
  readonly name: string
  readonly path: string
  readonly optional: boolean
  readonly read: Read
}

/** A bad optional field is as good as absent; a bad required one spoils its object. */
const object = (ast: SchemaAST.Objects): Read => {
  const rest = ast.indexSignatures[0]
  if (rest !== undefined) return dictionary(compile(rest.type))
  const fields = ast.propertySignatures.map(({ name, type }): Field => ({
    name: String(name),
    path: `.${String(name)}`,
    optional: SchemaAST.isOptional(type),
    read: compile(type),
  }))
  const names = new Set(fields.map(({ name }) => name))
  return (value, path, found) => {
    if (!isRecord(value)) return expected("object")(value, path, found)
    let result = value
    let seen = 0
    for (const field of fields) {
      const before = value[field.name]
      if (before === undefined && !(field.name in value)) {
        if (field.optional) continue
        found.push({ path: path + field.path, reason: "missing" })
        return broken
      }
      seen += 1
      const after = field.read(before, path + field.path, found)
      if (after === before) continue
      if (after === broken && !field.optional) return broken
      if (result === value) result = { ...value }
      if (after === broken) delete result[field.name]
      else result[field.name] = after
    }
    let keys = 0
    for (const _ in value) keys += 1
    if (keys > seen) {
      for (const key in value) {
        if (!names.has(key)) found.push({ path: `${path}.${key}`, reason: "unknown field" })
      }
    }
    return result
  }
}

/** Keys are data here, so they are no part of a path. */
const dictionary =
  (read: Read): Read =>
  (value, path, found) => {
    if (!isRecord(value)) return expected("object")(value, path, found)
    const entries = Object.entries(value).flatMap(([key, item]) => {
      const after = read(item, `${path}{}`, found)
      return after === broken ? [] : [[key, after] as const]
    })
    return Object.fromEntries(entries)
  }

/** A bad item takes no other with it. */
const list =
  (read: Read): Read =>
  (value, path, found) => {
    if (!Array.isArray(value)) return expected("array")(value, path, found)
    const items: ReadonlyArray<unknown> = value
    const inside = `${path}[]`
    let result: Array<unknown> | null = null
    for (let index = 0; index < items.length; index++) {
      const after = read(items[index], inside, found)
      if (after !== items[index] && result === null) result = items.slice(0, index)
      if (after !== broken) result?.push(after)
    }
    return result ?? items
  }

/** The first member that fits without a surprise, else the first that fits at all. */
const union = (members: ReadonlyArray<Read>): Read => {
  if (members.length === 1) return members[0]!
  return (value, path, found) => {
    let fallback: { readonly value: unknown; readonly found: ReadonlyArray<Surprise> } | null = null
    let complaint: ReadonlyArray<Surprise> = []
    for (const member of members) {
      const own: Array<Surprise> = []
      const after = member(value, path, own)
      if (after !== broken && own.length === 0) return after
      if (after !== broken) fallback ??= { value: after, found: own }
      else complaint = own
    }
    found.push(...(fallback?.found ?? complaint))
    return fallback === null ? broken : fallback.value
  }
}

const nullable =
  (read: Read): Read =>
  (value, path, found) =>
    value === null ? null : read(value, path, found)

const words =
  (known: ReadonlySet<string>): Read =>
  (value, path, found) => {
    if (typeof value !== "string") return expected("string")(value, path, found)
    if (!known.has(value)) found.push({ path, reason: `new word ${JSON.stringify(value.slice(0, 40))}` })
    return value
  }

const isText = (value: unknown) => typeof value === "string"
const isNumber = (value: unknown) => typeof value === "number"
const isBoolean = (value: unknown) => typeof value === "boolean"

const build = (ast: SchemaAST.AST): Read => {
  switch (ast._tag) {
    case "String": {
      const known = knownWords(ast)
      return known === null ? when("string", isText) : words(known)
    }
    case "Number":
      return ast.checks === undefined ? when("number", isNumber) : when("integer", Number.isSafeInteger)
    case "Boolean":
      return when("boolean", isBoolean)
    case "Null":
      return when("null", (value) => value === null)
    case "Literal":
      return when(JSON.stringify(ast.literal), (value) => value === ast.literal)
    case "Objects":
      return object(ast)
    case "Arrays":
      return list(compile(ast.rest[0]!))
    case "Union": {
      const others = union(ast.types.filter((type) => type._tag !== "Null").map(compile))
      return ast.types.some((type) => type._tag === "Null") ? nullable(others) : others
    }
    default:
      return (value) => value
  }
}

const compiled = new WeakMap<SchemaAST.AST, Read>()

const compile = (ast: SchemaAST.AST): Read => {
  const known = compiled.get(ast)
  if (known !== undefined) return known
  const read = build(ast)
  compiled.set(ast, read)
  return read
}

/**
 * Reads `value` as `schema` has it and takes what is usable.
 *
 * Unknown fields and words pass; a bad optional field is dropped; a bad item of a list is left out, the others
 * live. Each is a surprise. Only when a required field of the root is bad does the whole fail. Three times as
 * fast as decoding, since a good value is handed on as it is instead of being copied.
 *
 * Schemas of the wire are made of strings, numbers, booleans, literals, structs, records, arrays and unions of
 * them; anything else passes unread.
 */
export const lenient = <A>(schema: Schema.Codec<A, unknown>) => {
  const read = compile(schema.ast)
  return (
    value: unknown,
    name: string,
  ): Result.Result<{ value: A; found: ReadonlyArray<Surprise> }, string> => {
    const found: Array<Surprise> = []
    const result = read(value, name, found)
    if (result === broken) {
      const last = found.at(-1)
      return Result.fail(last === undefined ? "not as declared" : `${last.path}: ${last.reason}`)
    }
    // What `read` lets through has the shape that the schema describes: that is what it was compiled from.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Result.succeed({ value: result as A, found })
  }
}
