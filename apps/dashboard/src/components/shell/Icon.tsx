/** SVG paths on a 16 × 16 grid. */
const paths = {
  shield: "M8 1.8 13.2 4v4c0 3.2-2.2 5.2-5.2 6.4C5 13.2 2.8 11.2 2.8 8V4Z M5.7 8l1.7 1.7L10.5 6.4",
  shieldOff: "M8 1.8 13.2 4v4c0 3.2-2.2 5.2-5.2 6.4C5 13.2 2.8 11.2 2.8 8V4Z",
  question: "M5.8 6a2.2 2.2 0 1 1 3.4 1.9C8.4 8.4 8 8.8 8 9.7 M8 12.3v.2",
  motion:
    "M9.7 2.7a1.1 1.1 0 1 0 0 .01 M4 8.2 6.6 5.6l2.4.5L7.4 9.6l2 1.9v3 M7 10.2 6 12.2l-2.4 1.2 M9 6.3l1.5 1.9 2 .4",
  bell: "M3.7 11.2h8.6L11.2 9.5V7a3.2 3.2 0 0 0-6.4 0v2.5Z M6.9 13.2h2.2",
  bellOff: "M3.7 11.2h8.6L11.2 9.5V7a3.2 3.2 0 0 0-6.4 0v2.5Z M6.9 13.2h2.2 M2.5 2.5l11 11",
  clip: "M2.3 3.8h7.9v8.4H2.3Z M10.2 7l3.5-2v6l-3.5-2",
  picture: "M2.3 3.3h11.4v9.4H2.3Z M2.6 11.2 6 7.9l2.5 2.4 1.9-1.7 3 2.6 M10.6 6.1v.1",
  wifi: "M2 6.4a8.6 8.6 0 0 1 12 0 M4.2 8.9a5.4 5.4 0 0 1 7.6 0 M6.4 11.3a2.3 2.3 0 0 1 3.2 0 M8 13.3v.1",
  battery: "M1.8 5.3h10.4v5.4H1.8Z M14.2 7v2",
  temperature: "M9.5 9.3V3.2a1.5 1.5 0 0 0-3 0v6.1a2.9 2.9 0 1 0 3 0Z M8 7v4",
  plus: "M8 3v10 M3 8h10",
  minus: "M3 8h10",
  close: "M4 4l8 8 M12 4l-8 8",
  check: "M3 8.5 6.5 12 13 4.5",
  camera: "M2.3 4.5h11.4v7.9H2.3Z M8 6.2a2.2 2.2 0 1 0 .01 0 M5.7 4.4l.8-1.4h3l.8 1.4",
  mini: "M4 2.5h8v7.4H4Z M8 4.5a1.7 1.7 0 1 0 .01 0 M8 10v2.5 M5 13.5h6",
  doorbell: "M5 1.8h6v12.4H5Z M8 3.9a1.3 1.3 0 1 0 .01 0 M8 9.1a1.5 1.5 0 1 0 .01 0",
  command: "M3 4.5 6.5 8 3 11.5 M8.5 11.5H13",
  person: "M8 2.5a2.6 2.6 0 1 0 .01 0 M2.9 13.7c.5-3 2.5-4.2 5.1-4.2s4.6 1.2 5.1 4.2",
  pulse: "M1.5 8.5h3l2-5 3 9 2-4h3",
  gap: "M2 8h2.5 M6.7 8h2.6 M11.5 8H14",
  play: "M5 3v10l8-5Z",
  pause: "M5.5 3.5v9 M10.5 3.5v9",
  live: "M8 6.6a1.4 1.4 0 1 0 .01 0 M5.2 11a4.2 4.2 0 0 1 0-6 M10.8 5a4.2 4.2 0 0 1 0 6 M3 13.2a7.3 7.3 0 0 1 0-10.4 M13 2.8a7.3 7.3 0 0 1 0 10.4",
  download: "M8 2.5v8 M4.7 7.5 8 10.8l3.3-3.3 M3 13.5h10",
  trash: "M3 4.5h10 M6 4.3V2.8h4v1.5 M4.2 4.5l.6 8.9h6.4l.6-8.9",
  left: "M10 3 5 8l5 5",
  right: "M6 3l5 5-5 5",
  home: "M2.3 7.5 8 2.5l5.7 5 M4 6.5v7h8v-7",
  list: "M2.5 4h1 M6 4h7.5 M2.5 8h1 M6 8h7.5 M2.5 12h1 M6 12h7.5",
} as const

export type IconName = keyof typeof paths

/** A decorative icon, hidden from screen readers: the text beside it or the label of its button has the meaning. */
export const Icon = (props: { readonly name: IconName; readonly class?: string }) => (
  <svg class={`icon ${props.class ?? ""}`} viewBox="0 0 16 16" aria-hidden="true">
    <path d={paths[props.name]} />
  </svg>
)
