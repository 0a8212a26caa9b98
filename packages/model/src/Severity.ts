import { Schema } from "effect"

/** Importance of an event for users, in ascending order. */
export const Severity = Schema.Literals(["info", "notice", "warning", "alert"])
export type Severity = typeof Severity.Type
