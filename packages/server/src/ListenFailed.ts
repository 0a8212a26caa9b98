import { Schema } from "effect"

const explanations: Readonly<Record<string, string>> = {
  EADDRINUSE: "the address is in use by another program",
  EACCES: "permission denied",
  EADDRNOTAVAIL: "this machine has no such address",
  TOKEN_NEEDED: "create a token first: other machines could connect",
}

/** The server cannot listen on its address. */
export class ListenFailed extends Schema.TaggedError<ListenFailed>()("ListenFailed", {
  /** Host, or the path of a Unix socket. */
  host: Schema.String,
  /** Port; 0 for a Unix socket. */
  port: Schema.Int,
  /** Error code of the operating system (`EADDRINUSE`, `EACCES`), or `TOKEN_NEEDED`. */
  code: Schema.String,
}) {
  override get message(): string {
    const address = this.host.includes("/") ? this.host : `${this.host}:${this.port}`
    return `can't listen on ${address}: ${explanations[this.code] ?? this.code}`
  }
}
