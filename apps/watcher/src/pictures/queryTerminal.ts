import { once } from "node:events"

/** DA1: what the terminal calls itself, or "" when it says nothing in time. */
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
