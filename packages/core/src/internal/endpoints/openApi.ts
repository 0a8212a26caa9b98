import { Predicate, Schema } from "effect"
import type { AnyEndpoint } from "./Endpoint.ts"
import { allEndpoints } from "./catalog.ts"
import * as account from "../wire/account.ts"
import * as camera from "../wire/camera.ts"
import * as homescreen from "../wire/homescreen.ts"
import * as media from "../wire/media.ts"
import * as network from "../wire/network.ts"
import * as receipt from "../wire/command.ts"
import * as signIn from "../wire/signIn.ts"

type Json = Schema.Json

/** Names of the exported response schemas. */
const schemaNames = new Map(
  [account, camera, homescreen, media, network, receipt, signIn].flatMap((module) =>
    Object.entries(module).map(([name, schema]): [unknown, string] => [schema, name]),
  ),
)

const isObject = (value: Json | undefined): value is Readonly<Record<string, Json>> =>
  Predicate.isReadonlyObject(value)

const omittedBounds = new Set(["minimum", "maximum"])

/**
 * Shortens the generated JSON schema: `anyOf` with null becomes a type array, and integer bounds are omitted.
 * Saves thousands of lines.
 */
const compact = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(compact)
  if (!isObject(value)) return value
  const { anyOf, ...rest } = value
  if (Array.isArray(anyOf) && anyOf.length === 2) {
    const [first, second] = anyOf
    if (
      isObject(first) &&
      isObject(second) &&
      second["type"] === "null" &&
      typeof first["type"] === "string"
    ) {
      return compact({ ...rest, ...first, type: [first["type"], "null"] })
    }
  }
  const isInteger = [value["type"]].flat().includes("integer")
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      isInteger && omittedBounds.has(key) ? [] : [[key, compact(item)] as const],
    ),
  )
}

const schemaOf = (schema: Schema.Top): Json => {
  const { schema: json } = Schema.toJsonSchemaDocument(schema)
  return compact(JSON.parse(JSON.stringify(json)))
}

const responsesOf = (endpoint: AnyEndpoint): Json => {
  const { response } = endpoint
  if (response === null) {
    return {
      "200": {
        description: endpoint.contentType === "text/html" ? "A page, or a redirect." : "The file.",
        content: {
          [endpoint.contentType]: {
            schema:
              endpoint.contentType === "text/html"
                ? { type: "string" }
                : { type: "string", format: "binary" },
          },
        },
      },
    }
  }
  const name = schemaNames.get(response)
  const schema = name === undefined ? schemaOf(response) : { $ref: `#/components/schemas/${name}` }
  return {
    "200": {
      description: "Success, or an error as a message.",
      content: { "application/json": { schema } },
    },
    default: { $ref: "#/components/responses/Refusal" },
  }
}

const parametersOf = ({ path, query }: AnyEndpoint): ReadonlyArray<Json> => {
  const pathParameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]): Json => ({
    name: name!,
    in: "path",
    required: true,
    schema: { type: "string" },
  }))
  const json = query === null ? null : schemaOf(query)
  const properties = isObject(json) && isObject(json["properties"]) ? json["properties"] : {}
  const required = isObject(json) && Array.isArray(json["required"]) ? json["required"] : []
  const queryParameters = Object.entries(properties).map(([name, schema]): Json => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }))
  return [...pathParameters, ...queryParameters]
}

const securityOf = ({ dialect, unauthenticated }: AnyEndpoint): ReadonlyArray<Json> => {
  if (unauthenticated) return []
  if (dialect === "both") return [{ bearer: [] }, { tokenAuth: [] }]
  return dialect === "oauth" ? [{ bearer: [] }] : [{ tokenAuth: [] }]
}

const hosts = { signIn: "https://api.oauth.blink.com", status: "https://blinkstatus.net" } as const

const operationOf = (endpoint: AnyEndpoint): Json => ({
  operationId: endpoint.id,
  summary: endpoint.summary,
  tags: endpoint.dialect === "both" ? ["oauth", "legacy"] : [endpoint.dialect],
  security: securityOf(endpoint),
  ...(endpoint.host === "account" ? {} : { servers: [{ url: hosts[endpoint.host] }] }),
  parameters: parametersOf(endpoint),
  ...(endpoint.body === null
    ? {}
    : {
        requestBody: {
          required: true,
          content: {
            [endpoint.form ? "application/x-www-form-urlencoded" : "application/json"]: {
              schema: schemaOf(endpoint.body),
            },
          },
        },
      }),
  responses: responsesOf(endpoint),
})

const paths = (): Json => {
  const byPath = new Map<string, Record<string, Json>>()
  for (const endpoint of allEndpoints) {
    const operations = byPath.get(endpoint.path) ?? {}
    operations[endpoint.method.toLowerCase()] = operationOf(endpoint)
    byPath.set(endpoint.path, operations)
  }
  return Object.fromEntries([...byPath].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

const components = (): Json => {
  const used = allEndpoints.flatMap(({ response }) => {
    const name = schemaNames.get(response)
    return response === null || name === undefined ? [] : [[name, response] as const]
  })
  return Object.fromEntries(
    [...new Map(used)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => [name, schemaOf(schema)]),
  )
}

/** OpenAPI 3.1 document of both APIs, generated from the endpoint data that the client uses. */
export const openApi = (): Json => ({
  openapi: "3.1.0",
  info: {
    title: "Blink cloud (unofficial)",
    version: "2026.1",
    description:
      "The Blink camera cloud as observed by third-party clients. Not made, reviewed or supported by the vendor, who changes it without notice. Fields may be missing or null; ignore unknown ones.",
  },
  servers: [
    {
      url: "https://rest-{tier}.immedia-semi.com",
      description: "Tier of the account, as returned by `tierInfo`.",
      variables: { tier: { default: "prod" } },
    },
  ],
  tags: [
    { name: "oauth", description: "Today's API." },
    {
      name: "legacy",
      description: "The legacy API with `TOKEN_AUTH`, which the vendor closes endpoint by endpoint.",
    },
  ],
  paths: paths(),
  components: {
    securitySchemes: {
      bearer: { type: "http", scheme: "bearer" },
      tokenAuth: { type: "apiKey", in: "header", name: "TOKEN_AUTH" },
    },
    responses: {
      Refusal: {
        description:
          "A stable code and an unstable text. The CDN in front of the cloud sends text or HTML instead.",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Message" } } },
      },
    },
    schemas: components(),
  },
})
