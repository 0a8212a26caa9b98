import { describeEvent } from "@blink-streams/model/presentation"
import { createSignal, type Accessor } from "solid-js"
import { pageUrl } from "../api/page.ts"
import type { EventEntry } from "./logEntries.ts"

/** Settings of the notifications, stored in this browser. */
export interface NotificationSettings {
  readonly enabled: boolean
  /** Keys of cameras without notifications. New cameras notify by default. */
  readonly muted: ReadonlyArray<string>
  /** Minimum minutes between two notifications of one camera. Default: 5. */
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

/** `unsupported` where the browser offers none, for example over plain HTTP from another machine. */
export const notificationPermission = (): NotificationPermission | "unsupported" =>
  "Notification" in window && "serviceWorker" in navigator ? Notification.permission : "unsupported"

/** Shows the browser's permission dialog. Browsers require a user gesture: call it from a click handler. */
export const requestNotificationPermission = async (): Promise<NotificationPermission> => {
  const permission = await Notification.requestPermission()
  updateNotificationSettings({ enabled: permission === "granted" })
  return permission
}

/** Returns a listener that shows system notifications for motion and doorbell presses, at most one per camera and cool-down. */
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
        icon: pageUrl("icon-192.png"),
        data: pageUrl("#/timeline"),
      }),
    )
    // Ignored when the system rejects the notification: the feed shows the event.
    notification.catch(() => undefined)
  }
}
