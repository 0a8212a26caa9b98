import { SchemaIssue } from "effect"
import { ControlError } from "../../ControlError.ts"
import type { InvalidInput } from "./applyInput.ts"

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** Reports the first issue with the path of its field. */
export const fromSchemaIssue = (issue: SchemaIssue.Issue): ControlError => {
  const first = format(issue).issues[0]
  const path = (first?.path ?? []).map((key) => String(typeof key === "object" ? key.key : key))
  const field = path.length === 0 ? "(body)" : path.join(".").replaceAll(/\.(\d+)(?=\.|$)/g, "[$1]")
  return new ControlError({ field, message: `${field}: ${first?.message ?? "invalid"}` })
}

export const fromInvalidInput = ({ field, message }: InvalidInput): ControlError =>
  new ControlError({ field, message: `${field}: ${message}` })
