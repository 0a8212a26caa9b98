/**
 * Priority of a request. It decides which waiting request is sent first and which may use the last requests
 * of an hour. `followUp` polls a command; the vendor's app does so every second, so it is not counted.
 */
export type Priority = "followUp" | "command" | "poll" | "media" | "housekeeping"
