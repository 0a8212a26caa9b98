import { Schema, SchemaIssue } from "effect"

/** The emulator itself was asked for something that makes no sense; `field` says where. */
export class ControlError extends Schema.TaggedError<ControlError>()("ControlError", {
  field: Schema.String,
  message: Schema.String,
}) {}

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** The first thing that is wrong, by the name of its field. */
export const fromSchemaIssue = (issue: SchemaIssue.Issue): ControlError => {
  const first = format(issue).issues[0]
  const path = (first?.path ?? []).map((key) => String(typeof key === "object" ? key.key : key))
  const field = path.length === 0 ? "(body)" : path.join(".").replaceAll(/\.(\d+)(?=\.|$)/g, "[$1]")
  return new ControlError({ field, message: `${field}: ${first?.message ?? "not understood"}` })
}
