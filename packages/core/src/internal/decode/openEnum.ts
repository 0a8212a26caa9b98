import { Schema, SchemaAST } from "effect"

const annotationKey = "knownWords"

/** String enumeration that accepts unknown values. The decoder reports those as drift. */
export const openEnum = (...known: ReadonlyArray<string>) =>
  Schema.String.annotate({ [annotationKey]: known, description: `Seen: ${known.join(", ")}.` })

const isStrings = (value: unknown): value is ReadonlyArray<string> => Array.isArray(value)

/** Known values of an `openEnum`; `null` for any other string. */
export const knownValues = (ast: SchemaAST.AST): ReadonlySet<string> | null => {
  const known = SchemaAST.resolve(ast)?.[annotationKey]
  return isStrings(known) ? new Set(known) : null
}
