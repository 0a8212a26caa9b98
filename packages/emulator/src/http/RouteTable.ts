import type { Route } from "./Route.ts"

interface Node {
  readonly literal: Map<string, Node>
  anything: { readonly name: string; readonly node: Node } | null
  readonly routes: Map<string, Route>
}

const emptyNode = (): Node => ({ literal: new Map(), anything: null, routes: new Map() })

const segmentsOf = (path: string): Array<string> => path.split("/").filter((segment) => segment !== "")

export interface Found {
  readonly route: Route
  readonly params: Record<string, string>
}

/** Finds the route of a path, a literal segment before a parameter. A closing slash makes no difference. */
export const routeTable = (
  routes: ReadonlyArray<Route>,
): ((method: string, path: string) => Found | undefined) => {
  const root = emptyNode()
  for (const route of routes) {
    let node = root
    for (const segment of segmentsOf(route.path)) {
      if (segment.startsWith(":")) {
        node.anything ??= { name: segment.slice(1), node: emptyNode() }
        node = node.anything.node
      } else {
        const next = node.literal.get(segment) ?? emptyNode()
        node.literal.set(segment, next)
        node = next
      }
    }
    node.routes.set(route.method, route)
  }
  const find = (
    node: Node,
    segments: ReadonlyArray<string>,
    depth: number,
    method: string,
    params: Array<[string, string]>,
  ): Found | undefined => {
    const segment = segments[depth]
    if (segment === undefined) {
      const route = node.routes.get(method)
      return route === undefined ? undefined : { route, params: Object.fromEntries(params) }
    }
    const literal = node.literal.get(segment)
    const found = literal === undefined ? undefined : find(literal, segments, depth + 1, method, params)
    if (found !== undefined || node.anything === null) return found
    return find(node.anything.node, segments, depth + 1, method, [...params, [node.anything.name, segment]])
  }
  return (method, path) => find(root, segmentsOf(path), 0, method === "HEAD" ? "GET" : method, [])
}
