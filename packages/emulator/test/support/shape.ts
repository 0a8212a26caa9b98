/** A type name, `a|b` for either, `null` for a value that was always null; an array with one shape; or keys, `?` for optional. */
export type Shape = string | ReadonlyArray<Shape> | { readonly [key: string]: Shape }

const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value

const isShapeList = (shape: Shape): shape is ReadonlyArray<Shape> => Array.isArray(shape)

/** Returns the differences between `value` and `shape`, each with its path. */
export const shapeMismatches = (value: unknown, shape: Shape, path = "$"): Array<string> => {
  if (typeof shape === "string") {
    const fits = shape === "null" || shape === "any" || shape.split("|").includes(typeOf(value))
    return fits ? [] : [`${path}: ${typeOf(value)} instead of ${shape}`]
  }
  if (isShapeList(shape)) {
    if (!Array.isArray(value)) return [`${path}: ${typeOf(value)} instead of an array`]
    const item = shape[0]
    return item === undefined
      ? []
      : value.flatMap((one, index) => shapeMismatches(one, item, `${path}[${index}]`))
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${path}: ${typeOf(value)} instead of an object`]
  }
  const every = shape["*"]
  if (every !== undefined) {
    return Object.entries(value).flatMap(([key, one]) => shapeMismatches(one, every, `${path}.${key}`))
  }
  const known = new Map(Object.entries(shape).map(([key, one]) => [key.replace(/\?$/, ""), one]))
  const has = new Map<string, unknown>(Object.entries(value))
  const missing = Object.keys(shape).filter((key) => !key.endsWith("?") && !has.has(key))
  const surplus = [...has.keys()].filter((key) => !known.has(key))
  return [
    ...missing.map((key) => `${path}.${key}: missing`),
    ...surplus.map((key) => `${path}.${key}: surplus`),
    ...[...has].flatMap(([key, one]) => {
      const inner = known.get(key)
      return inner === undefined ? [] : shapeMismatches(one, inner, `${path}.${key}`)
    }),
  ]
}
