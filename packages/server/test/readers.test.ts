import { AccountId } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { fullPermissions, type Permissions } from "../src/Permissions.ts"
import { account, motions, startServer } from "./testServer.ts"

interface Body {
  readonly readers: ReadonlyArray<Record<string, unknown>>
}

it.live("GET /v1/state lists the readers of the accounts that the token may see, with their lag", () =>
  Effect.gen(function* () {
    const { log, tokens, url } = yield* startServer()
    const owners = [AccountId.make(0), account, AccountId.make(2)]
    for (const owner of owners) yield* log.openReader({ account: owner, name: `of ${owner}` })
    yield* log.append({ account, events: motions(1, 3) })
    const readers = Effect.fnUntraced(function* (accounts: Permissions["accounts"]) {
      const permissions = { ...fullPermissions, accounts }
      const { token } = yield* tokens.create({ name: "reader", permissions })
      const headers = { authorization: `Bearer ${Redacted.value(token)}` }
      const response = yield* Effect.promise(() => fetch(`${url}v1/state`, { headers }))
      const body = (yield* Effect.promise(() => response.json())) as Body
      return body.readers
    })
    const all = yield* readers(null)
    assert.sameOrderedMembers(
      all.map(({ name }) => name),
      owners.map((owner) => `of ${owner}`),
    )
    assert.hasAllKeys(all[0], ["account", "name", "cursor", "lag", "open", "savedAt"])
    assert.nestedPropertyVal(all[0], "lag.events", 3)
    assert.deepStrictEqual(
      (yield* readers([account])).map(({ name }) => name),
      [`of ${account}`],
    )
    assert.deepStrictEqual(yield* readers([]), [])
  }),
)
