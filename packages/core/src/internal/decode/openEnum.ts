import { Schema, SchemaAST } from "effect"

const annotationKey = "knownWords"

/** An enumeration of the vendor's. Other strings pass as well, and are told as drift. */
export const openEnum = (...known: ReadonlyArray<string>) =>
  Schema.String.annotate({ [annotationKey]: known, description: `Seen: ${known.join(", ")}.` })

const isStrings = (value: unknown): value is ReadonlyArray<string> => Array.isArray(value)

/** The words that `words` was given; `null` for a free text. */
export const knownValues = (ast: SchemaAST.AST): ReadonlySet<string> | null => {
  const known = SchemaAST.resolve(ast)?.[annotationKey]
  return isStrings(known) ? new Set(known) : null
}
