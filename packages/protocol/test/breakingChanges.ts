/** Subset of JSON Schema that the contract files use. */
interface SchemaNode {
  readonly type?: string
  readonly enum?: ReadonlyArray<unknown>
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: ReadonlyArray<string>
  readonly items?: SchemaNode
  readonly anyOf?: ReadonlyArray<SchemaNode>
  readonly $ref?: string
}

/**
 * Returns the discriminator of a union member: `type` of a message with its `ok`, or `kind` of an event; `null` without
 * one.
 */
const tagOf = ({ properties = {} }: SchemaNode): string | null => {
  const tag = properties["type"]?.enum ?? properties["kind"]?.enum
  const ok = properties["ok"]?.enum
  return tag?.length === 1 ? [...tag, ...(ok ?? [])].join(" ") : null
}

const compare = (
  path: string,
  before: SchemaNode,
  after: SchemaNode,
  sender: "client" | "server",
): ReadonlyArray<string> => {
  if (before.anyOf !== undefined) {
    const members = after.anyOf ?? [after]
    return before.anyOf.flatMap((member, index) => {
      const tag = tagOf(member)
      const same = tag === null ? members[index] : members.find((candidate) => tagOf(candidate) === tag)
      const inner = tag === null ? path : path === "" ? tag : `${path}(${tag})`
      return same === undefined ? [`${inner}: gone`] : compare(inner, member, same, sender)
    })
  }
  const problems: Array<string> = []
  if (before.type !== after.type && after.anyOf === undefined)
    problems.push(`${path}: was ${before.type}, is ${after.type}`)
  for (const value of before.enum ?? [])
    if (!after.enum?.includes(value)) problems.push(`${path}: no longer ${JSON.stringify(value)}`)
  // Clients rely on fields that a server always sends; old clients do not send fields that were optional.
  const [required, provided] = sender === "server" ? [before, after] : [after, before]
  for (const name of required.required ?? [])
    if (
      !provided.required?.includes(name) &&
      before.properties !== undefined &&
      (sender === "client" || after.properties?.[name])
    )
      problems.push(
        sender === "server" ? `${path}: no longer always has ${name}` : `${path}: now needs ${name}`,
      )
  for (const [name, property] of Object.entries(before.properties ?? {})) {
    const now = after.properties?.[name]
    problems.push(
      ...(now === undefined ? [`${path}.${name}: gone`] : compare(`${path}.${name}`, property, now, sender)),
    )
  }
  if (before.items !== undefined)
    problems.push(...compare(`${path}[]`, before.items, after.items ?? {}, sender))
  return problems
}

/** Returns the incompatible changes between two schemas, as texts; empty when `after` only adds. */
export const breakingChanges = (
  before: unknown,
  after: unknown,
  sender: "client" | "server",
): ReadonlyArray<string> => compare("", before as SchemaNode, after as SchemaNode, sender)
