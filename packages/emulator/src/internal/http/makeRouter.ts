import type { Route } from "./Route.ts"

interface PathNode {
  readonly literal: Map<string, PathNode>
  parameter: { readonly name: string; readonly node: PathNode } | null
  readonly routes: Map<string, Route>
}

const emptyPathNode = (): PathNode => ({ literal: new Map(), parameter: null, routes: new Map() })

const splitPath = (path: string): Array<string> => path.split("/").filter((segment) => segment !== "")

export interface RouteMatch {
  readonly route: Route
  readonly params: Record<string, string>
}

/** Returns a function that finds the route of a path. Literal segments win over parameters; slashes at the end are ignored. */
export const makeRouter = (
  routes: ReadonlyArray<Route>,
): ((method: string, path: string) => RouteMatch | undefined) => {
  const root = emptyPathNode()
  for (const route of routes) {
    let node = root
    for (const segment of splitPath(route.path)) {
      if (segment.startsWith(":")) {
        node.parameter ??= { name: segment.slice(1), node: emptyPathNode() }
        node = node.parameter.node
      } else {
        const next = node.literal.get(segment) ?? emptyPathNode()
        node.literal.set(segment, next)
        node = next
      }
    }
    node.routes.set(route.method, route)
  }
  const find = (
    node: PathNode,
    segments: ReadonlyArray<string>,
    depth: number,
    method: string,
    params: Array<[string, string]>,
  ): RouteMatch | undefined => {
    const segment = segments[depth]
    if (segment === undefined) {
      const route = node.routes.get(method)
      return route === undefined ? undefined : { route, params: Object.fromEntries(params) }
    }
    const literal = node.literal.get(segment)
    const found = literal === undefined ? undefined : find(literal, segments, depth + 1, method, params)
    if (found !== undefined || node.parameter === null) return found
    return find(node.parameter.node, segments, depth + 1, method, [...params, [node.parameter.name, segment]])
  }
  return (method, path) => find(root, splitPath(path), 0, method === "HEAD" ? "GET" : method, [])
}
