import { Schema } from "effect"

const sentences: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is taken by another program",
  EACCES: "this user may not use that port",
  EADDRNOTAVAIL: "this machine has no such address",
  TOKEN_NEEDED: "others could connect there, so a token has to be set first",
}

/** The server can't listen there. */
export class ListenFailed extends Schema.TaggedError<ListenFailed>()("ListenFailed", {
  /** `127.0.0.1:25465`, or the path of a Unix socket. */
  address: Schema.String,
  /** The system's word (`EADDRINUSE`, `EACCES`, …), or `TOKEN_NEEDED`. */
  code: Schema.String,
}) {
  override get message(): string {
    return `can't listen on ${this.address}: ${sentences[this.code] ?? this.code}`
  }
}
