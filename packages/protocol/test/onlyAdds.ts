/** As much of JSON Schema as the contract's files use. */
interface Node {
  readonly type?: string
  readonly enum?: ReadonlyArray<unknown>
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: ReadonlyArray<string>
  readonly items?: Node
  readonly anyOf?: ReadonlyArray<Node>
  readonly $ref?: string
}

/** `type` of a message, `kind` of an event: what tells the members of a union apart. */
const tagOf = ({ properties = {} }: Node): string | null => {
  const tag = properties["type"]?.enum ?? properties["kind"]?.enum
  return tag?.length === 1 ? String(tag[0]) : null
}

const compare = (
  path: string,
  before: Node,
  after: Node,
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
  const complaints: Array<string> = []
  if (before.type !== after.type && after.anyOf === undefined)
    complaints.push(`${path}: was ${before.type}, is ${after.type}`)
  for (const word of before.enum ?? [])
    if (!after.enum?.includes(word)) complaints.push(`${path}: no longer ${JSON.stringify(word)}`)
  // What a server has always sent, its clients rely on; what a client need not send, old ones do not.
  const [kept, held] = sender === "server" ? [before, after] : [after, before]
  for (const name of kept.required ?? [])
    if (
      !held.required?.includes(name) &&
      before.properties !== undefined &&
      (sender === "client" || after.properties?.[name])
    )
      complaints.push(
        sender === "server" ? `${path}: no longer always has ${name}` : `${path}: now needs ${name}`,
      )
  for (const [name, property] of Object.entries(before.properties ?? {})) {
    const now = after.properties?.[name]
    complaints.push(
      ...(now === undefined ? [`${path}.${name}: gone`] : compare(`${path}.${name}`, property, now, sender)),
    )
  }
  if (before.items !== undefined)
    complaints.push(...compare(`${path}[]`, before.items, after.items ?? {}, sender))
  return complaints
}

/** What a later schema takes away from those who know the earlier one. */
export const onlyAdds = (
  before: unknown,
  after: unknown,
  sender: "client" | "server",
): ReadonlyArray<string> => compare("", before as Node, after as Node, sender)
