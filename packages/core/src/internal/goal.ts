import type { Camera, Snapshot } from "@blink-streams/model/Snapshot"
import type { Wish } from "../Wish.ts"

/** What a look at the home must show for a wish to have come true; `null` where looks show nothing of it. */
export type Goal = (snapshot: Snapshot) => boolean

export const cameraIn = (snapshot: Snapshot, wish: Wish): Camera | undefined =>
  "camera" in wish
    ? snapshot.cameras.find(({ kind, id }) => kind === wish.kind && id === wish.camera)
    : undefined

export const goalOf = (wish: Wish): Goal | null => {
  switch (wish.name) {
    case "arm":
    case "disarm": {
      const wanted = wish.name === "arm" ? "armed" : "disarmed"
      return ({ networks }) => networks.find(({ id }) => id === wish.network)?.arm === wanted
    }
    case "enable":
      return (snapshot) => cameraIn(snapshot, wish)?.detection === "on"
    case "disable":
      return (snapshot) => cameraIn(snapshot, wish)?.detection === "off"
    case "snooze":
    case "unsnooze":
      // Where the cloud does not say whether a camera is silenced, nothing can be verified.
      return (snapshot) =>
        (cameraIn(snapshot, wish)?.snoozed ?? wish.name === "snooze") === (wish.name === "snooze")
    default:
      return null
  }
}
