import { Predicate, Result, SchemaAST } from "effect"
import type { WireSchema } from "../endpoints/Endpoint.ts"
import { knownValues } from "./openEnum.ts"
import { isWholeNumber } from "./wholeNumber.ts"

/** Difference between a response and its schema. */
export interface DecodeIssue {
  readonly path: string
  readonly reason: string
}

/** Marks an unusable value; `undefined` is a valid value here. */
const invalid: unique symbol = Symbol("broken")

/** Returns the value itself when nothing is dropped, otherwise a copy without the invalid parts. */
type Decoder = (value: unknown, issues: Array<DecodeIssue>) => unknown

const typeName = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value

const typeMismatch = (
  path: string,
  expected: string,
  value: unknown,
  issues: Array<DecodeIssue>,
): typeof invalid => {
  issues.push({ path, reason: `${typeName(value)} where ${expected} was expected` })
  return invalid
}

const expectType =
  (path: string, expected: string, matches: (value: unknown) => boolean): Decoder =>
  (value, issues) =>
    matches(value) ? value : typeMismatch(path, expected, value, issues)

interface Field {
  readonly name: string
  readonly optional: boolean
  readonly decode: Decoder
  /** Expected `typeof` where no other check is needed. Saves a call for most fields. */
  readonly typeofName: string | null
}

const typeofNameOf = (ast: SchemaAST.AST): string | null => {
  if (SchemaAST.isUnion(ast)) {
    const others = ast.types.filter((type) => type._tag !== "Null")
    return others.length === 1 ? typeofNameOf(others[0]!) : null
  }
  if (SchemaAST.isBoolean(ast)) return "boolean"
  return SchemaAST.isString(ast) && knownValues(ast) === null ? "string" : null
}

/** An invalid optional field is dropped; an invalid required field invalidates the object. */
const objectDecoder = (ast: SchemaAST.Objects, path: string): Decoder => {
  const rest = ast.indexSignatures[0]
  if (rest !== undefined) return recordDecoder(compile(rest.type, `${path}{}`), path)
  const fields = new Map(
    ast.propertySignatures.map(({ name, type }): [string, Field] => [
      String(name),
      {
        name: String(name),
        optional: SchemaAST.isOptional(type),
        decode: compile(type, `${path}.${String(name)}`),
        typeofName: typeofNameOf(type),
      },
    ]),
  )
  const required = [...fields.values()].filter(({ optional }) => !optional)
  return (value, issues) => {
    if (!Predicate.isObject(value)) return typeMismatch(path, "object", value, issues)
    let result = value
    let requiredCount = 0
    // A single pass over the present keys: absent fields cost nothing, and unknown fields are found on the
    // way.
    for (const key in value) {
      const field = fields.get(key)
      if (field === undefined) {
        issues.push({ path: `${path}.${key}`, reason: "unknown field" })
        continue
      }
      if (!field.optional) requiredCount += 1
      const input = value[key]
      if (typeof input === field.typeofName) continue
      const decoded = field.decode(input, issues)
      if (decoded === input) continue
      if (decoded === invalid && !field.optional) return invalid
      if (result === value) result = { ...value }
      if (decoded === invalid) delete result[key]
      else result[key] = decoded
    }
    if (requiredCount === required.length) return result
    const missing = required.find(({ name }) => !(name in value))
    issues.push({ path: `${path}.${missing?.name ?? ""}`, reason: "missing" })
    return invalid
  }
}

/** Keys are data here, so they are not part of the path. */
const recordDecoder =
  (decode: Decoder, path: string): Decoder =>
  (value, issues) => {
    if (!Predicate.isObject(value)) return typeMismatch(path, "object", value, issues)
    const entries = Object.entries(value).flatMap(([key, item]) => {
      const decoded = decode(item, issues)
      return decoded === invalid ? [] : [[key, decoded] as const]
    })
    return Object.fromEntries(entries)
  }

/** An invalid item is dropped alone. */
const arrayDecoder =
  (decode: Decoder, path: string): Decoder =>
  (value, issues) => {
    if (!Array.isArray(value)) return typeMismatch(path, "array", value, issues)
    const items: ReadonlyArray<unknown> = value
    let result: Array<unknown> | null = null
    for (let index = 0; index < items.length; index++) {
      const decoded = decode(items[index], issues)
      if (decoded !== items[index] && result === null) result = items.slice(0, index)
      if (decoded !== invalid) result?.push(decoded)
    }
    return result ?? items
  }

/** Length of the last path: the union member that was decoded furthest was meant. */
const issueDepth = (issues: ReadonlyArray<DecodeIssue>): number => issues.at(-1)?.path.length ?? 0

/** The first member that decodes without issues, otherwise the first that decodes at all. */
const unionDecoder = (members: ReadonlyArray<Decoder>): Decoder => {
  if (members.length === 1) return members[0]!
  return (value, issues) => {
    let fallback: { readonly value: unknown; readonly issues: ReadonlyArray<DecodeIssue> } | null = null
    let deepestIssues: ReadonlyArray<DecodeIssue> = []
    for (const member of members) {
      const memberIssues: Array<DecodeIssue> = []
      const decoded = member(value, memberIssues)
      if (decoded !== invalid && memberIssues.length === 0) return decoded
      if (decoded !== invalid) fallback ??= { value: decoded, issues: memberIssues }
      else if (issueDepth(memberIssues) > issueDepth(deepestIssues)) deepestIssues = memberIssues
    }
    issues.push(...(fallback?.issues ?? deepestIssues))
    return fallback === null ? invalid : fallback.value
  }
}

const nullableDecoder =
  (decode: Decoder): Decoder =>
  (value, issues) =>
    value === null ? null : decode(value, issues)

const openEnumDecoder =
  (known: ReadonlySet<string>, path: string): Decoder =>
  (value, issues) => {
    if (typeof value !== "string") return typeMismatch(path, "string", value, issues)
    if (!known.has(value))
      issues.push({ path, reason: `unknown value ${JSON.stringify(value.slice(0, 40))}` })
    return value
  }

const isString = (value: unknown) => typeof value === "string"
const isNumber = (value: unknown) => typeof value === "number"
const isBoolean = (value: unknown) => typeof value === "boolean"

const compile = (ast: SchemaAST.AST, path: string): Decoder => {
  switch (ast._tag) {
    case "String": {
      const known = knownValues(ast)
      return known === null ? expectType(path, "string", isString) : openEnumDecoder(known, path)
    }
    case "Number":
      return isWholeNumber(ast)
        ? expectType(path, "whole number", Number.isSafeInteger)
        : expectType(path, "number", isNumber)
    case "Boolean":
      return expectType(path, "boolean", isBoolean)
    case "Null":
      return expectType(path, "null", (value) => value === null)
    case "Literal":
      return expectType(path, JSON.stringify(ast.literal), (value) => value === ast.literal)
    case "Objects":
      return objectDecoder(ast, path)
    case "Arrays":
      return arrayDecoder(compile(ast.rest[0]!, `${path}[]`), path)
    case "Union": {
      const others = ast.types.filter((type) => type._tag !== "Null").map((type) => compile(type, path))
      return others.length < ast.types.length ? nullableDecoder(unionDecoder(others)) : unionDecoder(others)
    }
    default:
      return (value) => value
  }
}

const decoderCache = new WeakMap<SchemaAST.AST, Map<string, Decoder>>()

/** Decoders are compiled once per schema and name. */
const decoderFor = (ast: SchemaAST.AST, name: string): Decoder => {
  const byName = decoderCache.get(ast) ?? new Map<string, Decoder>()
  decoderCache.set(ast, byName)
  const decode = byName.get(name) ?? compile(ast, name)
  byName.set(name, decode)
  return decode
}

/**
 * Compiles `schema` into a decoder that keeps everything usable. `name` starts the paths of issues.
 *
 * Unknown fields and enum values are accepted, an invalid optional field is dropped, and an invalid list item
 * is left out; each is an issue. Decoding fails only when a required field of the root is invalid. Valid
 * values are returned as they are instead of copied, which makes this several times faster than
 * `Schema.decode`.
 *
 * Supports strings, numbers, booleans, literals, structs, records, arrays and their unions; other schemas
 * accept any value.
 */
export const lenientDecoder = <A>(schema: WireSchema<A>, name: string) => {
  const decode = decoderFor(schema.ast, name)
  return (value: unknown): Result.Result<{ value: A; issues: ReadonlyArray<DecodeIssue> }, string> => {
    const issues: Array<DecodeIssue> = []
    const result = decode(value, issues)
    if (result === invalid) {
      const last = issues.at(-1)
      return Result.fail(last === undefined ? "not as declared" : `${last.path}: ${last.reason}`)
    }
    // The decoder was compiled from the schema, so the result has its type.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Result.succeed({ value: result as A, issues })
  }
}
