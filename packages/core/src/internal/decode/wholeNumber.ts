import { type Schema, SchemaAST } from "effect"

const annotationKey = "wholeNumber"

/**
 * Marks an integer schema of the wire. The lenient decoder runs no checks, so it reads this annotation
 * instead.
 */
export const wholeNumber = <S extends Schema.Top>(schema: S): S["Rebuild"] =>
  schema.annotate({ [annotationKey]: true })

/** True for a schema that `wholeNumber` has marked. */
export const isWholeNumber = (ast: SchemaAST.AST): boolean => SchemaAST.resolve(ast)?.[annotationKey] === true
