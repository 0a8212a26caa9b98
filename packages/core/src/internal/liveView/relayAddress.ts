/** Address of a live view's relay, parsed from the cloud's `server`. */
export interface RelayAddress {
  readonly host: string
  readonly port: number
  readonly connection: string
  readonly serial: string
  readonly clientId: number
}

/** Parses `immis://host:port/CONNECTION__IMDS_SERIAL?client_id=N`; returns `null` for any other form. */
export const parseRelay = (server: string): RelayAddress | null => {
  const match = /^immis:\/\/([^/:]+):(\d+)\/([^_?]+(?:_[^_?]+)*)__IMDS_([^?]*)\?(?:.*&)?client_id=(\d+)/.exec(
    server,
  )
  if (match === null) return null
  const [, host, port, connection, serial, clientId] = match
  return {
    host: host!,
    port: Number(port),
    connection: connection!,
    serial: serial!,
    clientId: Number(clientId),
  }
}
