/** Prints the result of a command: `value` as one line of JSON with `--json`, else `text`. */
export const printResult = (json: boolean | undefined, value: unknown, text: string): void => {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`)
}
