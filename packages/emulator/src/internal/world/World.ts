import type { Scheduler } from "./Scheduler.ts"
import type { LiveView } from "./liveview.ts"
import type { Seed } from "./seed.ts"
import type { Settings } from "../../Settings.ts"

/** The family decides the paths of a camera, its array in the homescreen and the shape of its answers. */
export type CameraKind = "camera" | "owl" | "doorbell"

/** A still: its place in the address is the second it was taken in. */
export interface Thumbnail {
  readonly takenAt: number
  readonly cameraName: string
}

export interface Camera {
  readonly id: number
  readonly kind: CameraKind
  /** The vendor's word for the product, such as `sedona`. */
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
  /** Degrees Fahrenheit, calibrated. */
  temperature: number
  /** 0 to 5. */
  wifiBars: number
  lfrBars: number
  firmware: string
  updatedAt: number
  snoozedUntil: number | null
  /** A deaf camera is listed as online and answers no command. */
  unresponsive: boolean
  lightOn: boolean
  temperatureAlert: boolean
  /** What a client wrote over the settings that the emulator invents. */
  readonly settings: Record<string, unknown>
  readonly thumbnails: Array<Thumbnail>
  recordingUntil: number
  liveSeconds: number
  clipSeconds: number
}

export interface StoredClip {
  /** Another one after every restart of the hub. */
  id: string
  readonly cameraName: string
  readonly createdAt: number
  readonly seconds: number
  /** The item in the cloud that shows the same moment, whose picture the USB copy shares. */
  readonly mediaId: number
  /** Known to the cloud's list only now: a hub lists what it has written. */
  readonly visibleAt: number
  deletedAt: number | null
  uploadedAt: number | null
}

export interface UsbStorage {
  state: "active" | "unmounted"
  readonly clips: Array<StoredClip>
  /** Those made since the hub's last start, by the command that asked for them. */
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
  /** Counts its changes: two of them may come in one instant. */
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
  /** Unknown to every list before. */
  readonly visibleAt: number
  /** Listed as `partial` before. */
  readonly completeAt: number
  readonly eventId: number | null
  watchedAt: number | null
  deletedAt: number | null
  /** Deleted by the cloud itself, as after the retention period. */
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
  /** Stages reached, with their time, in order; those ahead of now are still to come. */
  readonly stages: ReadonlyArray<{ readonly stage: CommandStage; readonly at: number }>
  /** Null when nobody will ever answer: the hub is offline or the camera deaf. */
  readonly doneAt: number | null
  readonly failure: { readonly code: number; readonly message: string } | null
  readonly children: Array<Command>
  readonly parent: number | null
  /** Live views end here, when a client says `done` or falls silent. */
  endedAt: number | null
  lastPolledAt: number
  mediaId: number | null
  readonly requestedBy: string
  readonly sequence: number
}

/** An install as the account lists it. The cloud calls it a client. */
export interface Registration {
  readonly id: number
  readonly account: Account
  readonly uniqueId: string
  readonly name: string
  readonly createdAt: number
  updatedAt: number
  verified: boolean
  /** Signs in without a code. */
  trusted: boolean
  removed: boolean
  /** A person struck it off the account's list, where signing out only ends it. */
  removedByUser: boolean
  /** May see and change the account's list of clients. */
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
  /** In the order of their ids. */
  readonly media: Array<MediaItem>
  readonly registrations: Array<Registration>
  readonly notifications: Record<string, boolean>
  retentionDays: number
  temperatureUnits: "f" | "c"
  /** Tells newer cameras' pictures as the bare second, from which clients make the address. */
  readonly bareThumbnails: boolean
  /** Times of sign-ins refused and granted within the last hour. */
  readonly failedSignIns: Array<number>
  readonly successfulSignIns: Array<number>
  lockedUntil: number
}

/** A sign-in between its first page and its code, found again by its cookie. */
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
  /** The person wants no code on this install next time. */
  remember: boolean
  codeSentAt: number
}

export interface AuthorizationCode {
  readonly signIn: SignIn
  readonly account: Account
  readonly issuedAt: number
  used: boolean
}

/** Everything there is. Plain data, changed only by the functions beside this file, each at a time it is given. */
export interface World {
  readonly seed: Seed
  readonly settings: Settings
  readonly startedAt: number
  readonly scheduler: Scheduler
  readonly accounts: Map<number, Account>
  readonly networks: Map<number, Network>
  readonly syncModules: Map<number, SyncModule>
  /** By kind and id, for a camera and an owl may share a number. */
  readonly cameras: Map<string, Camera>
  readonly media: Map<number, MediaItem>
  readonly commands: Map<number, Command>
  /** The newest command of each lane: a hub does one thing at a time, a device without a hub is its own lane. */
  readonly commandQueues: Map<string, Command>
  readonly sessions: Map<string, Session>
  readonly refreshTokens: Map<string, RefreshToken>
  readonly signIns: Map<string, SignIn>
  readonly authorizationCodes: Map<string, AuthorizationCode>
  readonly liveviews: Map<string, LiveView>
  /** Where the relay of live views listens. */
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
