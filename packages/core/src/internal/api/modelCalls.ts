import type { ClipId, NetworkId } from "@blink-streams/model"
import { Effect } from "effect"
import { BlinkConfig } from "../../BlinkConfig.ts"
import { blinkError } from "../../BlinkError.ts"
import { NotSupported } from "../../Reason.ts"
import { legacy, oauth } from "../endpoints/catalog.ts"
import { AuthorizedClient } from "../http/AuthorizedClient.ts"
import { toArmSchedules } from "../toModel/armSchedules.ts"
import { toLegacyEvent } from "../toModel/legacyEvent.ts"

/** Requests by the model: schedules, the legacy event list, and the deletion of clips. */
export const makeModelCalls = Effect.gen(function* () {
  const { dialect } = yield* BlinkConfig
  const { send } = yield* AuthorizedClient

  const deleteClips = Effect.fn("BlinkApi.deleteClips")(function* (clips: ReadonlyArray<ClipId>) {
    const ids = clips.map(Number)
    if (!ids.every((id) => Number.isSafeInteger(id))) {
      const detail = "a clip on USB storage is not in the cloud"
      return yield* blinkError("deleteClip", new NotSupported({ detail }), "no")
    }
    if (dialect === "oauth")
      return yield* Effect.asVoid(send(oauth.deleteMedia, { body: { media_list: ids } }))
    return yield* Effect.forEach(ids, (media) => send(legacy.deleteVideo, { media }), { discard: true })
  })

  const schedules = Effect.fn("BlinkApi.schedules")(function* (network: NetworkId) {
    const { value } = yield* send(oauth.programs, { network })
    return value.flatMap(toArmSchedules)
  })

  const legacyEvents = Effect.fn("BlinkApi.legacyEvents")(function* (network: NetworkId) {
    const { value } = yield* send(legacy.events, { network })
    return (value.event ?? []).map(toLegacyEvent)
  })

  return { deleteClips, schedules, legacyEvents }
})
