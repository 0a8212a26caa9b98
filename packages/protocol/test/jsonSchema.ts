import { Schema, SchemaRepresentation } from "effect"

export type Json = Readonly<Record<string, unknown>>

/** Returns the object that a local reference points to, or the object itself. */
export const resolve = (document: Json, node: Json): Json => {
  const reference = node["$ref"]
  if (typeof reference !== "string") return node
  return reference
    .replace("#/", "")
    .split("/")
    .reduce<Json>((parent, key) => parent[key] as Json, document)
}

/**
 * Imports a JSON schema of the contract, and returns the test for values that it accepts: the generated documents are read
 * as another program would.
 */
export const decoderOf = ({ $defs, ...schema }: Json): ((value: unknown) => boolean) => {
  const imported = SchemaRepresentation.fromJsonSchemaDocument(
    { dialect: "draft-2020-12", schema, definitions: ($defs ?? {}) as never },
    { patterns: "apply" },
  )
  return Schema.is(imported)
}
