import { Schema } from "effect"

const sentences: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is taken by another program",
  EACCES: "this user may not use that port",
  EADDRNOTAVAIL: "this machine has no such address",
  TOKEN_NEEDED: "others could connect there, so a token has to be set first",
}

/** The server can't listen there. */
export class ListenFailed extends Schema.TaggedError<ListenFailed>()("ListenFailed", {
  /** The path, for a Unix socket. */
  host: Schema.String,
  port: Schema.Int,
  /** The system's word (`EADDRINUSE`, `EACCES`, …), or `TOKEN_NEEDED`. */
  code: Schema.String,
}) {
  override get message(): string {
    return `can't listen on ${this.host}:${this.port}: ${sentences[this.code] ?? this.code}`
  }
}
