import { createSignal, type Accessor } from "solid-js"
import { resolveUrl } from "../api/http.ts"
import { describeEvent } from "../format/describeEvent.ts"
import type { EventEntry } from "./logEntries.ts"

/** What the reader chose; kept in this browser. */
export interface NotificationSettings {
  readonly enabled: boolean
  /** Cameras that stay quiet. New cameras alert, as one would expect of an alarm. */
  readonly muted: ReadonlyArray<string>
  /** After an alert its camera stays quiet for so long, in minutes. */
  readonly coolDownMinutes: number
}

const storageKey = "blink-streams.alerts"
const defaults: NotificationSettings = { enabled: false, muted: [], coolDownMinutes: 5 }

const readSettings = (): NotificationSettings => {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "null")
    return typeof stored === "object" && stored !== null ? { ...defaults, ...stored } : defaults
  } catch {
    return defaults
  }
}

const [settings, setSettings] = createSignal(readSettings())
export const notificationSettings: Accessor<NotificationSettings> = settings

export const updateNotificationSettings = (change: Partial<NotificationSettings>): void => {
  const next = { ...settings(), ...change }
  setSettings(next)
  localStorage.setItem(storageKey, JSON.stringify(next))
}

/** `unsupported` where the browser has none, for example over plain http on another machine. */
export const notificationPermission = (): NotificationPermission | "unsupported" =>
  "Notification" in window && "serviceWorker" in navigator ? Notification.permission : "unsupported"

/** Asks the browser; only ever called from a click. */
export const requestNotificationPermission = async (): Promise<NotificationPermission> => {
  const permission = await Notification.requestPermission()
  updateNotificationSettings({ enabled: permission === "granted" })
  return permission
}

/** Shows motion and presses as notifications of the system, one per camera and cool-down. */
export const createNotifier = (): ((entry: EventEntry) => void) => {
  const lastAt = new Map<string, number>()
  return (entry) => {
    const { enabled, muted, coolDownMinutes } = settings()
    if (
      !enabled ||
      notificationPermission() !== "granted" ||
      entry.camera === null ||
      muted.includes(entry.camera)
    )
      return
    const now = Date.now()
    if (now - (lastAt.get(entry.camera) ?? 0) < coolDownMinutes * 60_000) return
    lastAt.set(entry.camera, now)
    const notification = navigator.serviceWorker.ready.then((registration) =>
      registration.showNotification(entry.event.subject.name ?? "Camera", {
        body: describeEvent(entry.event).text,
        tag: entry.camera!,
        icon: resolveUrl("icon-192.png"),
        data: resolveUrl("#/timeline"),
      }),
    )
    // A notification that the system refuses is no reason to disturb the page: the feed shows the event anyway.
    notification.catch(() => undefined)
  }
}
