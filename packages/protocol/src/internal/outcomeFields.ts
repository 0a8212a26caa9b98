import { Schema } from "effect"
import { ProtocolError } from "../ProtocolError.ts"

/** Fields of an outcome that succeeded. */
export const successFields = { ok: Schema.Literal(true), value: Schema.Json }

/** Fields of an outcome that failed. */
export const failureFields = { ok: Schema.Literal(false), error: ProtocolError }
