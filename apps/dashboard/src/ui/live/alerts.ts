import { createSignal, type Accessor } from "solid-js"
import { address } from "../access.ts"
import { describe } from "../words/describe.ts"
import type { EventEntry } from "./entries.ts"

/** What the reader chose; kept in this browser. */
export interface AlertChoice {
  readonly enabled: boolean
  /** Cameras that stay quiet. New cameras alert, as one would expect of an alarm. */
  readonly muted: ReadonlyArray<string>
  /** After an alert its camera stays quiet for so long, in minutes. */
  readonly coolDownMinutes: number
}

const storageKey = "blink-streams.alerts"
const none: AlertChoice = { enabled: false, muted: [], coolDownMinutes: 5 }

const read = (): AlertChoice => {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "null")
    return typeof stored === "object" && stored !== null ? { ...none, ...stored } : none
  } catch {
    return none
  }
}

const [choice, setChoice] = createSignal(read())
export const alertChoice: Accessor<AlertChoice> = choice

export const chooseAlerts = (change: Partial<AlertChoice>): void => {
  const next = { ...choice(), ...change }
  setChoice(next)
  localStorage.setItem(storageKey, JSON.stringify(next))
}

/** `unsupported` where the browser has none, for example over plain http on another machine. */
export const alertPermission = (): NotificationPermission | "unsupported" =>
  "Notification" in window && "serviceWorker" in navigator ? Notification.permission : "unsupported"

/** Asks the browser; only ever called from a click. */
export const askForAlerts = async (): Promise<NotificationPermission> => {
  const permission = await Notification.requestPermission()
  chooseAlerts({ enabled: permission === "granted" })
  return permission
}

/** Shows motion and presses as notifications of the system, one per camera and cool-down. */
export const createAlerts = (): ((entry: EventEntry) => void) => {
  const lastAt = new Map<string, number>()
  return (entry) => {
    const { enabled, muted, coolDownMinutes } = choice()
    if (!enabled || alertPermission() !== "granted" || entry.camera === null || muted.includes(entry.camera))
      return
    const now = Date.now()
    if (now - (lastAt.get(entry.camera) ?? 0) < coolDownMinutes * 60_000) return
    lastAt.set(entry.camera, now)
    const shown = navigator.serviceWorker.ready.then((registration) =>
      registration.showNotification(entry.event.subject.name ?? "Camera", {
        body: describe(entry.event).text,
        tag: entry.camera!,
        icon: address("icon-192.png"),
        data: address("#/timeline"),
      }),
    )
    // A notification that the system refuses is no reason to disturb the page: the feed shows the event anyway.
    shown.catch(() => undefined)
  }
}
