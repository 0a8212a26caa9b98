import { fit } from "@blink-streams/watcher/lines"

const columns = 24

/** A progress bar on standard error; writes nothing when standard error is not a terminal. */
export const progressBar = (label: string) => {
  const isVisible = process.stderr.isTTY
  let drawn = ""
  const draw = (text: string): void => {
    if (text === drawn) return
    drawn = text
    process.stderr.write(`\r\u001B[K${text}`)
  }
  return {
    update: (done: number, total: number | null): void => {
      if (!isVisible) return
      const filled = total === null || total === 0 ? 0 : Math.round((done / total) * columns)
      const amount =
        total === null
          ? `${Math.round(done / 1024)} kB`
          : `${Math.round((done / Math.max(1, total)) * 100)} %`
      draw(`${fit(label, 40)} ${"█".repeat(filled)}${"░".repeat(columns - filled)} ${amount}`)
    },
    end: (): void => {
      if (isVisible && drawn !== "") process.stderr.write("\r\u001B[K")
    },
  }
}
