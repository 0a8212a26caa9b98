import * as Ids from "@blink-streams/model"
import { Schema } from "effect"
import { wholeNumber } from "../decode/wholeNumber.ts"

export const Text = Schema.String
export const Int = wholeNumber(Schema.Int)
export const AccountId = wholeNumber(Ids.AccountId)
export const NetworkId = wholeNumber(Ids.NetworkId)
export const SyncModuleId = wholeNumber(Ids.SyncModuleId)
export const CameraId = wholeNumber(Ids.CameraId)
export const Num = Schema.Finite
export const Flag = Schema.Boolean
/** Accepted unchecked, because too little of it is known. */
export const Anything = Schema.Unknown
/** Firmware versions used to be numbers. */
export const TextOrNumber = Schema.Union([Schema.String, Schema.Finite])
export const arrayOf = <S extends Schema.Top>(item: S): Schema.$Array<S> => Schema.Array(item)

/** Field that the cloud may omit or send as `null`. */
export const nullish = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

/** Optional fields of one type. */
export const fieldsOf = <S extends Schema.Top, const Names extends ReadonlyArray<string>>(
  schema: S,
  ...names: Names
) => {
  const field = nullish(schema)
  const fields = Object.fromEntries(names.map((name) => [name, field]))
  // `fromEntries` loses the names.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return fields as { readonly [Name in Names[number]]: typeof field }
}
