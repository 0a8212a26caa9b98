import { Effect } from "effect"
import { blinkError } from "../../BlinkError.ts"
import { NotSupported } from "../../Reason.ts"
import { type CallName, endpointByName } from "./catalog.ts"

/** Pairs of neighbouring letters of a name. */
const pairsOf = (name: string): ReadonlySet<string> => {
  const lower = name.toLowerCase()
  return new Set(Array.from({ length: Math.max(0, lower.length - 1) }, (_, n) => lower.slice(n, n + 2)))
}

/** Share of common pairs of letters (Sørensen–Dice coefficient), 0 to 1. */
const similarity = (one: string, other: string): number => {
  const [a, b] = [pairsOf(one), pairsOf(other)]
  const common = [...a].filter((pair) => b.has(pair))
  return (2 * common.length) / Math.max(1, a.size + b.size)
}

/** Similarity from which a name is offered as a correction. */
const minSimilarity = 0.4

/** Up to three names that resemble `name`, the nearest first. */
const similarNames = (name: string): ReadonlyArray<string> =>
  Object.keys(endpointByName)
    .map((known) => ({ known, score: similarity(name, known) }))
    .filter(({ score }) => score >= minSimilarity)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, 3)
    .map(({ known }) => known)

/** Endpoint of `name`. Plain JavaScript may pass any name; an unknown one fails with `NotSupported`. */
export const findEndpoint = <Name extends CallName>(name: Name) =>
  Effect.suspend(() => {
    if (Object.hasOwn(endpointByName, name)) return Effect.succeed(endpointByName[name])
    const similar = similarNames(name)
    const hint =
      similar.length === 0 ? "docs/core-reference.md lists the names" : `similar: ${similar.join(", ")}`
    return Effect.fail(
      blinkError(name, new NotSupported({ detail: `no request has the name "${name}" (${hint})` }), "no"),
    )
  })
