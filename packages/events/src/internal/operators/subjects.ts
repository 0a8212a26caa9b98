import type { CameraKind, Subject } from "@blink-streams/model"

export interface WithSubject {
  readonly subject: Subject
}

/** True for what concerns a camera. Camera ids are unique per kind only. */
export const isOfCamera =
  (camera: { readonly kind: CameraKind; readonly id: number }) =>
  ({ subject }: WithSubject): boolean =>
    subject.camera === camera.id && subject.kind === camera.kind

/** True for what concerns a network, its sync module or its cameras. */
export const isOfNetwork =
  (network: number) =>
  ({ subject }: WithSubject): boolean =>
    subject.network === network
