import { type JsonSchema, Schema } from "effect"
import { type Operation, operations } from "./internal/openApi/operations.ts"
import { failureFields } from "./internal/outcomeFields.ts"
import { version } from "./protocol.ts"
import { requiredScopes } from "./requiredScopes.ts"

type Json = Readonly<Record<string, unknown>>
type ToJsonSchema = (schema: Schema.Constraint) => JsonSchema.JsonSchema
type RouteName = keyof typeof operations

const errorResponse = { $ref: "#/components/responses/Failed" }

const jsonContent = (toJsonSchema: ToJsonSchema, schema: Schema.Constraint) => ({
  "application/json": { schema: toJsonSchema(schema) },
})

const toParameters = (path: string, query: Operation["query"] = {}): ReadonlyArray<Json> => [
  ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  })),
  ...Object.entries(query).map(([name, description]) => ({
    name,
    in: "query",
    description,
    schema: { type: "string" },
  })),
]

const toResponses = (toJsonSchema: ToJsonSchema, { responses, failures = [] }: Operation): Json => ({
  ...Object.fromEntries(
    Object.entries(responses).map(([status, { description, json, mediaType }]) => {
      const content = {
        ...(mediaType === undefined ? {} : { [mediaType]: { schema: { type: "string" } } }),
        ...(json === undefined ? {} : jsonContent(toJsonSchema, json)),
      }
      return [status, Object.keys(content).length === 0 ? { description } : { description, content }]
    }),
  ),
  ...Object.fromEntries(failures.map((status) => [status, errorResponse])),
  default: errorResponse,
})

const toOperation = (toJsonSchema: ToJsonSchema, name: RouteName, path: string): Json => {
  const { summary, query, body } = operations[name]
  const scope = requiredScopes.routes[name]
  const parameters = toParameters(path, query)
  return {
    summary: scope === "none" ? summary : `${summary} Scope \`${scope}\`.`,
    security: scope === "none" ? [] : [{ token: [scope] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: jsonContent(toJsonSchema, body) } }),
    responses: toResponses(toJsonSchema, operations[name]),
  }
}

const isRouteName = (name: string): name is RouteName => name in operations

/** Operations by path and method. */
const toPaths = (toJsonSchema: ToJsonSchema): Json => {
  const paths: Record<string, Record<string, Json>> = {}
  for (const name of Object.keys(operations).filter(isRouteName)) {
    const [method = "", path = ""] = name.split(" ")
    paths[path] = { ...paths[path], [method.toLowerCase()]: toOperation(toJsonSchema, name, path) }
  }
  return paths
}

/** OpenAPI 3.1 document of the HTTP API that complements the websocket. The role of a token is its scope. */
export const openApi = (toJsonSchema: ToJsonSchema): Json => ({
  openapi: "3.1.0",
  info: { title: "blink-streams over HTTP", version: `${version.major}.${version.minor}.0` },
  paths: toPaths(toJsonSchema),
  components: {
    securitySchemes: { token: { type: "http", scheme: "bearer" } },
    responses: {
      Failed: {
        description: "The error object of the websocket protocol.",
        content: jsonContent(toJsonSchema, Schema.Struct(failureFields)),
      },
    },
  },
})
