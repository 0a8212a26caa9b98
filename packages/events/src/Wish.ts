/** What a home can be asked to do, for those who command it without knowing the cloud. */
export { Wish } from "@blink-streams/core/Wish"
