import { Schema } from "effect"

export const Text = Schema.String
export const Int = Schema.Int
export const Num = Schema.Finite
export const Flag = Schema.Boolean
/** Passed on unread: we have not seen enough of it to say more. */
export const Anything = Schema.Unknown
/** Firmware versions were numbers once. */
export const TextOrNumber = Schema.Union([Schema.String, Schema.Finite])
export const arrayOf = <S extends Schema.Top>(item: S): Schema.$Array<S> => Schema.Array(item)

/** A field the cloud may leave out or send as `null`. */
export const nullish = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

/** Fields of one type, each of which may be missing. */
export const fieldsOf = <S extends Schema.Top, const Names extends ReadonlyArray<string>>(
  schema: S,
  ...names: Names
) => {
  const field = nullish(schema)
  const fields = Object.fromEntries(names.map((name) => [name, field]))
  // `fromEntries` forgets the names.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return fields as { readonly [Name in Names[number]]: typeof field }
}
