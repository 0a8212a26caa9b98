import type { Scheduler } from "./Scheduler.ts"
import type { Seed } from "./seed.ts"
import type { EmulatorSettings } from "../../EmulatorSettings.ts"

/** The kind determines the paths of a camera, its array in the homescreen and the shape of its responses. */
export type CameraKind = "camera" | "owl" | "doorbell"

/** A thumbnail. Its address contains the second in which it was taken. */
export interface Thumbnail {
  readonly takenAt: number
  readonly cameraName: string
}

export interface Camera {
  readonly id: number
  readonly kind: CameraKind
  /** The vendor's name of the product, such as `sedona`. */
  readonly type: string
  readonly network: Network
  readonly serial: string
  readonly color: string | null
  readonly unitNumber: number
  readonly createdAt: number
  name: string
  enabled: boolean
  online: boolean
  battery: "ok" | "low"
  /** 0 to 3. */
  batteryBars: number
  /** Degrees Fahrenheit after calibration. */
  temperature: number
  /** 0 to 5. */
  wifiBars: number
  lfrBars: number
  firmware: string
  updatedAt: number
  snoozedUntil: number | null
  /** Listed as online, but completes no command. */
  unresponsive: boolean
  lightOn: boolean
  temperatureAlert: boolean
  /** Settings that a client has written; they override the invented ones. */
  readonly settings: Record<string, unknown>
  readonly thumbnails: Array<Thumbnail>
  recordingUntil: number
  liveSeconds: number
  clipSeconds: number
}

export interface StoredClip {
  /** Changes with every restart of the sync module. */
  id: string
  readonly cameraName: string
  readonly createdAt: number
  readonly seconds: number
  /** Media item of the same recording in the cloud. */
  readonly mediaId: number
  /** Earliest time at which a manifest lists the clip. */
  readonly visibleAt: number
  deletedAt: number | null
  uploadedAt: number | null
}

export interface UsbStorage {
  state: "active" | "unmounted"
  readonly clips: Array<StoredClip>
  /** Manifests since the last start of the sync module, by the id of their command. */
  readonly manifests: Map<number, { readonly manifestId: string; readonly clips: ReadonlyArray<StoredClip> }>
  manifestCount: number
}

export interface SyncModule {
  readonly id: number
  readonly network: Network
  readonly serial: string
  readonly type: "sm1" | "sm2"
  readonly subtype: string
  readonly createdAt: number
  name: string
  online: boolean
  statusSince: number
  wifiBars: number
  firmware: string
  readonly storage: UsbStorage | null
}

export interface ScheduleEntry {
  readonly dow: ReadonlyArray<string>
  readonly devices: ReadonlyArray<number>
  readonly time: string
  readonly action: "arm" | "disarm"
}

export interface Program {
  readonly id: number
  readonly createdAt: number
  updatedAt: number
  name: string
  enabled: boolean
  schedule: ReadonlyArray<ScheduleEntry>
  /** Increases with each change, since two changes may have the same time. */
  revision: number
}

export interface Network {
  readonly id: number
  readonly account: Account
  readonly createdAt: number
  readonly key: string
  name: string
  timeZone: string
  dst: boolean
  liveviewMode: string
  liveviewSave: boolean
  armed: boolean
  updatedAt: number
  syncModule: SyncModule | null
  readonly cameras: Array<Camera>
  readonly programs: Array<Program>
  readonly events: Array<NetworkEvent>
}

export interface NetworkEvent {
  readonly id: number
  readonly type: string
  readonly createdAt: number
  readonly notified: boolean
  readonly commandId: number | null
  readonly camera: Camera | null
  media: MediaItem | null
}

export interface MediaItem {
  readonly id: number
  readonly camera: Camera
  readonly source: string
  readonly createdAt: number
  readonly seconds: number
  /** Earliest time at which a list shows the item. */
  readonly visibleAt: number
  /** Until then the item is listed as `partial`. */
  readonly completeAt: number
  readonly eventId: number | null
  watchedAt: number | null
  deletedAt: number | null
  /** Deleted by the cloud, as after the retention period. */
  purged: boolean
  favorite: boolean
}

export type CommandStage = "rest" | "cs_sent" | "sm" | "dev" | "is" | "lv" | "vs"

export interface Command {
  readonly id: number
  readonly type: string
  readonly network: Network
  readonly camera: Camera | null
  readonly targetsCamera: boolean
  readonly createdAt: number
  /** Stages with their times, ascending. Those after the present time are still to come. */
  readonly stages: ReadonlyArray<{ readonly stage: CommandStage; readonly at: number }>
  /** Null when the command never completes: the sync module is offline or the camera is unresponsive. */
  readonly doneAt: number | null
  readonly failure: { readonly code: number; readonly message: string } | null
  readonly children: Array<Command>
  readonly parent: number | null
  /** End of a live view: a client has sent `done`. */
  endedAt: number | null
  lastPolledAt: number
  mediaId: number | null
  readonly requestedBy: string
  readonly sequence: number
}

export interface LiveView {
  /** Identifies the session in the relay's address and in the handshake. */
  readonly connectionId: string
  readonly clientId: number
  readonly token: string
  readonly serial: string
  readonly command: Command
}

/** An install of an app that has signed in. The cloud calls it a client. */
export interface Registration {
  readonly id: number
  readonly account: Account
  readonly uniqueId: string
  readonly name: string
  readonly createdAt: number
  updatedAt: number
  verified: boolean
  /** Signs in without a second factor. */
  trusted: boolean
  removed: boolean
  /** Removed from the account's list by the user. Signing out sets `removed` only. */
  removedByUser: boolean
  /** Has entered the PIN that the account's list of clients requires. */
  controlPanel: boolean
  notificationKey: string | null
  readonly dialect: "legacy" | "oauth"
  failedPinAttempts: number
  options: string
}

export interface Session {
  readonly token: string
  readonly registration: Registration
  readonly dialect: "legacy" | "oauth"
  /** Same for all tokens of one sign-in. */
  readonly family: string
  expiresAt: number
  revoked: boolean
}

export interface RefreshToken {
  readonly token: string
  readonly family: string
  readonly registration: Registration
  expiresAt: number
  used: boolean
  revoked: boolean
}

export interface Account {
  readonly id: number
  readonly userId: number
  readonly email: string
  readonly password: string
  readonly pin: string
  readonly createdAt: number
  readonly networks: Array<Network>
  /** In the order of their creation. */
  readonly media: Array<MediaItem>
  readonly registrations: Array<Registration>
  readonly notifications: Record<string, boolean>
  retentionDays: number
  temperatureUnits: "f" | "c"
  /** Lists thumbnails of newer cameras as a number of seconds, from which a client builds the address. */
  readonly timestampThumbnails: boolean
  /** Times of failed sign-ins within the last 10 minutes and of successful ones within the last hour. */
  readonly failedSignIns: Array<number>
  readonly successfulSignIns: Array<number>
  lockedUntil: number
}

/** An OAuth sign-in between its first page and its authorization code, identified by a cookie. */
export interface SignIn {
  readonly id: string
  readonly csrf: string
  readonly startedAt: number
  readonly clientId: string
  readonly redirectUri: string
  readonly challenge: string
  readonly state: string | null
  readonly hardwareId: string
  account: Account | null
  stage: "password" | "code" | "done"
  failedCodes: number
  /** The user wants no second factor on this install next time. */
  remember: boolean
  codeSentAt: number
}

interface AuthorizationCode {
  readonly signIn: SignIn
  readonly account: Account
  readonly issuedAt: number
  used: boolean
}

/** State of the emulated cloud: plain data. The functions in this folder change it, each at a time that it is given. */
export interface World {
  readonly seed: Seed
  readonly settings: EmulatorSettings
  readonly startedAt: number
  readonly scheduler: Scheduler
  readonly accounts: Map<number, Account>
  readonly networks: Map<number, Network>
  readonly syncModules: Map<number, SyncModule>
  /** By `cameraKey`, because a camera and an owl may share an id. */
  readonly cameras: Map<string, Camera>
  readonly media: Map<number, MediaItem>
  readonly commands: Map<number, Command>
  /** Newest command of each queue. A sync module runs one command at a time; a device without one has its own queue. */
  readonly commandQueues: Map<string, Command>
  readonly sessions: Map<string, Session>
  readonly refreshTokens: Map<string, RefreshToken>
  readonly signIns: Map<string, SignIn>
  readonly authorizationCodes: Map<string, AuthorizationCode>
  readonly liveviews: Map<string, LiveView>
  /** Port of the live view relay. */
  readonly relayPort: number
  readonly counters: {
    account: number
    camera: number
    owl: number
    doorbell: number
    media: number
    command: number
    token: number
    registration: number
    stored: number
    program: number
  }
}

export const cameraKey = (kind: CameraKind, id: number): string => `${kind}:${id}`
