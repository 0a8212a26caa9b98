import { once } from "node:events"

/** Sends DA1 (primary device attributes) and returns the reply, or "" without a reply within 150 ms. */
export const queryTerminal = async (): Promise<string> => {
  const { stdin, stdout } = process
  if (!stdin.isTTY) return ""
  const response = once(stdin, "data", { signal: AbortSignal.timeout(150) }).then(
    ([data]) => String(data),
    () => "",
  )
  stdin.setRawMode(true)
  stdout.write("\u001B[c")
  const reply = await response
  stdin.setRawMode(false)
  stdin.pause()
  return reply
}
