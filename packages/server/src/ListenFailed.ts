import { Schema } from "effect"

const explanations: Readonly<Record<string, string>> = {
  EADDRINUSE: "it is taken by another program",
  EACCES: "this user may not use it",
  EADDRNOTAVAIL: "this machine has no such address",
  TOKEN_NEEDED: "others could connect there, so a token has to be set first",
}

/** The server can't listen there. */
export class ListenFailed extends Schema.TaggedError<ListenFailed>()("ListenFailed", {
  /** The path, for a Unix socket. */
  host: Schema.String,
  /** 0 for a Unix socket. */
  port: Schema.Int,
  /** The system's word (`EADDRINUSE`, `EACCES`, …), or `TOKEN_NEEDED`. */
  code: Schema.String,
}) {
  override get message(): string {
    const address = this.host.includes("/") ? this.host : `${this.host}:${this.port}`
    return `can't listen on ${address}: ${explanations[this.code] ?? this.code}`
  }
}
